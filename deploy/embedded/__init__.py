"""Owns how Handoff runs on one machine without Docker: real servers, services, one data folder."""
