"""What bodies of requests are made of at every service: strictness, and the name of a time zone."""

from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError


class Strict(BaseModel):
    """A body in which an unknown field is an error: a typing slip must not lose what was meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _no_nul(cls, value: Any) -> Any:  # noqa: ANN401 - any JSON
        """Refuse what PostgreSQL cannot keep in a text, before it becomes a failure there."""
        if _has_nul(value):
            raise to_mend("Leave out the character U+0000.")
        return value


def to_mend(fix: str) -> PydanticCustomError:
    """Return an error to raise in a validator; *fix* is told to the sender, in our words alone."""
    return PydanticCustomError("to_mend", "To mend", {"fix": fix})


def _has_nul(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_nul(each) for pair in value.items() for each in pair)
    if isinstance(value, list):
        return any(_has_nul(each) for each in value)
    return isinstance(value, str) and "\0" in value


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise to_mend("Use a name of the time zone database, such as America/Los_Angeles.")
    return name


TimeZoneName = Annotated[
    str, AfterValidator(_known_zone), Field(max_length=100, examples=["America/Los_Angeles"])
]
