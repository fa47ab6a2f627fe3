"""Owns referrals, what the referrer typed, and the live handoff."""
