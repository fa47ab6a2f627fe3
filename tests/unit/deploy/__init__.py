"""How Handoff is run, as far as that needs no server."""
