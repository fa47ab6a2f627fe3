"""One file per resource: parse, call, present."""
