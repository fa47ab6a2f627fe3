"""What services have to agree on: examples of every event version, and the officers' words."""
