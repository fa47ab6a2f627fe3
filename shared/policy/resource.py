"""What somebody asks for, as the rules see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Resource:
    """One record, or a whole list of them; `kind` is one of the schema's types, as written there.

    `attrs` holds what the schema lists for that type besides the programme; what ends in
    `_by` is the id of an actor.
    """

    kind: str
    id: str
    programme_id: str
    attrs: Mapping[str, str] = field(default_factory=dict)
