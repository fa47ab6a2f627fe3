"""How often somebody may ask in a minute: counted here, and by all replicas once it matters.

Each process counts for itself, without asking anybody, until somebody has used a quarter of what
they may. From then on it adds what it has counted to a row that all replicas share, and goes by
that: together they let through at most a quarter more for each further replica. The row holds a
keyed hash, so nobody reads from it who it was. When the database does not answer, each process
goes by its own count: a limit never makes an outage worse.
"""

import hashlib
import hmac
import time
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from types import MappingProxyType

import structlog
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.session import Sessions
from shared.http.problems import Problem

log = structlog.get_logger()

WINDOW_SECONDS = 60
SHARED_FROM = 4  # a quarter of the limit
WINDOWS_KEPT = 5
MOST_COUNTED = 10_000  # keys in one process and window; addresses are cheap to come by


class TooMany(Problem):
    """Somebody asks more often than they may; `Retry-After` says in how many seconds again."""

    status = 429
    type = "/problems/too-many-requests"
    title = "You ask too often; wait, then send the same request again"
    headers = MappingProxyType({"Retry-After": str(WINDOW_SECONDS)})

    def __init__(self, seconds: int = WINDOW_SECONDS) -> None:
        super().__init__(f"Ask again in {seconds} s.")
        self.headers = MappingProxyType({"Retry-After": str(seconds)})


class Counted(StrEnum):
    """What is counted of somebody."""

    REQUESTS = "requests"  # of a person
    UNKNOWN = "unknown"  # without a valid token, from an address


def define(metadata: MetaData) -> Table:
    """Add the shared counts to *metadata*."""
    return Table(
        "request_count",
        metadata,
        Column("key", LargeBinary, primary_key=True),
        Column("minute", BigInteger, primary_key=True, autoincrement=False),
        Column("count", Integer, nullable=False),
        prefixes=["UNLOGGED"],
    )


TABLE = define(MetaData())


class Limits:
    """Counts by the minute, by real time, whatever the programme's clock says."""

    def __init__(
        self, sessions: Sessions, *, hash_key: bytes, clock: Callable[[], float] = time.time
    ) -> None:
        self._sessions = sessions
        self._hash_key = hash_key
        self._clock = clock
        self._minute = 0
        self._counted: Counter[bytes] = Counter()  # in this process and minute
        self._told: Counter[bytes] = Counter()  # of these, what the shared row holds

    async def count(self, what: Counted, who: str, *, at_most: int) -> None:
        """Count one more.

        Raises:
            TooMany: it is more than *at_most* within the minute.
        """
        now = self._clock()
        minute = int(now // WINDOW_SECONDS)
        if minute != self._minute:
            self._minute = minute
            self._counted.clear()
            self._told.clear()
        key = hmac.digest(self._hash_key, f"{what} {who}".encode(), hashlib.sha256)
        if len(self._counted) >= MOST_COUNTED:
            key = hmac.digest(self._hash_key, what.encode(), hashlib.sha256)  # then all together
        self._counted[key] += 1
        counted = self._counted[key]
        if at_most // SHARED_FROM < counted <= at_most:
            counted = max(counted, await self._shared(key, minute))
        if counted > at_most:
            raise TooMany(WINDOW_SECONDS - int(now % WINDOW_SECONDS))

    async def _shared(self, key: bytes, minute: int) -> int:
        """Add what the shared row lacks; return what all replicas have counted, 0 if unknown."""
        lacking = self._counted[key] - self._told[key]
        self._told[key] += lacking
        added = insert(TABLE).values(key=key, minute=minute, count=lacking)
        statement = added.on_conflict_do_update(
            index_elements=["key", "minute"],
            set_={"count": TABLE.c.count + added.excluded.count},
        )
        try:
            async with self._sessions.begin() as session:
                found = await session.execute(statement.returning(TABLE.c.count))
                return int(found.scalar_one())
        except Exception as failure:  # noqa: BLE001 - whatever it was, our own count decides
            log.warning("limits_not_shared", error_type=type(failure).__name__)
            return 0


async def sweep(session: AsyncSession) -> int:
    """Forget the counts of minutes that are over."""
    over = func.extract("epoch", func.now()) / WINDOW_SECONDS - WINDOWS_KEPT
    gone = await session.scalars(
        delete(TABLE).where(TABLE.c.minute < over).returning(TABLE.c.minute)
    )
    return len(gone.all())
