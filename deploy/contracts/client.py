"""The typed client of one service, made from its OpenAPI document: bodies and operations."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from datamodel_code_generator import (
    Formatter,
    InputFileType,
    LiteralType,
    PythonVersion,
    generate,
)
from datamodel_code_generator.enums import DataModelType
from jinja2 import Environment, FileSystemLoader, StrictUndefined

Document = dict[str, Any]

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 - it writes Python
    trim_blocks=True,
    lstrip_blocks=True,
)
PLAIN = {"string": "str", "integer": "int", "boolean": "bool", "number": "float"}
FORMATS = {"uuid": "UUID", "uuid7": "UUID", "date": "date", "date-time": "datetime"}
JSON, EVENT_STREAM = "application/json", "text/event-stream"
PURPOSE = "Handoff-Purpose"
REFERENCE = "#/components/schemas/"
NO_BODY = str(HTTPStatus.NO_CONTENT.value)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that an operation takes in its path, query or headers."""

    name: str
    sent_as: str
    kind: str

    @property
    def in_url(self) -> str:
        """Return how it stands in a path: an id made by others may hold any character."""
        return f"quoted({self.name})" if self.kind == "str" else self.name


@dataclass(frozen=True, slots=True)
class Operation:
    """What the template needs of one operation."""

    name: str
    method: str
    path: str
    says: str
    purposes: tuple[str, ...]
    in_path: tuple[Parameter, ...]
    in_query: tuple[Parameter, ...]
    in_headers: tuple[Parameter, ...]
    body: str | None
    answer: str | None
    may_be_nothing: bool
    streams: bool

    @property
    def url(self) -> str:
        """Return the path as Python writes it."""
        url = self.path
        for each in self.in_path:
            url = url.replace(f"{{{each.name}}}", f"{{{each.in_url}}}")
        return f'f"{url}"' if self.in_path else f'"{url}"'


def bodies(document: Document, *, service: str) -> str:
    """Return the module of bodies that a document describes."""
    with TemporaryDirectory() as folder:
        output = Path(folder) / "bodies.py"
        generate(
            json.dumps(document),
            input_file_type=InputFileType.OpenAPI,
            output=output,
            output_model_type=DataModelType.PydanticV2BaseModel,
            target_python_version=PythonVersion.PY_311,
            enum_field_as_literal=LiteralType.All,
            formatters=[Formatter.BUILTIN],
            disable_timestamp=True,
            custom_file_header=f'"""Bodies of {service}, generated from its OpenAPI document;'
            ' do not edit."""\n',
            use_annotated=True,
            field_constraints=True,
            use_standard_collections=True,
            use_union_operator=True,
            use_schema_description=True,
            use_single_line_docstring=True,
            use_double_quotes=True,
            use_type_alias=True,
            collapse_root_models=True,
            skip_root_model=True,
            disable_future_imports=True,
        )
        return formatted(output.read_text("utf-8"))


def operations(document: Document, *, service: str) -> str:
    """Return the module with the class that has a method for each operation."""
    found = list(_operations(document))
    text = " ".join(f"{each.body} {each.answer}" for each in found)
    used = [name for name in _classes(document) if re.search(rf"\b{name}\b", text)]
    template = TEMPLATES.get_template("client.py.jinja")
    return formatted(
        template.render(
            service=service,
            about=document["info"]["description"],
            operations=found,
            bodies=used,
        )
    )


def formatted(source: str) -> str:
    """Return *source* as the project's formatter leaves it, without imports that are not used."""
    for arguments in (
        ("check", "--select", "F401,I", "--fix", "--quiet", "--ignore-noqa"),
        ("format", "--quiet"),
    ):
        source = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, "--stdin-filename", "made.py", "-"],
            input=source,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    return source


def _classes(document: Document) -> list[str]:
    return sorted({_class_name(name) for name in document["components"]["schemas"]})


def _class_name(schema: str) -> str:
    """Return the name that the generator of bodies gives to a schema: `Page[X]` is `PageX`."""
    return schema.replace("_", "")


def _operations(document: Document) -> Iterator[Operation]:
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation.get("security"):
                yield _operation(path, method.upper(), operation, schemas)


def _operation(path: str, method: str, operation: Document, schemas: Document) -> Operation:
    parameters = operation.get("parameters", [])
    [purpose] = [each for each in parameters if each["name"] == PURPOSE]
    status, response = next(
        each for each in operation["responses"].items() if each[0].startswith("2")
    )
    schema = response.get("content", {}).get(JSON, {}).get("schema", {})
    match schema:
        case {"anyOf": [kind, {"type": "null"}]}:
            schema, may_be_nothing = kind, True
        case _:
            may_be_nothing = False
    sent = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema")
    return Operation(
        name=operation["operationId"],
        method=method,
        path=path,
        says=f"{operation['summary']}.",
        purposes=tuple(purpose["schema"]["enum"]),
        in_path=_parameters(parameters, "path", schemas),
        in_query=_parameters(parameters, "query", schemas),
        in_headers=_parameters(parameters, "header", schemas),
        body=_kind(sent, schemas) if sent else None,
        answer=_kind(schema, schemas) if status != NO_BODY and schema else None,
        may_be_nothing=may_be_nothing,
        streams=EVENT_STREAM in response.get("content", {}),
    )


def _parameters(parameters: list[Document], where: str, schemas: Document) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(
            name=each["name"].replace("-", "_").lower(),
            sent_as=each["name"],
            kind=_kind(each["schema"], schemas),
        )
        for each in parameters
        if each["in"] == where and not each["name"].startswith("Handoff-")
    )


def _kind(schema: Document, schemas: Document) -> str:
    """Return a schema as a Python annotation."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(REFERENCE)
        named = schemas[name]
        return _class_name(name) if "properties" in named else _kind(named, schemas)
    if "enum" in schema:
        return f"Literal[{', '.join(repr(each) for each in schema['enum'])}]"
    if schema.get("type") == "array":
        return f"list[{_kind(schema['items'], schemas)}]"
    return FORMATS.get(schema.get("format", ""), PLAIN[schema["type"]])
