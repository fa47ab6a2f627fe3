"""Who may do what with journals and dead letters."""

from shared.policy.actor import Purpose

OPERATIONS = Purpose.OPERATIONS
DELIVERY = Purpose.SERVICE_DELIVERY

KINDS = {
    "read_journal": "Journal",
    "list_dead_letters": "DeadLetters",
    "read_dead_letter": "DeadLetters",
    "replay_dead_letter": "DeadLetters",
}
ALLOWED = [
    ("notify", "read_journal", DELIVERY, "referral"),
    ("notify", "read_journal", DELIVERY, "casework"),
    ("casework", "read_journal", OPERATIONS, "referral"),
    ("operator-spruce", "read_journal", OPERATIONS, "notify"),
    ("operator-spruce", "list_dead_letters", OPERATIONS, "casework"),
    ("operator-spruce", "read_dead_letter", OPERATIONS, "referral"),
    ("operator-spruce", "replay_dead_letter", OPERATIONS, "notify"),
]
DENIED = [
    ("manager-fern", "read_journal", OPERATIONS, "referral"),
    ("officer-hemlock", "read_journal", OPERATIONS, "referral"),
    ("casework", "replay_dead_letter", OPERATIONS, "casework"),
    ("privacy-yarrow", "list_dead_letters", OPERATIONS, "referral"),
]
