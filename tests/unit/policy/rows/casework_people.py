"""Who may say which referrals are about one person."""

from shared.policy.actor import Purpose

CARE = Purpose.CARE_COORDINATION

KINDS = {
    "list_matches": "MatchCandidates",
    "read_matches": "Intake",
    "decide_match": "MatchCandidate",
    "split_referral": "Participant",
}
ALLOWED = [
    ("peer-willow", "list_matches", CARE, "casework"),
    ("manager-fern", "read_matches", CARE, "casework"),
    ("peer-willow", "decide_match", CARE, "casework"),
    ("manager-fern", "split_referral", CARE, "casework"),
    ("coordinator-juniper", "split_referral", CARE, "casework"),
]
DENIED = [
    ("peer-willow", "split_referral", CARE, "casework"),
    ("medic-linden", "read_matches", CARE, "casework"),
    ("privacy-yarrow", "decide_match", CARE, "casework"),
    ("evaluator-ginkgo", "list_matches", CARE, "casework"),
]
