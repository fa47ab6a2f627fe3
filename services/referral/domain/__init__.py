"""Rules of the live handoff: pure, total, told what time it is."""
