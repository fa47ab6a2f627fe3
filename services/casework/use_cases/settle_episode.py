"""Make a referral's episode what it should be, given all that is known by now.

Intake, acceptance and linking come in any order and more than once. Each keeps its facts and then
settles here, so every order ends in the same: the person's first accepted referral has an episode,
and it goes on with every later one.
"""

from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.episodes import MERGED, EpisodeState
from services.casework.domain.returns import announced_from
from services.casework.store import episodes, facts, intakes, returns
from services.casework.tables.episodes import Episode
from services.casework.tables.participants import ReferralFact
from services.casework.use_cases.announce_return import ANNOUNCE_RETURN, announce_return
from services.casework.use_cases.move_episode import close, enrol, reopen
from services.casework.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import EpisodeOpened, ParticipantRedeflected
from shared.messaging.timers import Timer, set_timer

RESPONDER = "responder"  # who accepted a handoff of which it was not told as what they work


async def settle_episode(session: AsyncSession, *, referral_id: UUID) -> None:
    """Open, merge, reopen or enrol what should be; doing so twice changes nothing more.

    What the person's later referrals opened, before this one was accepted or known to be about
    them, is settled anew: it goes on here.
    """
    person_id = await facts.lock_person(session, referral_id=referral_id)
    if person_id is None:
        return
    accepted = await facts.accepted_from(session, person_id=person_id, referral_id=referral_id)
    for fact in accepted:
        await _settle(session, fact, person_id=person_id)


async def _settle(session: AsyncSession, fact: ReferralFact, *, person_id: UUID) -> None:
    referral_id = fact.referral_id
    earlier = await episodes.before(session, person_id=person_id, referral_id=referral_id)
    if earlier is None:
        episode = await _own(session, fact)
    else:
        episode = await _return(session, fact, earlier, person_id=person_id)
    if await facts.use_agreement(session, referral_id=referral_id):
        await enrol(session, episode.id)


async def _own(session: AsyncSession, fact: ReferralFact) -> Episode:
    """Return the referral's own episode, opened now if it is not there."""
    present = await episodes.of_referral(session, referral_id=fact.referral_id)
    if present is not None:
        return present
    now, accepted_by = await app_now(session), _acceptor(fact)
    episode = Episode(
        id=uuid5(fact.referral_id, "episode"),
        programme_id=fact.programme_id,
        referral_id=fact.referral_id,
        state=EpisodeState.OUTREACH,
        sequence=1,
        version=1,
        opened_at=now,
    )
    await episodes.add(session, episode)
    await episodes.join_team(session, episode, staff_id=accepted_by, role_code=_role(fact), now=now)
    tell(
        session,
        EpisodeOpened(
            programme_id=episode.programme_id,
            aggregate_id=episode.id,
            aggregate_version=1,
            occurred_at=now,
            referral_id=episode.referral_id,
            episode_id=episode.id,
            worker_ids=(accepted_by,),
        ),
    )
    return episode


async def _return(
    session: AsyncSession, fact: ReferralFact, earlier: Episode, *, person_id: UUID
) -> Episode:
    """Go on with the earlier episode: relapse is part of recovery, and the goals are kept.

    If the person had agreed in an episode of this referral's own, they have agreed in the earlier.
    """
    own = await episodes.of_referral(session, referral_id=fact.referral_id)
    agreed = own is not None and own.state == EpisodeState.ENROLLED
    if own is not None:
        await close(session, own.id, reason_code=MERGED)
    if await _note_return(session, fact, earlier):
        earlier = await _go_on(session, fact, earlier, person_id=person_id)
    if agreed:
        await enrol(session, earlier.id)
    return earlier


async def _go_on(
    session: AsyncSession, fact: ReferralFact, earlier: Episode, *, person_id: UUID
) -> Episode:
    now = await app_now(session)
    episode = await reopen(session, earlier.id) or earlier
    await episodes.join_team(
        session, episode, staff_id=_acceptor(fact), role_code=_role(fact), now=now
    )
    tell(
        session,
        ParticipantRedeflected(
            programme_id=fact.programme_id,
            aggregate_id=fact.referral_id,
            aggregate_version=1,
            occurred_at=now,
            referral_id=fact.referral_id,
            participant_id=person_id,
            episode_id=episode.id,
        ),
    )
    await announce_return(session, referral_id=fact.referral_id, programme_id=fact.programme_id)
    return episode


async def _note_return(session: AsyncSession, fact: ReferralFact, earlier: Episode) -> bool:
    """Note whom to tell of the return, and when; return False if that was noted before."""
    intake = await intakes.find_intake(session, fact.referral_id)
    if intake is None:
        raise LookupError("settling comes after the intake")
    team = await episodes.team(session, episode_id=earlier.id)
    not_before = announced_from(
        received_at=intake.Intake.received_at, released_at=fact.officer_released_at
    )
    noted = await returns.add(
        session,
        referral_id=fact.referral_id,
        programme_id=fact.programme_id,
        staff_ids=sorted({member.staff_id for member in team} - {fact.accepted_by}),
        not_before=not_before,
    )
    if noted:
        timer = Timer(ANNOUNCE_RETURN, fact.referral_id, fact.programme_id, not_before)
        set_timer(session, timer)
    return noted


def _acceptor(fact: ReferralFact) -> str:
    if fact.accepted_by is None:
        raise LookupError("settling comes after the acceptance")
    return fact.accepted_by


def _role(fact: ReferralFact) -> str:
    return fact.accepted_role_code or RESPONDER
