"""HTTP bodies of the referral service, by resource."""
