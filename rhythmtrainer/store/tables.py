"""The tables as the newest migration leaves them."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept as UTC: SQLite itself forgets the zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Drop the zone after moving to UTC."""
        del dialect
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        return value.replace(tzinfo=UTC) if value is not None else None


session_table = Table(
    "session",
    metadata,
    Column("id", String, primary_key=True),
    Column("course", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
)

attempt_table = Table(
    "attempt",
    metadata,
    # One question has one answer: the key is what makes a second save harmless.
    Column("question", String, primary_key=True),
    Column("session", String, ForeignKey("session.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("database", String, nullable=False),
    Column("version", String, nullable=False),
    Column("record", String, nullable=False),
    Column("leads", JSON, nullable=False),
    Column("start_s", Float, nullable=False),
    Column("duration_s", Float, nullable=False),
    Column("label", String, nullable=False),
    Column("patient", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("choices", JSON, nullable=False),
    Column("chosen", String, nullable=False),
    Column("answer", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("response_s", Float, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
    Index("attempt_by_session", "session", "position"),
    Index("attempt_by_time", "answered_at"),
)
