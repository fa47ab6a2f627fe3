"""Who may do what with intakes and timelines."""

from shared.policy.actor import Purpose

CARE = Purpose.CARE_COORDINATION
OPERATIONS = Purpose.OPERATIONS

KINDS = {
    "list_intakes": "Intakes",
    "read_intake": "Intake",
    "read_timeline": "Participant",
}
ALLOWED = [
    ("coordinator-juniper", "list_intakes", CARE, "casework"),
    ("manager-fern", "read_intake", CARE, "casework"),
    ("peer-willow", "read_timeline", CARE, "casework"),
]
DENIED = [
    ("operator-spruce", "list_intakes", CARE, "casework"),
    ("operator-spruce", "read_timeline", OPERATIONS, "casework"),
    ("privacy-yarrow", "read_timeline", CARE, "casework"),
]
