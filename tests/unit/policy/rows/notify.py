"""Who may do what with notices."""

from shared.policy.actor import Purpose

CARE = Purpose.CARE_COORDINATION

KINDS = {
    "list_notices": "Notices",
}
ALLOWED = [
    ("coordinator-juniper", "list_notices", CARE, "notify"),
    ("peer-willow", "list_notices", CARE, "notify"),
]
DENIED = [
    ("officer-hemlock", "list_notices", CARE, "notify"),
    ("operator-spruce", "list_notices", CARE, "notify"),
]
