"""Which role is told what, and in which words.

A notice holds no fact about a participant: it says that something waits, not whom it concerns.
"""

from enum import StrEnum


class NoticeKind(StrEnum):
    REFERRAL_ARRIVED = "referral_arrived"
    NOBODY_ACCEPTED = "nobody_accepted"


RECIPIENT_ROLE = {
    NoticeKind.REFERRAL_ARRIVED: "peer",
    NoticeKind.NOBODY_ACCEPTED: "coordinator",
}

WORDS = {
    NoticeKind.REFERRAL_ARRIVED: "A referral has arrived and waits for somebody to accept it.",
    NoticeKind.NOBODY_ACCEPTED: "Nobody has accepted a referral in time. Please call somebody.",
}
