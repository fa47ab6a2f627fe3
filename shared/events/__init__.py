"""What services tell one another: one file per publishing service, opaque ids and codes only."""
