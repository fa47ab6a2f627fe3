"""Writes `docs/reference/api.md` from the kept OpenAPI documents, or checks that it is current.

`python -m deploy.api_table` writes, `--check` only compares.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.embedded.plan import SERVICES, Ports
from deploy.kept import REFERENCE, ROOT, cell, keep
from shared.policy.actor import Purpose

TABLE = REFERENCE / "api.md"

Document = Mapping[str, Any]

TOP = """# HTTP interfaces

Written by `python -m deploy.api_table` from `services/<service>/openapi.json`; do not edit by hand.

Each service describes itself while it runs: `/docs` shows every field, example and answer, and
`/openapi.json` is the same for programs. The addresses here are those of the stack on one machine.

A request carries an access token (`Authorization: Bearer ...`) and may say in `Handoff-Purpose` why
it asks: one of the purposes in the last column; the first counts when it says nothing. *Who may*
are the sentences of the policies that decide, and nobody else may. What you may not see and what is
not there give [the same answer](../explanation/forbidden-and-missing.md), 404.
"""

EVERYWHERE = """## Every service

These are the same at each of them.
"""

HEAD = "| operation | what it does | who may | purposes |\n|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    name: str
    said: Document

    @property
    def topic(self) -> str:
        topic: str = self.said["tags"][0]
        return topic

    @property
    def who(self) -> str:
        """The sentences of the policies, or that no token is needed."""
        lines = self.said["description"].splitlines()
        sentences = [each.removeprefix("- ") for each in lines if each.startswith("- ")]
        return "<br>".join(map(cell, sentences)) or cell(lines[-1])

    @property
    def purposes(self) -> str:
        stated = self.said.get("x-handoff-purposes", ())
        return "any" if set(stated) == set(Purpose) else ", ".join(f"`{each}`" for each in stated)


def render() -> str:
    """Return the whole page."""
    documents = {each: _document(each) for each in SERVICES}
    operations = {name: list(_operations(each)) for name, each in documents.items()}
    first, *others = operations.values()
    everywhere = [each for each in first if all(each in found for found in others)]
    parts = [TOP]
    for name, document in documents.items():
        own = [each for each in operations[name] if each not in everywhere]
        parts.append(_service(name, document, own))
    parts.append(EVERYWHERE)
    parts += _topics(documents[SERVICES[0]], everywhere, under="Every service: ")
    return "\n".join(parts)


def _document(service: str) -> Document:
    path = ROOT / "services" / service / "openapi.json"
    document: Document = json.loads(path.read_text("utf-8"))
    return document


def _operations(document: Document) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            yield Operation(f"{method.upper()} {path}", said)


def _service(name: str, document: Document, own: list[Operation]) -> str:
    docs = f"http://127.0.0.1:{Ports().of(name)}/docs"
    top = f"## {name}\n\n{document['info']['description']} In full: <{docs}>\n"
    return "\n".join([top, *_topics(document, own, under="")])


def _topics(document: Document, operations: list[Operation], *, under: str) -> Iterator[str]:
    for topic in document["tags"]:
        rows = [_row(each) for each in operations if each.topic == topic["name"]]
        if rows:
            title = f"### {under}{topic['name']}"
            yield "\n".join([title, "", topic["description"], "", HEAD, *rows, ""])


def _row(each: Operation) -> str:
    name = each.name.replace("/", "/<wbr>").replace(" /<wbr>", " /")  # where a long one may break
    return f"| <code>{name}</code> | {cell(each.said['summary'])} | {each.who} | {each.purposes} |"


def main() -> int:
    return keep(TABLE, render(), by="deploy.api_table")


if __name__ == "__main__":
    sys.exit(main())
