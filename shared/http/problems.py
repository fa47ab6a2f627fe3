"""Problems (RFC 9457): the one shape in which every service refuses, and how each becomes JSON.

The `type` is written out in each class, so that renaming a class never changes the API. No answer
echoes what was sent, quotes a message of a library, or shows a stack trace.
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, ClassVar, cast

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from shared.db.failures import is_busy, is_unreachable
from shared.http.invalid import corrections
from shared.observability.context import current_request_id
from shared.observability.logs import place

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2


class Problem(Exception):  # noqa: N818 - a problem is an answer, named for what it says
    """An answer that says why not; *members* are further fields of its JSON."""

    status: ClassVar[int]
    type: ClassVar[str]
    title: ClassVar[str]
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, detail: str | None = None, **members: object) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.members = members

    def body(self) -> dict[str, object]:
        body: dict[str, object] = {"type": self.type, "title": self.title, "status": self.status}
        if self.detail is not None:
            body["detail"] = self.detail
        return body | self.members

    def response(self) -> Response:
        return Response(
            orjson.dumps(self.body()), self.status, dict(self.headers), media_type=MEDIA_TYPE
        )


class BadRequest(Problem):
    status = 400
    type = "/problems/bad-request"
    title = "This request cannot be understood"


class NotVisible(Problem):
    """Missing or forbidden: the same bytes, so that nobody learns which."""

    status = 404
    type = "/problems/not-found"
    title = "There is nothing here that you may see"


class Conflict(Problem):
    """What was asked for does not fit what has happened meanwhile; each case is a subclass."""

    status = 409
    type = "/problems/conflict"
    title = "This does not fit what has happened meanwhile"


class TooLarge(Problem):
    status = 413
    type = "/problems/too-large"
    title = "The body is larger than this service accepts"


class TooDeep(BadRequest):
    type = "/problems/too-deep"
    title = "The body holds things within things more than ten levels deep; send a flatter one"


class BodyRefusedError(HTTPException):
    """A body that is refused while it is read: FastAPI makes a 400 of whatever else is raised."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.status)
        self.problem = problem


class InvalidInput(Problem):
    """A field is wrong; `errors` says of each where, what and how to mend it."""

    status = 422
    type = "/problems/invalid-input"
    title = "Something in the request needs correcting"


class Unavailable(Problem):
    status = 503
    type = "/problems/unavailable"
    title = "This cannot be done just now; nothing was changed, try again"
    headers = MappingProxyType({"Retry-After": str(RETRY_AFTER_SECONDS)})


class InternalError(Problem):
    status = 500
    type = "/problems/internal-error"
    title = "Something went wrong on our side"


SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A problem as RFC 9457 has it.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "examples": ["/problems/not-found"],
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "what", "fix"],
                "properties": {
                    "where": {"type": "string"},
                    "what": {"type": "string"},
                    "fix": {"type": "string"},
                },
            },
        },
    },
    "additionalProperties": True,
}


def problems(*classes: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of a route that may answer with *classes*."""
    responses: dict[int | str, dict[str, Any]] = {}
    for kind in classes:
        response = responses.setdefault(
            kind.status,
            {
                "description": HTTPStatus(kind.status).phrase,
                "content": {
                    MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}
                },
            },
        )
        name = kind.type.rsplit("/", maxsplit=1)[-1]
        response["content"][MEDIA_TYPE]["examples"][name] = {"value": _example(kind)}
        for header in kind.headers:
            response.setdefault("headers", {})[header] = {"schema": {"type": "string"}}
    return responses


def _example(kind: type[Problem]) -> dict[str, object]:
    if kind is InvalidInput:
        wrong = {"where": "body.pathway", "what": "It is missing.", "fix": "Add it."}
        return kind(errors=[wrong]).body()
    return kind().body()


def problem_of(error: Exception) -> Problem:
    """Return the problem that says *error* to the outside; one that nobody expected is logged."""
    if isinstance(error, Problem):
        return error
    if is_unreachable(error) or is_busy(error):
        log.warning("database_unavailable", error_type=type(error).__name__)
        return Unavailable()
    log.error("request_crashed", error_type=type(error).__name__, place=place(error))
    return InternalError(request_id=current_request_id())


def install(app: FastAPI) -> None:
    """Have *app* answer every refusal and every crash with a problem."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Problem, _any)
    app.add_exception_handler(Exception, _any)


def _any(_: Request, error: Exception) -> Response:
    return problem_of(error).response()


def _invalid(_: Request, error: Exception) -> Response:
    found = cast("RequestValidationError", error).errors()
    return InvalidInput(errors=corrections(found)).response()


def _http(_: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses: no such route, wrong method, unreadable body."""
    refused = cast("HTTPException", error)
    if isinstance(refused, BodyRefusedError):
        return refused.problem.response()
    kinds: dict[int, type[Problem]] = {400: BadRequest, 404: NotVisible, 413: TooLarge}
    if kind := kinds.get(refused.status_code):
        return kind().response()
    title = HTTPStatus(refused.status_code).phrase
    body = {"type": "about:blank", "title": title, "status": refused.status_code}
    headers = dict(refused.headers or {})
    return Response(orjson.dumps(body), refused.status_code, headers, media_type=MEDIA_TYPE)
