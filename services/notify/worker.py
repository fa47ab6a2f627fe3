"""What the notify service does besides answering requests."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.channels.email import Email, Result
from services.notify.clients.casework import CaseworkClient, NotAskedError
from services.notify.domain.deliveries import Reason, State
from services.notify.handlers import casework, referral
from services.notify.settings import Settings
from services.notify.store.deliveries import Settled
from services.notify.use_cases import hand_over_mail, keep_release, tell_outcome
from services.notify.use_cases.tell import HAND_OVER_MAIL
from services.notify.use_cases.tell_referrer import TELL_REFERRER, tell_referrer
from shared.db.session import Scope, Sessions
from shared.http import limits
from shared.http.journal_client import journal_reader
from shared.messaging.errors import TransientError
from shared.messaging.subscriptions import Subscriptions
from shared.messaging.tasks import Call, Record, Task
from shared.messaging.worker import Work
from shared.service import Means

subscriptions = Subscriptions(
    service="notify", all=[*referral.subscriptions.all, *casework.subscriptions.all]
)

SETTLED: Mapping[Result, Settled] = {
    Result.HANDED_OVER: Settled(State.HANDED_OVER),
    Result.REFUSED: Settled(State.FAILED, Reason.REFUSED),
    Result.IN_DOUBT: Settled(State.UNKNOWN, Reason.INTERRUPTED),
}


def make_work(settings: Settings, means: Means) -> Work:
    client = CaseworkClient(means.http, settings.casework_url, means.tokens)
    email = Email.at(settings.smtp_url, sender=settings.mail_from)
    return Work(
        subscriptions=subscriptions,
        journals={
            "referral": journal_reader(
                means.http, settings.referral_url, means.tokens, service="referral"
            ),
            "casework": journal_reader(
                means.http, settings.casework_url, means.tokens, service="casework"
            ),
        },
        timers={TELL_REFERRER: tell_referrer},
        calls={
            HAND_OVER_MAIL: _hand_over_mail(means.sessions, email),
            tell_outcome.ASK_GRANT: _ask_grant(means.sessions, client),
            tell_outcome.REPORT_OUTCOME: _report_outcome(means.sessions, client),
            keep_release.FETCH_RELEASE: _fetch_release(client),
        },
        sweeps=(limits.sweep,),
    )


def _scope(task: Task) -> Scope:
    return Scope(task.programme_id, "notify-task")


async def _nothing(_: AsyncSession) -> None:
    """Record nothing: the task found nothing to do."""


def _hand_over_mail(sessions: Sessions, email: Email) -> Call:
    async def call(task: Task) -> Record:
        async with sessions.begin(_scope(task)) as session:
            letter = await hand_over_mail.begin_mail(session, delivery_id=task.aggregate_id)
        if letter is None:
            return _nothing
        result = await email.send(id=letter.delivery_id, to=letter.to, text=letter.text)
        if result is Result.NOT_SENT:
            async with sessions.begin(_scope(task)) as session:
                await hand_over_mail.not_sent(session, delivery_id=task.aggregate_id)
            raise TransientError("the mail server took nothing just now")
        if result is Result.IN_DOUBT and letter.urgent:
            raise TransientError("the mail server gave no answer; this mail is sent again")

        async def record(session: AsyncSession) -> None:
            await hand_over_mail.record_mail(
                session, delivery_id=task.aggregate_id, settled=SETTLED[result]
            )

        return record

    return call


def _ask_grant(sessions: Sessions, client: CaseworkClient) -> Call:
    async def call(task: Task) -> Record:
        async with sessions.begin(_scope(task)) as session:
            asked_before = await tell_outcome.begin_asking(session, notice_id=task.aggregate_id)
        if asked_before is None:
            return _nothing
        try:
            body = await client.grant(task)
        except NotAskedError:
            if not asked_before:
                async with sessions.begin(_scope(task)) as session:
                    await tell_outcome.not_asked(session, notice_id=task.aggregate_id)
            raise

        async def record(session: AsyncSession) -> None:
            if body is None:
                await tell_outcome.keep_refusal(
                    session, notice_id=task.aggregate_id, asked_before=asked_before
                )
                return
            grant = tell_outcome.Grant(
                disclosure_id=body.disclosure_id,
                recipient_id=body.recipient_id,
                kind=body.kind,
                statement_version=body.statement_version,
                expires_at=body.expires_at,
            )
            await tell_outcome.keep_grant(session, grant, notice_id=task.aggregate_id)

        return record

    return call


def _report_outcome(sessions: Sessions, client: CaseworkClient) -> Call:
    async def call(task: Task) -> Record:
        async with sessions.begin(_scope(task)) as session:
            outcome = await tell_outcome.outcome_of(session, disclosure_id=task.aggregate_id)
        if outcome is not None:
            await client.report(task, outcome=outcome)
        return _nothing

    return call


def _fetch_release(client: CaseworkClient) -> Call:
    async def call(task: Task) -> Record:
        body = await client.release(task)
        rows = [row.kept() for row in body.rows]

        async def record(session: AsyncSession) -> None:
            await keep_release.keep_release(
                session, release_id=task.aggregate_id, rows=rows, threshold=body.threshold
            )

        return record

    return call
