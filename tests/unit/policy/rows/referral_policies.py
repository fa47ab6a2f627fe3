"""Who may read the county policies: everybody who has a role, for any purpose.

Without a role nobody may: a test of its own sees to that.
"""

from shared.policy.actor import Purpose

READERS = (
    *("officer-hemlock", "medic-linden", "dispatcher-larch", "supervisor-cypress"),
    *("prosecutor-laurel", "peer-willow", "partner-poplar", "evaluator-ginkgo"),
    *("advisor-tamarack", "administrator-acacia", "operator-spruce", "casework"),
)

KINDS = {"read_eligibility_policies": "EligibilityPolicy"}
ALLOWED = [
    (who, "read_eligibility_policies", purpose, "referral")
    for who in READERS
    for purpose in Purpose
]
DENIED: list[tuple[str, str, Purpose, str]] = []
