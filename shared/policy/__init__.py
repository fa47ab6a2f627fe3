"""Who may do what: Cedar policies a privacy officer can read, and the one function that asks."""
