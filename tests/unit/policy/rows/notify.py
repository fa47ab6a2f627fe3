"""Who may do what with notices, addresses, the ledger and released tables."""

from shared.policy.actor import Purpose

CARE = Purpose.CARE_COORDINATION
REFERRAL = Purpose.REFERRAL
FEEDBACK = Purpose.FEEDBACK
ADMINISTRATION = Purpose.ADMINISTRATION
OPERATIONS = Purpose.OPERATIONS

KINDS = {
    "list_notices": "Notices",
    "mark_notice_read": "Notices",
    "list_deliveries": "Deliveries",
    "keep_own_delivery_address": "DeliveryAddress",
    "administer_delivery_address": "DeliveryAddress",
    "list_released_tables": "ReleasedTable",
    "read_released_table": "ReleasedTable",
}
HEMLOCK = {"agency_id": "hemlock-police"}
ATTRS = {"list_released_tables": HEMLOCK, "read_released_table": HEMLOCK}
ALLOWED = [
    ("coordinator-juniper", "list_notices", CARE, "notify"),
    ("peer-willow", "list_notices", CARE, "notify"),
    ("officer-hemlock", "list_notices", REFERRAL, "notify"),
    ("medic-linden", "list_notices", REFERRAL, "notify"),
    ("supervisor-cypress", "list_notices", FEEDBACK, "notify"),
    ("peer-willow", "mark_notice_read", CARE, "notify"),
    ("officer-hemlock", "mark_notice_read", REFERRAL, "notify"),
    ("supervisor-cypress", "mark_notice_read", FEEDBACK, "notify"),
    ("coordinator-juniper", "list_deliveries", ADMINISTRATION, "notify"),
    ("administrator-acacia", "list_deliveries", ADMINISTRATION, "notify"),
    ("manager-fern", "keep_own_delivery_address", CARE, "notify"),
    ("officer-hemlock", "keep_own_delivery_address", REFERRAL, "notify"),
    ("supervisor-cypress", "keep_own_delivery_address", FEEDBACK, "notify"),
    ("coordinator-juniper", "administer_delivery_address", ADMINISTRATION, "notify"),
    ("administrator-acacia", "administer_delivery_address", ADMINISTRATION, "notify"),
    ("officer-hemlock", "list_released_tables", FEEDBACK, "notify"),
    ("supervisor-cypress", "list_released_tables", FEEDBACK, "notify"),
    ("coordinator-juniper", "list_released_tables", FEEDBACK, "notify"),
    ("evaluator-ginkgo", "list_released_tables", FEEDBACK, "notify"),
    ("officer-hemlock", "read_released_table", FEEDBACK, "notify"),
    ("evaluator-ginkgo", "read_released_table", FEEDBACK, "notify"),
]
DENIED = [
    ("officer-hemlock", "list_notices", CARE, "notify"),
    ("operator-spruce", "list_notices", CARE, "notify"),
    ("dispatcher-larch", "list_notices", REFERRAL, "notify"),
    ("prosecutor-laurel", "list_notices", REFERRAL, "notify"),
    ("peer-willow", "list_deliveries", ADMINISTRATION, "notify"),
    ("officer-hemlock", "list_deliveries", ADMINISTRATION, "notify"),
    ("operator-spruce", "list_deliveries", OPERATIONS, "notify"),
    ("partner-poplar", "keep_own_delivery_address", CARE, "notify"),
    ("manager-fern", "administer_delivery_address", ADMINISTRATION, "notify"),
    ("officer-sorrel", "read_released_table", FEEDBACK, "notify"),  # another agency's
    ("medic-linden", "list_released_tables", FEEDBACK, "notify"),  # another agency's
    ("manager-fern", "read_released_table", FEEDBACK, "notify"),
    ("advisor-tamarack", "read_released_table", FEEDBACK, "notify"),
]
