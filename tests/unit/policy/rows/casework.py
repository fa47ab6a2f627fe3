"""Who may do what with intakes and timelines."""

from shared.policy.actor import Purpose

CARE = Purpose.CARE_COORDINATION
OPERATIONS = Purpose.OPERATIONS

KINDS = {
    "list_intakes": "Intakes",
    "read_intake": "Intake",
    "read_timeline": "Participant",
    "read_participant": "Participant",
    "read_eligibility_history": "Intake",
}
ALLOWED = [
    ("coordinator-juniper", "list_intakes", CARE, "casework"),
    ("manager-fern", "read_intake", CARE, "casework"),
    ("peer-willow", "read_timeline", CARE, "casework"),
    ("peer-willow", "read_participant", CARE, "casework"),
    ("coordinator-juniper", "read_eligibility_history", CARE, "casework"),
]
DENIED = [
    ("operator-spruce", "list_intakes", CARE, "casework"),
    ("operator-spruce", "read_timeline", OPERATIONS, "casework"),
    ("privacy-yarrow", "read_timeline", CARE, "casework"),
    ("privacy-yarrow", "read_participant", CARE, "casework"),
    ("partner-poplar", "read_participant", CARE, "casework"),
    ("manager-fern", "read_eligibility_history", CARE, "casework"),
    ("peer-willow", "read_eligibility_history", CARE, "casework"),
    ("evaluator-ginkgo", "read_eligibility_history", CARE, "casework"),
]
