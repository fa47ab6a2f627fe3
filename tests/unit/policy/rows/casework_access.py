"""Who may say for whom a record is, and who opens and reviews one in an emergency."""

from shared.policy.actor import Purpose

CARE = Purpose.CARE_COORDINATION
PRIVACY = Purpose.PRIVACY

KINDS = {
    "restrict_record": "Participant",
    "read_restriction": "Participant",
    "break_glass": "Participant",
    "list_break_glass": "BreakGlassAccesses",
    "review_break_glass": "BreakGlassAccess",
}
ATTRS = {"review_break_glass": {"opened_by": "peer-willow"}}
REVIEWS = ("list_break_glass", "review_break_glass")
ALLOWED = [
    ("coordinator-juniper", "restrict_record", CARE, "casework"),
    ("privacy-yarrow", "restrict_record", PRIVACY, "casework"),
    ("privacy-yarrow", "read_restriction", PRIVACY, "casework"),
    *((who, "read_restriction", CARE, "casework") for who in ("peer-willow", "manager-fern")),
    *((who, "break_glass", CARE, "casework") for who in ("peer-willow", "coordinator-juniper")),
    *(("privacy-yarrow", action, PRIVACY, "casework") for action in REVIEWS),
]
DENIED = [
    ("peer-willow", "restrict_record", CARE, "casework"),
    ("manager-fern", "restrict_record", CARE, "casework"),
    ("privacy-yarrow", "break_glass", PRIVACY, "casework"),
    ("privacy-yarrow", "break_glass", CARE, "casework"),
    *(("coordinator-juniper", action, PRIVACY, "casework") for action in REVIEWS),
    *(("manager-fern", action, CARE, "casework") for action in REVIEWS),
    *(("medic-linden", action, CARE, "casework") for action in KINDS),
    *(("evaluator-ginkgo", action, PRIVACY, "casework") for action in KINDS),
    *(("operator-spruce", action, PRIVACY, "casework") for action in KINDS),
]
