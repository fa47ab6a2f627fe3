"""Made-up histories: what the services would hold after months of work with made-up people."""
