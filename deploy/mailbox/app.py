"""The local mailbox: takes mail by SMTP, shows it as pages and as JSON.

For one machine only. Production points `SMTP_URL` at a real server and nothing else changes.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware

from deploy.mailbox import pages
from deploy.mailbox.box import Box
from deploy.mailbox.settings import MailboxSettings
from deploy.mailbox.smtp import catching
from deploy.mailbox.views import ListView, MailView, SummaryView

To = Annotated[str | None, Query(max_length=320, description="Only mail to this address.")]


def make_app(settings: MailboxSettings) -> FastAPI:
    """Build the mailbox; mail is taken while the application runs."""
    box = Box(settings.folder)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with catching(box, host=settings.host, port=settings.smtp_port):
            yield

    app = FastAPI(title="Handoff's local mailbox", openapi_url=None, lifespan=lifespan)
    # A page elsewhere whose name was made to point here would come with a name of its own.
    hosts = [settings.host, "127.0.0.1", "localhost"]
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts)
    app.middleware("http")(_guarded)
    _add_pages(app, box)
    _add_json(app, box)
    return app


def _add_pages(app: FastAPI, box: Box) -> None:
    @app.get("/")
    async def get_list_page(to: To = None) -> HTMLResponse:
        return HTMLResponse(pages.list_page(box.newest(to=to), to=to))

    @app.get("/mails/{mail_id}")
    async def get_mail_page(mail_id: str) -> HTMLResponse:
        mail = box.mail(found) if (found := _uuid(mail_id)) else None
        if mail is None:
            return HTMLResponse(pages.missing_page(), status_code=404)
        return HTMLResponse(pages.mail_page(mail))

    @app.get("/style.css")
    async def get_style() -> Response:
        return Response(pages.STYLE, media_type="text/css")


def _add_json(app: FastAPI, box: Box) -> None:
    @app.get("/messages")
    async def get_messages(to: To = None) -> ListView:
        return ListView(items=[SummaryView.of(each) for each in box.newest(to=to)])

    @app.get("/messages/{mail_id}")
    async def get_message(mail_id: UUID) -> MailView:
        if (mail := box.mail(mail_id)) is None:
            raise HTTPException(status_code=404, detail="There is no such mail.")
        return MailView.whole(mail)

    @app.get("/health")
    async def get_health() -> dict[str, str]:
        return {"status": "ok"}


async def _guarded(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await answer(request)
    response.headers.update(pages.HEADERS)
    return response


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
