"""Who may do what with referrals and handoffs."""

from shared.policy.actor import Purpose

REFERRAL = Purpose.REFERRAL
CARE = Purpose.CARE_COORDINATION
DELIVERY = Purpose.SERVICE_DELIVERY

KINDS = {
    "create_referral": "Referral",
    "read_referral": "Referral",
    "accept_handoff": "Referral",
    "read_identity_packet": "Referral",
}
ATTRS = {"read_referral": {"referred_by": "officer-hemlock"}}
ALLOWED = [
    ("officer-hemlock", "create_referral", REFERRAL, "referral"),
    ("coordinator-juniper", "create_referral", REFERRAL, "referral"),
    ("manager-fern", "create_referral", REFERRAL, "referral"),
    ("peer-willow", "create_referral", REFERRAL, "referral"),
    ("officer-hemlock", "read_referral", REFERRAL, "referral"),
    ("peer-willow", "read_referral", REFERRAL, "referral"),
    ("coordinator-juniper", "read_referral", CARE, "referral"),
    ("manager-fern", "accept_handoff", CARE, "referral"),
    ("coordinator-juniper", "accept_handoff", CARE, "referral"),
    ("peer-willow", "accept_handoff", CARE, "referral"),
    ("casework", "read_identity_packet", DELIVERY, "referral"),
]
DENIED = [
    ("privacy-yarrow", "read_referral", CARE, "referral"),
    ("operator-spruce", "read_referral", CARE, "referral"),
    ("operator-spruce", "create_referral", REFERRAL, "referral"),
    ("officer-sorrel", "read_referral", REFERRAL, "referral"),  # made by officer-hemlock
    ("officer-hemlock", "accept_handoff", CARE, "referral"),
    ("manager-fern", "read_identity_packet", CARE, "referral"),
    ("officer-hemlock", "read_identity_packet", REFERRAL, "referral"),
    ("notify", "read_identity_packet", DELIVERY, "referral"),
    ("casework", "read_referral", DELIVERY, "referral"),
]
