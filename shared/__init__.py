"""Mechanisms every service stands on; no case vocabulary except `shared.events`."""
