"""The direct calls casework makes: only where a stale answer would be a wrong one."""
