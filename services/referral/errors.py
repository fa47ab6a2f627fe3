"""What this service refuses, each with its own lasting problem type."""

from shared.http.problems import Conflict


class ReferralDiffers(Conflict):
    type = "/problems/referral-differs"
    title = "This referral was already made, and said something else"


class ReferralIdTaken(Conflict):
    type = "/problems/referral-id-taken"
    title = "This id already belongs to a referral; make a new id for a new one"


class HandoffTaken(Conflict):
    type = "/problems/handoff-taken"
    title = "Somebody else has accepted this handoff"
