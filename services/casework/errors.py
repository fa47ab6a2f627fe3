"""What this service refuses, each with its own lasting problem type."""

from shared.http.problems import Conflict


class AlreadyDecided(Conflict):
    type = "/problems/already-decided"
    title = "Somebody has decided otherwise before; split the referral to undo a link"


class NothingToSplit(Conflict):
    type = "/problems/nothing-to-split"
    title = "This referral was not linked to this participant"


class FollowupOver(Conflict):
    type = "/problems/followup-over"
    title = "This follow-up was missed or cancelled; the next one stands as it was"


class ContactDiffers(Conflict):
    type = "/problems/contact-differs"
    title = "This contact was already logged, and said something else"


class ContactInFuture(Conflict):
    type = "/problems/contact-in-future"
    title = "A contact is logged when it has begun"


class ContactTooEarly(Conflict):
    type = "/problems/contact-too-early"
    title = "A contact with somebody begins after they were referred; look at the date"


class BreakGlassDiffers(Conflict):
    type = "/problems/break-glass-differs"
    title = "Another emergency was stated under this id; use a new one"


class ReviewDiffers(Conflict):
    type = "/problems/review-differs"
    title = "This access was reviewed before, and judged otherwise"


class EpisodeClosedBefore(Conflict):
    type = "/problems/episode-closed"
    title = "The episode is closed; reopen it first"


class EpisodeOutOfOrder(Conflict):
    type = "/problems/episode-out-of-order"
    title = "The episode does not stand where this could come next"


class ConsentDiffers(Conflict):
    type = "/problems/consent-differs"
    title = "This consent was already recorded, and said something else"


class ConsentPeriod(Conflict):
    type = "/problems/consent-period"
    title = "A consent ends in the future, at most two years from now"


class NotTheReferrer(Conflict):
    type = "/problems/not-the-referrer"
    title = "This consent can only name who made this referral; a self-referral has nobody to tell"


class NoticeDiffers(Conflict):
    type = "/problems/notice-differs"
    title = "This yes was already recorded, and was to something else"


class AlreadyAgreed(Conflict):
    type = "/problems/already-agreed"
    title = "The person has said yes to this notice about this referral before: once is enough"


class NoBasis(Conflict):
    type = "/problems/no-basis"
    title = "No consent in force at this moment allows it"


class AlreadyGranted(Conflict):
    type = "/problems/already-granted"
    title = "This notice was granted before, and a grant is used once"


class OutcomeDiffers(Conflict):
    type = "/problems/outcome-differs"
    title = "Another outcome was reported before"


class QuarterOpen(Conflict):
    """`released_from` says from when on the quarter's table can be released."""

    type = "/problems/quarter-open"
    title = "A quarter's table is released when it ended a week ago, so that late entries count"


class ReleaseDiffers(Conflict):
    type = "/problems/release-differs"
    title = "This id was used for the table of another agency or quarter"


class ReleasedBefore(Conflict):
    type = "/problems/released-before"
    title = "This agency's table of the quarter was released before, and stays as it is"


class GoalDiffers(Conflict):
    type = "/problems/goal-differs"
    title = "This goal was already set, and said something else"


class GoalEnded(Conflict):
    type = "/problems/goal-ended"
    title = "This goal ended otherwise before; set a new one"


class NeedSettled(Conflict):
    type = "/problems/need-settled"
    title = "Something else was said of this need before"
