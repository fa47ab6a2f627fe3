"""What a service would make of a token, in words; the token itself is never shown."""

import json
import time
from collections.abc import Iterator, Mapping

from joserfc.errors import JoseError
from joserfc.jws import extract_compact
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shared.http.auth import TokenVerifier
from shared.http.claims import Claims, UnusableClaimError
from shared.http.problems import Problem
from shared.policy.actor import Actor
from shared.policy.engine import ROLES

MINUTE, HOUR = 60, 3600
UNSAID = "[dim]not said[/]"


async def inspected(token: str, *, issuer: str, audience: str, names: Claims) -> bool:
    """Print what *token* says and whether it is accepted; return whether it is."""
    console = Console(highlight=False)
    refusal = await _refusal(token, issuer=issuer, audience=audience, names=names)
    header, claims = _read(token)
    if header:  # otherwise it is no token, and there is nothing to say of it
        table = Table(box=None, show_header=False, pad_edge=False)
        for name, value in _rows(header, claims, names):
            table.add_row(name, value)
        console.print(table, end="\n\n")
    if refusal is None:
        console.print(f"[green]Accepted[/] for the audience {escape(audience)}.")
    else:
        console.print(f"[red]Refused[/]: {escape(refusal)}")
    return refusal is None


async def _refusal(token: str, *, issuer: str, audience: str, names: Claims) -> str | None:
    """Return why a service would refuse the token, or None."""
    verifier = TokenVerifier(issuer=issuer, audience=audience, claims=names)
    try:
        await verifier.verify(token)
    except Problem as problem:
        return problem.detail or problem.title
    finally:
        await verifier.aclose()
    return None


def _read(token: str) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Return header and claims as they stand there, whoever signed them."""
    try:
        parts = extract_compact(token.encode("ascii"))
        header, claims = parts.protected, json.loads(parts.payload)
    except (JoseError, ValueError, RecursionError):
        return {}, {}
    return (header, claims) if isinstance(claims, dict) else (header, {})


def _rows(
    header: Mapping[str, object], claims: Mapping[str, object], names: Claims
) -> Iterator[tuple[str, str]]:
    for name in ("alg", "typ", "kid"):
        yield name, _shown(header.get(name))
    for name in ("iss", "aud", "sub"):
        yield name, _shown(claims.get(name))
    try:
        yield from _of_actor(names.actor(claims))
    except UnusableClaimError as error:
        yield "who it is", f"[red]{escape(str(error))}[/]"
    yield "expires", _when(claims.get("exp"))


def _of_actor(actor: Actor) -> Iterator[tuple[str, str]]:
    yield "programme", escape(actor.programme_id)
    yield "agency", _shown(actor.agency_id)
    yield "function", actor.function.value
    yield "roles", escape(", ".join(sorted(actor.roles & ROLES))) or UNSAID
    if strangers := sorted(actor.roles - ROLES):
        yield "of no meaning here", escape(", ".join(strangers))
    yield "session", "refers people, and nothing else" if actor.submit_only else "whole"
    yield "shown by (acr)", _shown(actor.acr)
    at = actor.authenticated_at
    yield "signed in", UNSAID if at is None else _when(at.timestamp())


def _shown(value: object) -> str:
    return UNSAID if value is None else escape(str(value))


def _when(seconds: object) -> str:
    """Return a moment beside how far it is, in words."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return UNSAID
    away = round(seconds - time.time())
    far = f"{abs(away) // HOUR} h {abs(away) % HOUR // MINUTE} min {abs(away) % MINUTE} s"
    return f"in {far}" if away > 0 else f"{far} ago"
