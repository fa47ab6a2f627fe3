"""A released table as text, with its gaps visible as gaps.

A number that is suppressed is not even kept here: it never left casework.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.notify.domain.notices import Words

HIDDEN = Words(
    "hidden (fewer than {threshold} people, or it would give away such a number)",
    "oculto (menos de {threshold} personas, o revelaría un número así)",
)
COUNTED = Words("{people}", "{people}")
SHARE = Words("{people} of {of}", "{people} de {of}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of the table; without people it is hidden."""

    label: Words
    people: int | None
    of: int | None
    percent: float | None


def as_text(cells: Sequence[Cell], *, threshold: int, language_code: str) -> str:
    """Return a line for every cell, in the order of the release."""
    return "\n".join(
        f"{cell.label.said_in(language_code)}: {_value(cell, threshold, language_code)}"
        for cell in cells
    )


def _value(cell: Cell, threshold: int, language_code: str) -> str:
    if cell.people is None and cell.percent is None:
        return HIDDEN.said_in(language_code).format(threshold=threshold)
    if cell.people is None:
        return f"{cell.percent:g} %"
    words = COUNTED if cell.of is None else SHARE
    counted = words.said_in(language_code).format(people=cell.people, of=cell.of)
    return counted if cell.percent is None else f"{counted} ({cell.percent:g} %)"
