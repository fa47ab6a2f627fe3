"""The metadata of the notify schema, and the mechanisms' tables in it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from shared.audit import log as audit
from shared.db.naming import NAMING
from shared.http import limits
from shared.messaging import tables as messaging

metadata = MetaData(schema="notify", naming_convention=NAMING)


class Base(DeclarativeBase):
    metadata = metadata
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own protocol
        str: Text,
        date: Date,
        datetime: DateTime(timezone=True),
        list[str]: JSONB,
        list[dict[str, Any]]: JSONB,
    }


messaging.define(metadata)
audit.define(metadata)
limits.define(metadata)
