"""Field encryption under a data key per person or referral, kept apart from the data."""
