"""Every query of the referral service, by what it asks about."""
