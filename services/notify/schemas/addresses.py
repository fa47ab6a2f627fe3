"""Where somebody wants their mail."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.http.bodies import Strict
from shared.http.codes import shown_code
from shared.http.staff import ShownStaffId

# Plain ASCII, no quoting and nothing that could end a header or a command.
EmailAddress = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,180})\.[A-Za-z]{2,24}$"
    ),
]


class AddressBody(Strict):
    """An address and the language of the mail to it."""

    email: EmailAddress = Field(examples=["peer-willow@example.org"])
    language_code: Literal["en", "es"] = "en"


class AddressView(BaseModel):
    """An address as it is kept."""

    model_config = ConfigDict(from_attributes=True)

    staff_id: ShownStaffId
    email: str = Field(examples=["peer-willow@example.org"])
    language_code: Annotated[str, shown_code("languages")]
    changed_at: datetime
