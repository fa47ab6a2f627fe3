"""Why a handler could not do its work, and so whether trying again can help."""

from shared.observability.logs import place


class TransientError(Exception):
    """Trying again later may succeed: something else was unreachable, busy or not there yet."""


class PermanentError(Exception):
    """Trying again cannot succeed: the event goes to the dead letters at once."""


def describe(error: BaseException) -> str:
    """Name *error* for a dead letter without quoting foreign text, which may hold personal data.

    Our own two error types carry constant sentences; of any other only the type, the place in the
    code and, from the database, its state code are kept.
    """
    if isinstance(error, TransientError | PermanentError):
        return f"{type(error).__name__}: {error}"
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    code = f" {state}" if state else ""
    return f"{type(error).__name__}{code} at {place(error)}"
