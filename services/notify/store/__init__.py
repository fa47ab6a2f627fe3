"""Every query of the notify service, by what it is about."""
