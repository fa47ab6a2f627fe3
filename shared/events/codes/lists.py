"""Reads and checks the code lists that lie beside it, once for each process.

A file that is wrong in any way is refused, with one sentence that names file and code. What is
retired can no longer be chosen and is read for ever: it keeps its place and its labels.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Language = Literal["en", "es"]

PACKAGE = "shared.events.codes"

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]
Line = Annotated[str, Field(pattern=r"^\S(.*\S)?$", max_length=200)]
Number = Annotated[int, Field(ge=1)]


class CodeFileError(ValueError):
    """A list's file is wrong: one sentence names the file, the code and what is wrong."""


class UnknownCodeError(LookupError):
    """There is no such list, or no such code in it: a slip in the program."""


@dataclass(frozen=True, slots=True)
class Code:
    """One word with its labels, and in which versions of its list it can be chosen."""

    code: str
    en: str
    es: str
    since: int
    retired_in: int | None
    by_program: bool
    note: str | None

    @property
    def in_use(self) -> bool:
        return self.retired_in is None

    @property
    def can_be_chosen(self) -> bool:
        """Whether a person may send it: some codes only the program sets."""
        return self.in_use and not self.by_program

    def label(self, language: Language) -> str:
        return self.es if language == "es" else self.en


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list, in the order in which people are shown it."""

    id: str
    version: int
    description: str
    codes: tuple[Code, ...]


def code_list(list_id: str) -> CodeList:
    """Return one list.

    Raises:
        UnknownCodeError: there is no such list.
    """
    try:
        return code_lists()[list_id]
    except KeyError:
        raise UnknownCodeError(f"There is no code list {list_id}.") from None


def label(list_id: str, code: str, *, language: Language) -> str:
    """Return what people read for a code, also for one that is retired.

    Raises:
        UnknownCodeError: there is no such list, or no such code in it.
    """
    for each in code_list(list_id).codes:
        if each.code == code:
            return each.label(language)
    raise UnknownCodeError(f"The code list {list_id} has no code {code}.")


def words(list_id: str) -> frozenset[str]:
    """Return the codes in use: those not retired."""
    return frozenset(each.code for each in code_list(list_id).codes if each.in_use)


def choices(list_id: str) -> tuple[str, ...]:
    """Return the codes that a person can choose, in the order in which to show them."""
    return tuple(each.code for each in code_list(list_id).codes if each.can_be_chosen)


def is_code(list_id: str, code: str) -> bool:
    """Return whether the list has this code, in use or retired."""
    return any(each.code == code for each in code_list(list_id).codes)


@cache
def code_lists() -> Mapping[str, CodeList]:
    """Return every list that ships, by its id.

    Raises:
        CodeFileError: one of the files is wrong.
    """
    found = [entry for entry in files(PACKAGE).iterdir() if entry.name.endswith(".toml")]
    lists = [
        read_list(entry.read_text("utf-8"), file_name=entry.name)
        for entry in sorted(found, key=lambda entry: entry.name)
    ]
    return MappingProxyType({each.id: each for each in lists})


def read_list(text: str, *, file_name: str) -> CodeList:
    """Check one file and return what it says.

    Raises:
        CodeFileError: the file is wrong.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CodeFileError(f"{file_name} is no TOML: {error}.") from error
    try:
        content = _File.model_validate(raw)
    except ValidationError as error:
        raise CodeFileError(f"{file_name}, {_first(error, raw)}.") from error
    for complaint in _complaints(content, file_name):
        raise CodeFileError(f"{file_name}, {complaint}.")
    return CodeList(
        id=content.id,
        version=content.version,
        description=content.description,
        codes=tuple(Code(**each.model_dump()) for each in content.code),
    )


class _Table(BaseModel):
    """A table of the file, in which an unknown key is an error: a slip must not lose a fact."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Code(_Table):
    code: Word
    en: Line
    es: Line
    since: Number = 1
    retired_in: Number | None = None
    by_program: bool = False
    note: Line | None = None


class _File(_Table):
    id: Word
    version: Number
    description: Line
    code: Annotated[list[_Code], Field(min_length=1)]


def _first(error: ValidationError, raw: Mapping[str, Any]) -> str:
    """Say where the first mistake is, a code by its word where it has one, and what is wrong."""
    mistake = error.errors()[0]
    wrong = "is not known here" if mistake["type"] == "extra_forbidden" else mistake["msg"]
    match mistake["loc"]:
        case ("code", int(place), *field):
            entry = raw["code"][place]
            word = entry.get("code") if isinstance(entry, dict) else None
            where = [f"code {word or f'number {place + 1}'}", *map(str, field)]
        case location:
            where = [str(step) for step in location]
    return f"{' '.join(where)}: {wrong}"


def _complaints(content: _File, file_name: str) -> Iterator[str]:
    if file_name != f"{content.id}.toml":
        yield f"id: the list {content.id} belongs in {content.id}.toml"
    seen: set[str] = set()
    for each in content.code:
        if each.code in seen:
            yield f"code {each.code}: it stands twice; a retired code is never used again"
        seen.add(each.code)
        if each.since > content.version:
            yield f"code {each.code}: since {each.since}, and the list is at {content.version}"
        if each.retired_in is not None:
            yield from _of_retiring(each.code, each.since, each.retired_in, content.version)


def _of_retiring(code: str, since: int, retired_in: int, version: int) -> Iterator[str]:
    if retired_in <= since:
        yield f"code {code}: retired in {retired_in}, not after it came in {since}"
    if retired_in > version:
        yield f"code {code}: retired in {retired_in}, and the list is at {version}"
