"""The states of an intake."""

from enum import StrEnum


class IntakeState(StrEnum):
    """An intake is worked on from the first moment, whether or not its identity has come."""

    IDENTITY_ARRIVING = "identity_arriving"
    READY = "ready"
