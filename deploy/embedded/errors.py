"""The one way in which starting something ends badly and expectedly."""


class EmbeddedError(Exception):
    """Something could not be started or stopped; the text is one sentence for the person."""
