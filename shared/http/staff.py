"""How a member of staff is named, and as what they may work with the people of a programme."""

from typing import Annotated, Literal

from fastapi import Path
from pydantic import Field

# It stands in audit rows and events: an id as identity providers make them, and no free text.
StaffId = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}$", description="As in their tokens")
]
# As answers show them.
ShownStaffId = Annotated[str, Field(examples=["peer-willow"])]
ShownAgencyId = Annotated[str, Field(examples=["hemlock-police"])]
TeamRole = Literal["peer", "case_manager", "coordinator"]
