"""Who comes in at all: everybody.

But enforcement not into casework, and referral nowhere else: tests of their own see to that.
"""

from shared.policy.actor import Purpose

KINDS = {"enter": "Entrance"}
ALLOWED = [
    (who, "enter", purpose, service)
    for who, service in (
        ("officer-hemlock", "referral"),
        ("officer-hemlock", "notify"),
        ("medic-linden", "casework"),
        ("peer-willow", "casework"),
        ("operator-spruce", "casework"),
        ("notify", "casework"),
        ("casework", "referral"),
    )
    for purpose in Purpose
]
DENIED: list[tuple[str, str, Purpose, str]] = []
