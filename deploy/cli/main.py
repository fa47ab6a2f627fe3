"""The `handoff` command: a module of this package per command, a function of its name inside.

Whatever can be expected to go wrong ends in one sentence on standard error and exit code 1, never
in a stack trace. Only the module of the command that was asked for is loaded: services start
through this too.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from deploy.cli.errors import CliError
from deploy.embedded.errors import EmbeddedError
from deploy.identity.files import SecretFileError
from shared.settings import SettingsError

COMMANDS = (
    *("demo", "up", "status", "down", "serve", "migrate", "prepare", "rewrap"),
    *("token", "events", "dead_letters", "clock", "simulate", "bench"),
)
EXPECTED = (CliError, EmbeddedError, SecretFileError, SettingsError)


def make_app(arguments: Sequence[str] = ()) -> typer.Typer:
    """Return the command line; of all commands, or of the one that *arguments* begin with."""
    app = typer.Typer(
        name="handoff",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
    )

    @app.callback()
    def handoff() -> None:
        """Handoff: event-driven case management for deflection teams.

        Example: `handoff up`, and in another terminal `handoff status`
        """

    for name in [each for each in COMMANDS if each in arguments[:1]] or COMMANDS:
        module = import_module(f"deploy.cli.{name}")
        if isinstance(group := getattr(module, "app", None), typer.Typer):
            app.add_typer(group, name=name.replace("_", "-"))
        else:
            app.command(name.replace("_", "-"))(getattr(module, name))
    return app


def run() -> None:
    """Entry point of the `handoff` command."""
    arguments = [each.replace("-", "_") for each in sys.argv[1:2]]
    try:
        make_app(arguments)()
    except EXPECTED as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped.")


if __name__ == "__main__":
    run()
