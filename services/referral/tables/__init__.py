"""The referral service's tables, by what they hold."""

from services.referral.tables import handoffs, referrals
from services.referral.tables.base import metadata

__all__ = ["handoffs", "metadata", "referrals"]
