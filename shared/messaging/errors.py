"""Why a handler could not do its work, and so whether trying again can help."""


class TransientError(Exception):
    """Trying again later may succeed: something else was unreachable, busy or not there yet."""


class PermanentError(Exception):
    """Trying again cannot succeed: the event goes to the dead letters at once."""


def describe(error: BaseException) -> str:
    """Name *error* for a dead letter without quoting foreign text, which may hold personal data.

    Our own two error types carry constant sentences; of any other only the type and the place
    in the code are kept.
    """
    if isinstance(error, TransientError | PermanentError):
        return f"{type(error).__name__}: {error}"
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"
