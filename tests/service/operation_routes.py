"""The routes for operators and other services: the same in every service."""

from tests.service.apps import NO_ID, SENTINEL, Bad, Route

SERVICES_READ = {"casework": 200, "notify": 200}
OPERATOR = {"operator-spruce": 200}


def operations(service: str, consumer: str) -> tuple[Route, ...]:
    """Return the routes every service has, on an empty journal and without dead letters.

    Referral's own user reads no journal but referral's: nothing it knows is from casework.
    """
    journal = SERVICES_READ | ({"referral": 200} if service == "referral" else {})
    letter = f"/dead-letters/{consumer}/{NO_ID}"
    return (
        Route("GET", "/journal", "operations", journal | OPERATOR),
        Route("GET", "/journal", "service_delivery", journal),
        Route("GET", f"/journal/{NO_ID}", "operations", {}),
        Route("GET", f"/journal/{NO_ID}", "service_delivery", {}),
        Route("GET", "/dead-letters", "operations", OPERATOR),
        Route("GET", letter, "operations", {}),
        Route("POST", f"{letter}/replay", "operations", {}),
    )


def bad_operations(consumer: str) -> tuple[Bad, ...]:
    return (
        Bad("/journal", "query.after", params={"after": SENTINEL}),
        Bad("/journal", "query.after", params={"after": "-1"}),
        Bad("/journal", "query.after", params={"after": str(2**63)}),
        Bad("/journal", "query.limit", params={"limit": "501"}),
        Bad(f"/journal/{SENTINEL}", "path.event_id"),
        Bad("/dead-letters", "query.limit", params={"limit": "0"}),
        Bad(f"/dead-letters/{consumer}/{SENTINEL}", "path.event_id"),
        Bad(f"/dead-letters/{SENTINEL}/{NO_ID}", "path.consumer"),
        Bad(f"/dead-letters/nul%00/{NO_ID}", "path.consumer"),
        Bad(f"/dead-letters/{consumer}/{SENTINEL}/replay", "path.event_id", method="POST"),
        Bad(f"/dead-letters/nul%00/{NO_ID}/replay", "path.consumer", method="POST"),
    )
