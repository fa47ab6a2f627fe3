"""What is wrong with a request and how to mend it, in our own words.

Pydantic's messages are never passed on: some quote the input, which may be personal.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from string import Template
from typing import Any

# Error type of Pydantic -> what is wrong, and what to do about it. The placeholders are limits
# and choices that our own schemas state, never anything from the request.
SAYINGS: Mapping[str, tuple[str, str]] = {
    "missing": ("It is missing.", "Add it."),
    "extra_forbidden": (
        "There is no such field.",
        "Leave it out, or check its spelling against the API description.",
    ),
    "json_invalid": ("The body is not valid JSON.", "Send one JSON object, encoded as UTF-8."),
    "string_too_short": ("It is too short.", "Give at least $min_length character(s)."),
    "string_too_long": ("It is too long.", "Give at most $max_length character(s)."),
    "too_short": ("It has too few entries.", "Give at least $min_length."),
    "too_long": ("It has too many entries.", "Give at most $max_length."),
    "string_pattern_mismatch": ("It does not have the right form.", "Match $pattern."),
    "literal_error": ("It is not one of the choices.", "Use one of: $expected."),
    "enum": ("It is not one of the choices.", "Use one of: $expected."),
    "greater_than": ("It is too small.", "Give more than $gt."),
    "greater_than_equal": ("It is too small.", "Give at least $ge."),
    "less_than": ("It is too large.", "Give less than $lt."),
    "less_than_equal": ("It is too large.", "Give at most $le."),
    "uuid_version": ("It is a UUID of another version.", "Use version $expected_version."),
    "string_type": ("It is not text.", "Give a string."),
    "model_attributes_type": ("It is not an object.", "Give a JSON object."),
    "model_type": ("It is not an object.", "Give a JSON object."),
    "dict_type": ("It is not an object.", "Give a JSON object."),
    "list_type": ("It is not a list.", "Give a JSON array."),
    "code_not_chosen": (
        "It is no code to choose of the list $list_id.",
        "Use a code that GET /codes/$list_id says can be chosen.",
    ),
    "to_mend": ("It cannot be taken like this.", "$fix"),
    "timezone_aware": ("It has no time zone.", "Add the offset, as in 2026-01-31T09:30:00Z."),
}
# First word of the other error types (uuid_parsing, date_from_datetime_parsing, ...).
FORMS: Mapping[str, str] = {
    "uuid": "Give a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057.",
    "date": "Give a date such as 2026-01-31.",
    "datetime": "Give a moment with its offset, such as 2026-01-31T09:30:00Z.",
    "int": "Give a whole number.",
    "float": "Give a number.",
    "bool": "Give true or false.",
    "url": "Give a complete URL such as https://example.org/path.",
}
UNKNOWN = "See the API description of this field."
FIELD = re.compile(r"[a-z][a-z0-9_-]{0,39}")
AT_MOST = 20


def corrections(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return where each of Pydantic's *errors* is, what it is, and how to mend it."""
    return [_correction(error) for error, _ in zip(errors, range(AT_MOST), strict=False)]


def _correction(error: Mapping[str, Any]) -> dict[str, str]:
    kind = str(error["type"])
    form = FORMS.get(kind.split("_", maxsplit=1)[0], UNKNOWN)
    what, fix = SAYINGS.get(kind, ("It does not have the right form.", form))
    # Where in the text JSON breaks off is of no help to somebody who sent an object.
    location = error["loc"][:1] if kind == "json_invalid" else error["loc"]
    limits = error.get("ctx", {})
    return {
        "where": _where(location),
        "what": Template(what).safe_substitute(limits),
        "fix": Template(fix).safe_substitute(limits),
    }


def _where(location: Sequence[int | str]) -> str:
    """Return the path to a field; a name that no field of ours could have is not repeated."""
    return ".".join(
        str(step) if isinstance(step, int) or FIELD.fullmatch(step) else "(unknown)"
        for step in location
    )
