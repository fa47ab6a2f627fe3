"""Rules of casework: pure, total, told what time it is."""
