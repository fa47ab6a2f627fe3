"""Owns the notice ledger: no fact about a participant, no personal text."""
