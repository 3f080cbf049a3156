"""Sessions and answers, kept in a database."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from rhythmtrainer.model import Attempt, Session, StoreError
from rhythmtrainer.store.rows import attempt_from, attempt_row, session_from, session_row
from rhythmtrainer.store.tables import attempt_table, session_table

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Store:
    """Implements `rhythmtrainer.training.ports.AttemptStore` on an SQLAlchemy engine.

    Made by `rhythmtrainer.store.open_store`. Belongs to the thread that made it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def start_session(self, session: Session) -> None:
        """Remember that a session has begun."""
        with self._saving() as connection:
            connection.execute(insert(session_table).values(session_row(session)))

    def add(self, attempt: Attempt) -> None:
        """Remember an answer; a second save of the same question changes nothing."""
        try:
            with self._saving() as connection:
                connection.execute(insert(attempt_table).values(attempt_row(attempt)))
        except StoreError as error:
            if not (isinstance(error.__cause__, IntegrityError) and self._holds(attempt)):
                raise

    def attempts(self) -> Sequence[Attempt]:
        """Return all answers, the oldest first."""
        rows = self._rows(select(attempt_table).order_by(attempt_table.c.answered_at))
        return _understood(attempt_from, rows)

    def sessions(self, limit: int) -> Sequence[Session]:
        """Return the last sessions, the newest first."""
        rows = self._rows(
            select(session_table).order_by(session_table.c.started_at.desc()).limit(limit)
        )
        return _understood(session_from, rows)

    def close(self) -> None:
        """Let go of the database. The store cannot be used afterwards."""
        self._engine.dispose()

    @contextmanager
    def _saving(self) -> Iterator[Connection]:
        try:
            with writing(self._engine).begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreError(f"Nothing can be saved now: {fault_of(error)}.") from error

    def _holds(self, attempt: Attempt) -> bool:
        same = select(attempt_table.c.question).where(attempt_table.c.question == attempt.question)
        return bool(self._rows(same))

    def _rows(self, query: Any) -> list[Mapping[str, Any]]:
        try:
            with self._engine.connect() as connection:
                return [dict(row) for row in connection.execute(query).mappings()]
        except SQLAlchemyError as error:
            raise StoreError(f"Your answers could not be read: {fault_of(error)}.") from error


def writing(engine: Engine) -> Engine:
    """Return the same engine, whose transactions take the right to write when they begin."""
    return engine.execution_options(writes=True)


def fault_of(error: SQLAlchemyError) -> str:
    """Return the database's own words for what went wrong, without the statement."""
    return str(error.orig) if isinstance(error, DBAPIError) else str(error)


def _understood(
    read: Callable[[Mapping[str, Any]], _T], rows: Iterable[Mapping[str, Any]]
) -> list[_T]:
    """Read rows, leaving out those with words that only a newer version knows."""
    found = []
    for row in rows:
        try:
            found.append(read(row))
        except ValueError as error:
            _log.info("left out a row of the database: %s", error)
    return found
