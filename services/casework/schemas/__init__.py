"""HTTP bodies of the casework service, by resource."""
