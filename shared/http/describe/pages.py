"""The documents as pages for people: this service's interface, and the events of all services.

Nothing is loaded from elsewhere: the renderer lies beside this module, and the policy that goes
with each page has the browser refuse whatever the renderer might want from outside.
"""

from importlib.resources import files
from string import Template

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

STATIC = files("shared.http.describe") / "static"
EVENTS = files("shared.events") / "asyncapi.json"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline';"
        " img-src 'self' data:; font-src 'self' data:; worker-src blob:;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


@router.get("/docs")
async def get_interface_page(request: Request) -> HTMLResponse:
    """Show this service's HTTP interface."""
    return _page(f"{request.app.title}: interface", "/openapi.json")


@router.get("/docs/events")
async def get_events_page() -> HTMLResponse:
    """Show the events of all services."""
    return _page("Handoff: events", "/asyncapi.json")


@router.get("/asyncapi.json")
async def get_events_document() -> Response:
    """Give the AsyncAPI document of all events."""
    return Response(EVENTS.read_bytes(), media_type="application/json")


@router.get("/docs/redoc.js")
async def get_renderer() -> Response:
    """Give the script that renders the documents."""
    return Response((STATIC / "redoc.js").read_bytes(), media_type="text/javascript")


def _page(title: str, document: str) -> HTMLResponse:
    template = Template((STATIC / "docs.html").read_text("utf-8"))
    return HTMLResponse(template.substitute(title=title, document=document), headers=HEADERS)
