"""The one way in which a command fails."""


class CliError(Exception):
    """A command cannot do what it was asked; the text is one sentence for the person."""
