"""Roles, migrations and row-level security, tried on a real server."""
