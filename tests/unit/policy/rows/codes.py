"""Who may read the code lists: everybody who has a role, for any purpose.

Without a role nobody may, and enforcement not in casework: tests of their own see to that.
"""

from shared.policy.actor import Purpose

READERS = (
    ("officer-hemlock", "referral"),
    ("prosecutor-laurel", "notify"),
    ("medic-linden", "casework"),
    ("peer-willow", "casework"),
    ("partner-poplar", "casework"),
    ("advisor-tamarack", "referral"),
    ("operator-spruce", "notify"),
    ("notify", "casework"),
    ("referral", "referral"),
)

KINDS = {"read_codes": "CodeList"}
ALLOWED = [(who, "read_codes", purpose, service) for who, service in READERS for purpose in Purpose]
DENIED: list[tuple[str, str, Purpose, str]] = []
