"""The routes of the code lists in the tables of access: the same at every service."""

from deploy.identity.staff import ACCOUNTS
from shared.policy.actor import Function
from tests.service.apps import Route


def codes(service: str) -> tuple[Route, ...]:
    """Return the routes of the code lists, which everybody reads whom the service serves at all."""
    readers = {
        who: 200
        for who, account in ACCOUNTS.items()
        if not (service == "casework" and account.actor.function is Function.ENFORCEMENT)
        and not (service != "referral" and who == "referral")
    }
    return (
        Route("GET", "/codes", "referral", readers),
        Route("GET", "/codes", "privacy", readers),
        Route("GET", "/codes/needs", "referral", readers),
        Route("GET", "/codes/wishes", "referral", {}),
    )
