"""What the casework service does besides answering requests."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.clients.referral import ReferralClient
from services.casework.handlers import referral
from services.casework.settings import Settings
from services.casework.use_cases.agree_to_notice import TELL_MILESTONE, notice_may_go
from services.casework.use_cases.announce_return import ANNOUNCE_RETURN, return_is_due
from services.casework.use_cases.follow_up import followup_is_due, window_is_over
from services.casework.use_cases.give_consent import CONSENT_TIMER, consent_expires
from services.casework.use_cases.keep_identity import keep_identity
from services.casework.use_cases.open_intake import FETCH_IDENTITY
from services.casework.use_cases.plan_followups import DUE_TIMER, WINDOW_TIMER
from shared.http import idempotency, limits
from shared.http.journal_client import journal_reader
from shared.messaging.tasks import Record, Task
from shared.messaging.timers import Fire
from shared.messaging.worker import Work
from shared.service import Means

subscriptions = referral.subscriptions
TIMERS: Mapping[str, Fire] = {
    ANNOUNCE_RETURN: return_is_due,
    DUE_TIMER: followup_is_due,
    WINDOW_TIMER: window_is_over,
    CONSENT_TIMER: consent_expires,
    TELL_MILESTONE: notice_may_go,
}


def make_work(settings: Settings, means: Means) -> Work:
    client = ReferralClient(means.http, settings.referral_url, means.tokens)
    vault = means.required_vault()
    hash_key = settings.hash_key.get_secret_value()

    async def fetch_identity(task: Task) -> Record:
        packet = await client.identity_packet(task)

        async def record(session: AsyncSession) -> None:
            await keep_identity(
                session,
                referral_id=task.aggregate_id,
                packet=packet,
                vault=vault,
                hash_key=hash_key,
            )

        return record

    return Work(
        subscriptions=subscriptions,
        timers=TIMERS,
        sweeps=(idempotency.sweep, limits.sweep),
        journals={
            "referral": journal_reader(
                means.http, settings.referral_url, means.tokens, service="referral"
            )
        },
        calls={FETCH_IDENTITY: fetch_identity},
    )
