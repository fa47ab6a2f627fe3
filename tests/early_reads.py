"""Rows that wait to be written (shared/db/writes.py) are not seen by a statement that comes first.

So in every test a statement is refused that names a table of which rows wait: whoever means to read
it has to `write` before.
"""

import re
from typing import cast

from sqlalchemy import ClauseElement, TextClause
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.sql.util import find_tables

from shared.db.writes import waiting_tables


class EarlyReadError(AssertionError):
    """A statement names a table of which rows wait to be written."""


def refuse_early_reads(state: ORMExecuteState) -> None:
    """Raise EarlyReadError if the statement names a table of which rows wait."""
    waiting = waiting_tables(state.session.info)
    if waiting & named(state):
        tables = ", ".join(sorted(waiting & named(state)))
        raise EarlyReadError(f"rows of {tables} wait: write(session) before this statement")


def named(state: ORMExecuteState) -> frozenset[str]:
    statement = state.statement
    if isinstance(statement, TextClause):
        return frozenset(re.findall(r"[a-z_]+", statement.text))
    tables = find_tables(
        cast("ClauseElement", statement),
        check_columns=True,
        include_aliases=True,
        include_joins=True,
        include_selects=True,
        include_crud=True,
    )
    return frozenset(str(getattr(each, "name", "")) for each in tables)
