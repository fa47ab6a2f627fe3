"""`handoff down`: stop the stack that runs on a data folder."""

import os
import signal
from contextlib import suppress

from deploy.cli.errors import CliError
from deploy.cli.options import DATA_DEFAULT, Data, data_folder, say
from deploy.embedded import process, state

PATIENCE_SECONDS = 10.0


def down(data: Data = DATA_DEFAULT) -> None:
    """Stop what `handoff up` started, in good order; the data stays.

    Example: `handoff down --data ./try-out`
    """
    folder = data_folder(data)
    known = state.read(folder.state)
    if known is None or not known.is_supervised:
        raise CliError(f"Nothing runs on {folder.path}.")
    with suppress(ProcessLookupError):
        _ask(known.pid)
    if not process.wait_until(lambda: not known.is_supervised, within=PATIENCE_SECONDS):
        raise CliError(
            f"Handoff (process {known.pid}) has not stopped after {PATIENCE_SECONDS:.0f} s:"
            f" see {folder.path / 'logs'}."
        )
    say(f"Handoff on {folder.path} is stopped.")


def _ask(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
    except PermissionError:
        raise CliError(f"Handoff (process {pid}) belongs to another user.") from None
