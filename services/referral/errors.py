"""What this service refuses, each with its own lasting problem type."""

from shared.http.problems import Conflict


class ReferralDiffers(Conflict):
    type = "/problems/referral-differs"
    title = "This referral was already made, and said something else"


class HandoffTaken(Conflict):
    type = "/problems/handoff-taken"
    title = "Somebody else has accepted this handoff"
