"""A local OpenID Connect provider for demo and tests: the real token path with made-up staff."""
