"""Tests, from pure rules to killed processes."""
