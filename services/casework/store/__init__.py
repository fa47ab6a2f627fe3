"""Every query of the casework service, by what it asks about."""
