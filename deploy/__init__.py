"""Every way to run Handoff: embedded servers, the command line, containers."""
