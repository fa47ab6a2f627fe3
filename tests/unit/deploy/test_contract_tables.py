"""The pages of interfaces and events are what the kept contracts say, whole."""

import json
from pathlib import Path

import pytest

from deploy import api_table, events_table, kept
from deploy.embedded.plan import SERVICES
from deploy.kept import ROOT

ASYNCAPI = json.loads((ROOT / "shared" / "events" / "asyncapi.json").read_text("utf-8"))


def operations(service: str) -> set[str]:
    document = json.loads((ROOT / "services" / service / "openapi.json").read_text("utf-8"))
    return {
        f"{method.upper()} {path}" for path, said in document["paths"].items() for method in said
    }


def names(page: str) -> list[str]:
    """Return the operations in *page*, as they are sent."""
    rows = (line.partition("</code> |")[0] for line in page.splitlines() if "</code> |" in line)
    return [row.removeprefix("| <code>").replace("<wbr>", "") for row in rows]


def test_the_pages_that_are_kept_are_what_the_contracts_say() -> None:
    assert api_table.TABLE.read_text("utf-8") == api_table.render()
    assert events_table.TABLE.read_text("utf-8") == events_table.render()


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_stands_under_its_service_or_under_every_service(service: str) -> None:
    page = api_table.render()
    own = page.partition(f"## {service}\n")[2].partition("\n## ")[0]
    everywhere = page.partition("## Every service\n")[2]

    for name in operations(service):
        assert name in names(own) or name in names(everywhere)


def test_what_is_the_same_everywhere_stands_once() -> None:
    assert names(api_table.render()).count("GET /journal") == 1


def test_the_page_says_whom_the_policies_let_do_something_and_why() -> None:
    rows = api_table.render().splitlines()
    row = next(each for each in rows if names(each) == ["PUT /referrals/{referral_id}"])

    assert "A first responder refers a person.<br>Care staff refer a person too" in row
    assert row.endswith("| `referral` |")


def test_every_event_stands_there_with_owner_meaning_consumers_and_fields() -> None:
    page = events_table.render()

    for channel in ASYNCAPI["channels"].values():
        told = page.partition(f"## Told by {channel['x-handoff-owner']}\n")[2]
        section = next(
            each for each in told.split("\n### ") if f"\n`{channel['address']}`: " in each
        )
        assert channel["summary"] in section
        assert all(f"`{each}`" in section for each in channel["x-handoff-consumers"])


def test_every_message_carries_the_headers_that_the_page_tells_once() -> None:
    for message in ASYNCAPI["components"]["messages"].values():
        headers = message["headers"]["properties"]
        first = next(iter(ASYNCAPI["components"]["messages"].values()))["headers"]["properties"]
        own = events_table.OF_EACH_EVENT
        assert {name: each for name, each in headers.items() if name not in own} == {
            name: each for name, each in first.items() if name not in own
        }


def test_fields_are_told_as_people_say_them() -> None:
    page = events_table.render()

    assert "| `accepted_role_code` | string or null | no |" in page
    assert "| `result` | one of `eligible`, `not_eligible`, `coordinator_decides` | yes |" in page
    assert "| `offered_to_ids` | list of string | yes |" in page


def test_a_page_that_is_out_of_date_is_noticed_and_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["api_table", "--check"])
    assert api_table.main() == 0
    assert events_table.main() == 0
    monkeypatch.setattr(events_table, "render", lambda: "another page")

    assert events_table.main() == 1
    assert (
        "events.md is out of date: run `python -m deploy.events_table`" in capsys.readouterr().err
    )
    assert events_table.TABLE.read_text("utf-8") != "another page"


def test_a_page_is_written_where_it_belongs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.argv", ["api_table"])

    assert kept.keep(tmp_path / "reference" / "birch.md", "# Birch\n", by="deploy.birch") == 0
    assert (tmp_path / "reference" / "birch.md").read_text("utf-8") == "# Birch\n"
