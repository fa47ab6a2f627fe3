"""The documents are shown to people by every service, and nothing is loaded from elsewhere."""

import json
import re

import pytest

from tests.service.apps import ServiceApp

PAGES = {"/docs": "/openapi.json", "/docs/events": "/asyncapi.json"}
LOADED = re.compile(r'(?:src|href|spec-url)="([^"]*)"')


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_shows_its_document_without_a_token(
    each_service: ServiceApp, path: str
) -> None:
    page = await each_service.http.get(path)

    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert f'spec-url="{PAGES[path]}"' in page.text
    document = await each_service.http.get(PAGES[path])
    assert {"info"} <= json.loads(document.content).keys()


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_loads_only_what_the_service_itself_serves(
    each_service: ServiceApp, path: str
) -> None:
    page = await each_service.http.get(path)
    loaded = [each for each in LOADED.findall(page.text) if not each.startswith("data:")]

    assert "/docs/redoc.js" in loaded
    for each in loaded:
        assert each.startswith("/"), each
        assert (await each_service.http.get(each)).status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert 'disable-telemetry="true"' in page.text


async def test_the_events_are_those_of_all_services(each_service: ServiceApp) -> None:
    document = (await each_service.http.get("/asyncapi.json")).json()

    assert {each["x-handoff-owner"] for each in document["channels"].values()} == {
        "referral",
        "casework",
    }
