"""Read all that is current about one person: referrals, episodes, goals, needs, follow-ups."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.goals import GoalState
from services.casework.domain.needs import NeedState
from services.casework.store import episodes, followups, goals, history, needs
from services.casework.tables.episodes import CareTeamMember, Episode, Need
from services.casework.tables.participants import Intake, Participant
from services.casework.tables.work import SafeContact
from services.casework.use_cases.find_participant import find_participant
from services.casework.use_cases.keep_goals import GoalSeen, open_words
from services.casework.use_cases.read_followups import FollowupSeen, as_seen
from shared.clock import app_now
from shared.policy.actor import Caller
from shared.vault.vault import Vault

ACTION = "read_participant"


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeSeen:
    """An episode with what is still open in it."""

    episode: Episode
    team: Sequence[CareTeamMember]
    goals: Sequence[GoalSeen]
    needs: Sequence[Need]
    followups: Sequence[FollowupSeen]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantSeen:
    participant: Participant
    referrals: Sequence[Intake]
    episodes: Sequence[EpisodeSeen]
    safe_contact: SafeContact | None


async def read_participant(
    session: AsyncSession, caller: Caller, participant_id: UUID, *, vault: Vault
) -> ParticipantSeen:
    participant = await find_participant(session, caller, participant_id, action=ACTION)
    referrals = await history.referrals_of(session, person_id=participant_id)
    found = await episodes.of_person(session, person_id=participant_id)
    safe = None
    if referrals:
        safe = await followups.safe_contact_of(session, referral_id=referrals[0].referral_id)
    return ParticipantSeen(
        participant=participant,
        referrals=referrals,
        episodes=[await _episode(session, each, vault=vault) for each in found],
        safe_contact=safe,
    )


async def _episode(session: AsyncSession, episode: Episode, *, vault: Vault) -> EpisodeSeen:
    set_ = await goals.of_episode(session, episode_id=episode.id)
    named = await needs.of_episode(session, episode_id=episode.id)
    planned = await followups.open_of_episode(session, episode_id=episode.id)
    now = await app_now(session)
    return EpisodeSeen(
        episode=episode,
        team=await episodes.team(session, episode_id=episode.id),
        goals=[
            await open_words(session, each, vault=vault)
            for each in set_
            if each.state == GoalState.OPEN
        ],
        needs=[each for each in named if each.state != NeedState.CONNECTED],
        followups=[as_seen(each, now) for each in planned],
    )
