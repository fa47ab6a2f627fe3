"""The demo: a made-up programme's story, told through the public HTTP APIs alone."""
