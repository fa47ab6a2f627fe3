"""One file per verb; each takes a session and opens or commits nothing."""
