"""The casework service's tables, by what they hold.

Everything hangs on a referral: whose it is, is looked up in `participant_referral` when it is read,
so linking and splitting people rewrites nothing else.
"""

from services.casework.tables import (
    access,
    disclosures,
    episodes,
    feedback,
    participants,
    timeline,
    work,
)
from services.casework.tables.base import metadata

__all__ = [
    "access",
    "disclosures",
    "episodes",
    "feedback",
    "metadata",
    "participants",
    "timeline",
    "work",
]
