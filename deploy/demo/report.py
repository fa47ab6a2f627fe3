"""What a demo did: its steps, what was told, how long things took, and what each role could see."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Step:
    """One act of the story, and the sentences in which it was told."""

    name: str
    who: str
    what: str
    seconds: float = 0.0
    said: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """Everything about one telling; `failed` names the step that did not come true."""

    steps: list[Step] = field(default_factory=list)
    events: dict[str, int] = field(default_factory=dict)
    events_of_quarter: dict[str, int] = field(default_factory=dict)
    latencies_ms: dict[str, float] = field(default_factory=dict)
    seen: dict[str, list[str]] = field(default_factory=dict)
    feedback: list[dict[str, Any]] = field(default_factory=list)
    failed: str | None = None
    why: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def saw(self, who: str, what: str) -> None:
        """Note that *who* could see *what*, once."""
        known = self.seen.setdefault(who, [])
        if what not in known:
            known.append(what)
