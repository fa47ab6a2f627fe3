"""Owns participants, their identity and their timeline."""
