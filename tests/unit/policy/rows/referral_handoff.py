"""Who may do what with a live handoff, and with those who can be asked."""

from shared.policy.actor import Purpose

REFERRAL = Purpose.REFERRAL
CARE = Purpose.CARE_COORDINATION
ADMINISTRATION = Purpose.ADMINISTRATION
WILLOWS = {"referred_by": "officer-hemlock", "accepted_by": "peer-willow"}

KINDS = {
    "decline_handoff": "Referral",
    "progress_handoff": "Referral",
    "release_officer": "Referral",
    "withdraw_referral": "Referral",
    "list_handoffs": "Referrals",
    "list_own_referrals": "Referrals",
    "set_up_team": "Team",
    "read_team": "Team",
}
ATTRS = dict.fromkeys(("progress_handoff", "release_officer", "withdraw_referral"), WILLOWS)
ALLOWED = [
    ("peer-willow", "decline_handoff", CARE, "referral"),
    ("manager-fern", "list_handoffs", CARE, "referral"),
    ("peer-willow", "progress_handoff", CARE, "referral"),
    ("coordinator-juniper", "progress_handoff", CARE, "referral"),
    ("officer-hemlock", "release_officer", REFERRAL, "referral"),
    ("peer-willow", "release_officer", CARE, "referral"),
    ("officer-hemlock", "withdraw_referral", REFERRAL, "referral"),
    ("coordinator-juniper", "withdraw_referral", CARE, "referral"),
    ("medic-linden", "list_own_referrals", REFERRAL, "referral"),
    ("officer-hemlock", "list_own_referrals", REFERRAL, "referral"),
    ("coordinator-juniper", "set_up_team", ADMINISTRATION, "referral"),
    ("administrator-acacia", "set_up_team", ADMINISTRATION, "referral"),
    ("administrator-acacia", "read_team", ADMINISTRATION, "referral"),
    ("peer-willow", "read_team", CARE, "referral"),
]
DENIED = [
    ("officer-hemlock", "decline_handoff", CARE, "referral"),
    ("officer-hemlock", "list_handoffs", REFERRAL, "referral"),
    ("officer-hemlock", "progress_handoff", REFERRAL, "referral"),
    ("manager-fern", "progress_handoff", CARE, "referral"),  # accepted by peer-willow
    ("officer-sorrel", "release_officer", REFERRAL, "referral"),
    ("officer-sorrel", "withdraw_referral", REFERRAL, "referral"),
    ("peer-willow", "set_up_team", ADMINISTRATION, "referral"),
    ("officer-hemlock", "read_team", CARE, "referral"),
    ("prosecutor-laurel", "list_own_referrals", REFERRAL, "referral"),
]
