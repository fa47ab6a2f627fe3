"""HTTP bodies of the notify service, one file per resource."""
