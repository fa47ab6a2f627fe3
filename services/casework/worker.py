"""What the casework service does besides answering requests."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.clients.referral import ReferralClient
from services.casework.handlers import referral
from services.casework.settings import Settings
from services.casework.use_cases.keep_identity import keep_identity
from services.casework.use_cases.open_intake import FETCH_IDENTITY
from shared.http.journal_client import journal_reader
from shared.messaging.tasks import Record, Task
from shared.messaging.worker import Work
from shared.service import Means

subscriptions = referral.subscriptions


def make_work(settings: Settings, means: Means) -> Work:
    client = ReferralClient(means.http, settings.referral_url, means.tokens)
    vault = means.required_vault()

    async def fetch_identity(task: Task) -> Record:
        packet = await client.identity_packet(task)

        async def record(session: AsyncSession) -> None:
            await keep_identity(session, referral_id=task.aggregate_id, packet=packet, vault=vault)

        return record

    return Work(
        subscriptions=subscriptions,
        journals={"referral": journal_reader(means.http, settings.referral_url, means.tokens)},
        calls={FETCH_IDENTITY: fetch_identity},
    )
