"""Who may do what with consents, and with what leaves the programme."""

from shared.policy.actor import Purpose

CARE = Purpose.CARE_COORDINATION
PRIVACY = Purpose.PRIVACY
DELIVERY = Purpose.SERVICE_DELIVERY

KINDS = {
    "read_consent_texts": "ConsentTexts",
    "record_consent": "Intake",
    "agree_to_notice": "Intake",
    "revoke_consent": "Consent",
    "read_consents": "Participant",
    "read_disclosures": "Participant",
    "grant_disclosure": "OfficerNotice",
    "report_disclosure": "Disclosure",
}
BY_NOTIFY = ("grant_disclosure", "report_disclosure")
BY_CARE = tuple(action for action in KINDS if action not in BY_NOTIFY)
ALLOWED = [
    *(("peer-willow", action, CARE, "casework") for action in BY_CARE),
    ("manager-fern", "record_consent", CARE, "casework"),
    ("coordinator-juniper", "read_disclosures", CARE, "casework"),
    ("privacy-yarrow", "read_disclosures", PRIVACY, "casework"),
]
DENIED = [
    *(("manager-fern", action, DELIVERY, "casework") for action in BY_NOTIFY),
    *(("coordinator-juniper", action, CARE, "casework") for action in BY_NOTIFY),
    *(("casework", action, DELIVERY, "casework") for action in BY_NOTIFY),
    *(("notify", action, Purpose.OPERATIONS, "casework") for action in BY_NOTIFY),
    *(("notify", action, DELIVERY, "casework") for action in BY_CARE),
    *(("medic-linden", action, CARE, "casework") for action in KINDS),
    *(("partner-poplar", action, CARE, "casework") for action in KINDS),
    *(("evaluator-ginkgo", action, PRIVACY, "casework") for action in KINDS),
    *(
        ("privacy-yarrow", action, PRIVACY, "casework")
        for action in KINDS
        if action != "read_disclosures"
    ),
    ("privacy-yarrow", "read_disclosures", CARE, "casework"),
    ("peer-willow", "read_disclosures", PRIVACY, "casework"),
]
