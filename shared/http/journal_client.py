"""Reading another service's journal, for repair."""

import httpx

from shared.http.service_token import ServiceTokens
from shared.messaging.errors import TransientError
from shared.messaging.journal import JournalPage
from shared.messaging.repair import ReadJournal
from shared.policy.actor import EVERY_PROGRAMME


def journal_reader(
    http: httpx.AsyncClient, base_url: str, tokens: ServiceTokens, *, service: str
) -> ReadJournal:
    """Return a function that reads the page after a position from *service* at *base_url*."""

    async def read(after: int) -> JournalPage:
        try:
            answer = await http.get(
                f"{base_url}/journal",
                params={"after": after},
                headers=await tokens.headers(service, EVERY_PROGRAMME),
            )
        except httpx.HTTPError as error:
            raise TransientError("the journal cannot be reached") from error
        if answer.status_code != httpx.codes.OK:
            raise TransientError(f"the journal's owner answered {answer.status_code}")
        return JournalPage.model_validate_json(answer.content)

    return read
