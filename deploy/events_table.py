"""Writes `docs/reference/events.md` from the kept AsyncAPI document, or checks that it is current.

`python -m deploy.events_table` writes, `--check` only compares.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

from deploy.embedded.plan import SERVICES
from deploy.kept import REFERENCE, ROOT, cell, keep

TABLE = REFERENCE / "events.md"
DOCUMENT = ROOT / "shared" / "events" / "asyncapi.json"

Part = Mapping[str, Any]

TOP = """# Events

Written by `python -m deploy.events_table` from `shared/events/asyncapi.json`; do not edit by hand.

{said}
Every running service shows the same at `/docs/events`, and as one document for programs at
`/asyncapi.json`. How an event gets from one service to another is told in
[How an event travels](../explanation/how-an-event-travels.md), how to listen in
[Write a consumer](../how-to/write-a-consumer.md).
"""

HEADERS = """## What every message carries

These are its headers on NATS. In a journal and in `handoff events show` the attributes stand beside
the data, without `ce-`; the place in the journal stands beside the event.
"""

HEADERS_HEAD = "| header | what it is | always there |\n|---|---|---|"
# What the document states of each message anew, because it differs.
OF_EACH_EVENT = {
    "ce-type": "The event's name, as below.",
    "ce-source": "The service that tells it, such as `/handoff/referral`.",
}
FIELDS_HEAD = "| field | type | always there |\n|---|---|---|"


def render() -> str:
    """Return the whole page."""
    document = json.loads(DOCUMENT.read_text("utf-8"))
    channels, messages = document["channels"], document["components"]["messages"]
    parts = [TOP.format(said=document["info"]["description"]), HEADERS]
    parts.append(_headers(next(iter(messages.values()))["headers"]))
    for owner in SERVICES:
        own = {name: each for name, each in channels.items() if each["x-handoff-owner"] == owner}
        if own:
            stream = next(iter(own.values()))["x-handoff-stream"]
            parts.append(f"## Told by {owner}\n\n{len(own)} events, in the stream `{stream}`.\n")
        parts += [_event(each, messages[name]) for name, each in own.items()]
    return "\n".join(parts)


def _headers(headers: Part) -> str:
    rows = [
        f"| `{name}` | {cell(_meaning(name, each))} | {_always(name, headers)} |"
        for name, each in headers["properties"].items()
    ]
    return "\n".join([HEADERS_HEAD, *rows, ""])


def _meaning(name: str, header: Part) -> str:
    return OF_EACH_EVENT.get(name) or header.get("description") or f"`{header['const']}`"


def _event(channel: Part, message: Part) -> str:
    heard = ", ".join(f"`{each}`" for each in channel["x-handoff-consumers"]) or "nobody yet"
    more = message["description"].partition("Told by ")[0].strip()
    said = " ".join(each for each in (message["summary"], more) if each)
    example = json.dumps(message["examples"][0]["payload"], indent=2, ensure_ascii=False)
    rows = [
        f"| `{name}` | {cell(_type(each))} | {_always(name, message['payload'])} |"
        for name, each in message["payload"]["properties"].items()
    ]
    title = f"### {_short(message['name'])}\n\n`{message['name']}`: {said} Heard by: {heard}.\n"
    return "\n".join([title, FIELDS_HEAD, *rows, "", f"```json\n{example}\n```", ""])


def _short(name: str) -> str:
    """Return *name* as menus have room for it."""
    return name.removeprefix("deflection.").removesuffix(".v1")


def _type(field: Part) -> str:
    if "anyOf" in field:
        return " or ".join(_type(each) for each in field["anyOf"])
    if "enum" in field:
        return "one of " + ", ".join(f"`{each}`" for each in field["enum"])
    if field["type"] == "array":
        return f"list of {_type(field['items'])}"
    return str(field.get("format", field["type"]))


def _always(name: str, whole: Part) -> str:
    return "yes" if name in whole.get("required", ()) else "no"


def main() -> int:
    return keep(TABLE, render(), by="deploy.events_table")


if __name__ == "__main__":
    sys.exit(main())
