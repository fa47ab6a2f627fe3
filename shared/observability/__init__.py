"""Logs by allow-list, correlation from HTTP to the last handler, Prometheus metrics."""
