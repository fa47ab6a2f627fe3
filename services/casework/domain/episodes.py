"""Which state an episode may move to. Coming back is expected: closed is never the end."""

from collections.abc import Mapping
from enum import StrEnum

from shared.transitions import sources_in


class EpisodeState(StrEnum):
    OUTREACH = "outreach"
    ENROLLED = "enrolled"
    PAUSED = "paused"
    CLOSED = "closed"


NEXT: Mapping[EpisodeState, frozenset[EpisodeState]] = {
    EpisodeState.OUTREACH: frozenset({EpisodeState.ENROLLED, EpisodeState.CLOSED}),
    EpisodeState.ENROLLED: frozenset({EpisodeState.PAUSED, EpisodeState.CLOSED}),
    EpisodeState.PAUSED: frozenset({EpisodeState.ENROLLED, EpisodeState.CLOSED}),
    EpisodeState.CLOSED: frozenset({EpisodeState.OUTREACH}),
}
sources_of = sources_in(NEXT)

# The episode's work goes on in an earlier one, because both referrals are about one person.
MERGED = "merged"
