import pytest
import typer

from deploy import commands_table
from deploy.cli.main import COMMANDS


def test_the_page_of_commands_is_what_the_command_line_says() -> None:
    assert commands_table.TABLE.read_text("utf-8") == commands_table.render()


def test_every_command_and_every_command_of_a_group_has_a_section() -> None:
    page = commands_table.render()

    for name in COMMANDS:
        assert f"## handoff {name.replace('_', '-')}" in page
    assert "## handoff events tail\n" in page


def test_the_page_names_what_can_be_chosen_and_what_must_be_given() -> None:
    page = commands_table.render()

    assert "One of `http`, `worker`." in page
    assert "| `EVENT_ID` | The event's id, as `events tail` prints it. | must be given |  |" in page


def test_the_page_is_the_same_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = commands_table.render()
    monkeypatch.setenv("REFERRAL_PORT", "9101")
    monkeypatch.setenv("HANDOFF_DATA", "elsewhere")

    assert commands_table.render() == before


def test_an_option_without_a_sentence_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    app = typer.Typer()

    @app.command()
    def birch(*, silent: bool = False) -> None: ...

    monkeypatch.setattr(commands_table, "make_app", lambda: app)

    with pytest.raises(ValueError, match="silent says nothing of itself"):
        commands_table.render()


def test_a_page_that_is_out_of_date_is_noticed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["commands_table", "--check"])
    assert commands_table.main() == 0
    monkeypatch.setattr(commands_table, "render", lambda: "another page")

    assert commands_table.main() == 1
    assert "out of date" in capsys.readouterr().err
