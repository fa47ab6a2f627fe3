"""The metadata of the casework schema, and the mechanisms' tables in it."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Date, DateTime, LargeBinary, MetaData, Text, Time
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from shared.audit import log as audit
from shared.db.naming import NAMING
from shared.http import idempotency, limits
from shared.messaging import tables as messaging
from shared.vault import keys

metadata = MetaData(schema="casework", naming_convention=NAMING)


class Base(DeclarativeBase):
    metadata = metadata
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own protocol
        str: Text,
        date: Date,
        time: Time,
        datetime: DateTime(timezone=True),
        bytes: LargeBinary,
        dict[str, Any]: JSONB,
        list[str]: JSONB,
        list[dict[str, Any]]: JSONB,
    }


messaging.define(metadata)
idempotency.define(metadata)
audit.define(metadata)
limits.define(metadata)
keys.define(metadata)
