"""For which service a token is: each has an audience of its own.

So what is sent to one service opens none of the others (RFC 9700, section 2.3).
"""

PREFIX = "urn:handoff:"
SERVICES = ("referral", "casework", "notify")


def audience_of(service: str, *, prefix: str = PREFIX) -> str:
    """Return the audience that a token for *service* names."""
    return f"{prefix}{service}"
