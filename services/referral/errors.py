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


class HandoffWithdrawnBefore(Conflict):
    type = "/problems/handoff-withdrawn"
    title = "This referral was taken back; there is nobody to go to"


class HandoffOutOfOrder(Conflict):
    type = "/problems/handoff-out-of-order"
    title = "The handoff does not stand where this could come next"


class NotOffered(Conflict):
    type = "/problems/handoff-not-offered"
    title = "This handoff was not offered to you"


class ShiftIdTaken(Conflict):
    type = "/problems/shift-id-taken"
    title = "This id already belongs to a shift; make a new id for a new one"
