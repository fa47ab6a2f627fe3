"""Reading another service's journal, for repair."""

import httpx

from shared.http.service_token import ServiceTokens
from shared.messaging.errors import TransientError
from shared.messaging.journal import JournalPage
from shared.messaging.repair import ReadJournal

TIMEOUT_SECONDS = 10.0
EVERY_PROGRAMME = "*"


def journal_reader(base_url: str, tokens: ServiceTokens) -> ReadJournal:
    """Return a function that reads the page after a position from the service at *base_url*."""
    http = httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT_SECONDS)

    async def read(after: int) -> JournalPage:
        try:
            answer = await http.get(
                "/journal",
                params={"after": after},
                headers=await tokens.headers(EVERY_PROGRAMME),
            )
        except httpx.HTTPError as error:
            raise TransientError("the journal cannot be reached") from error
        if answer.status_code != httpx.codes.OK:
            raise TransientError(f"the journal's owner answered {answer.status_code}")
        return JournalPage.model_validate_json(answer.content)

    return read
