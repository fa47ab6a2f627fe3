"""What bodies of requests are made of at every service: strictness, and the name of a time zone."""

from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError


class Strict(BaseModel):
    """A body in which an unknown field is an error: a typing slip must not lose what was meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def to_mend(fix: str) -> PydanticCustomError:
    """Return an error to raise in a validator; *fix* is told to the sender, in our words alone."""
    return PydanticCustomError("to_mend", "To mend", {"fix": fix})


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise to_mend("Use a name of the time zone database, such as America/Los_Angeles.")
    return name


TimeZoneName = Annotated[
    str, AfterValidator(_known_zone), Field(max_length=100, examples=["America/Los_Angeles"])
]
