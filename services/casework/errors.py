"""What this service refuses, each with its own lasting problem type."""

from shared.http.problems import Conflict


class AlreadyDecided(Conflict):
    type = "/problems/already-decided"
    title = "Somebody has decided otherwise before; split the referral to undo a link"


class NothingToSplit(Conflict):
    type = "/problems/nothing-to-split"
    title = "This referral was not linked to this participant"
