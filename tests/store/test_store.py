import multiprocessing
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from rhythmtrainer.model import (
    Attempt,
    CourseId,
    LeadName,
    Mode,
    Origin,
    QuestionId,
    QuestionKind,
    RecordRef,
    RhythmId,
    Session,
    SessionId,
    StoreError,
    StripRef,
    Verdict,
)
from rhythmtrainer.store import Store, database, open_store, sqlite_url
from rhythmtrainer.store.tables import metadata
from tests.support import fakes


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "answers.sqlite"


@pytest.fixture
def store(file: Path) -> Store:
    return open_store(sqlite_url(file))


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
RHYTHMS = st.sampled_from(RhythmId)
TIMES = st.datetimes(timezones=st.just(UTC))
ATTEMPTS = st.builds(
    Attempt,
    question=st.uuids().map(lambda u: QuestionId(u.hex)),
    session=st.just(SessionId("s1")),
    position=st.integers(0, 1000),
    kind=st.sampled_from(QuestionKind),
    window=st.builds(
        StripRef,
        st.builds(RecordRef, TEXTS, TEXTS, TEXTS),
        st.lists(TEXTS.map(LeadName), max_size=12).map(tuple),
        st.floats(0, 1e6),
        st.floats(0, 1e3),
    ),
    label=TEXTS,
    patient=TEXTS,
    origin=st.sampled_from(Origin),
    choices=st.lists(RHYTHMS, min_size=1, max_size=6).map(tuple),
    chosen=RHYTHMS,
    answer=RHYTHMS,
    verdict=st.sampled_from(Verdict),
    response_s=st.floats(0, 1e6),
    answered_at=TIMES,
)


@given(ATTEMPTS)
@settings(max_examples=40, deadline=None)
def test_what_is_saved_comes_back_the_same(attempt: Attempt) -> None:
    store = open_store("sqlite://")
    store.start_session(fakes.session())
    store.add(attempt)
    assert list(store.attempts()) == [attempt]
    store.close()


def test_times_of_other_zones_come_back_as_the_same_moment(store: Store) -> None:
    east = datetime(2026, 3, 1, 20, 0, tzinfo=timezone(timedelta(hours=8)))
    store.start_session(Session(SessionId("s1"), CourseId.ACLS, Mode.PRACTICE, 2**40, east))
    found = store.sessions(1)[0]
    assert found.started_at == fakes.NOW
    assert found.seed == 2**40
    store.close()


def test_answers_outlive_the_program(file: Path, store: Store) -> None:
    store.start_session(fakes.session())
    store.add(fakes.attempt())
    store.close()
    again = open_store(sqlite_url(file))
    assert [a.question for a in again.attempts()] == ["q1"]
    again.close()


def test_an_answer_saved_twice_is_kept_once(store: Store) -> None:
    store.start_session(fakes.session())
    store.add(fakes.attempt(response_s=1.0))
    store.add(fakes.attempt(response_s=2.0))
    assert [a.response_s for a in store.attempts()] == [1.0]
    store.close()


def test_an_answer_without_its_session_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="Nothing can be saved"):
        store.add(fakes.attempt(session_id="nobody"))
    store.close()


def test_answers_come_oldest_first_and_sessions_newest_first(store: Store) -> None:
    for n in (1, 0, 2):
        when = fakes.NOW + timedelta(hours=n)
        store.start_session(fakes.session(f"s{n}", started_at=when))
        store.add(fakes.attempt(f"q{n}", session_id=f"s{n}", answered_at=when))
    assert [a.question for a in store.attempts()] == ["q0", "q1", "q2"]
    assert [s.id for s in store.sessions(2)] == ["s2", "s1"]
    store.close()


def test_the_newest_step_makes_exactly_the_tables_that_the_code_uses(
    file: Path, store: Store
) -> None:
    store.close()
    engine = create_engine(sqlite_url(file))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_file_is_written_ahead(file: Path, store: Store) -> None:
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    store.close()


def test_a_database_of_a_newer_version_is_left_alone(file: Path, store: Store) -> None:
    store.start_session(fakes.session())
    store.close()
    engine = create_engine(sqlite_url(file))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    before = file.read_bytes()
    with pytest.raises(StoreError, match="newer version"):
        open_store(sqlite_url(file))
    assert file.read_bytes() == before


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "answers.sqlite"
    file.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match="file is not a database"):
        open_store(sqlite_url(file))
    assert file.read_bytes() == b"not a database at all" * 100


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(StoreError, match="folder for your answers cannot be made"):
        open_store(sqlite_url(tmp_path / "data" / "answers.sqlite"))


@pytest.mark.parametrize("url", ["nonsense", "nosuch://host/db", "sqlite+nosuch:///x"])
def test_a_wrong_address_is_told(url: str) -> None:
    with pytest.raises(StoreError, match="not a database address"):
        open_store(url)


def test_a_database_whose_driver_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match="psycopg"):
        open_store("postgresql+psycopg://nobody@127.0.0.1/nothing")


def test_rows_that_only_a_newer_version_knows_are_left_out(file: Path, store: Store) -> None:
    store.start_session(fakes.session())
    store.add(fakes.attempt("old"))
    store.add(fakes.attempt("new"))
    store.close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE attempt SET answer = 'new_rhythm' WHERE question = 'new'")
    connection.close()
    again = open_store(sqlite_url(file))
    assert [a.question for a in again.attempts()] == ["old"]
    again.close()


@contextmanager
def writing_elsewhere(file: Path) -> Iterator[None]:
    """Hold the right to write as another window would."""
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


def test_a_database_that_another_program_holds_is_told_and_nothing_is_lost(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_WAIT_S", 0.05)
    store = open_store(sqlite_url(file))
    store.start_session(fakes.session())
    with writing_elsewhere(file), pytest.raises(StoreError, match="locked"):
        store.add(fakes.attempt())
    store.add(fakes.attempt())
    assert len(store.attempts()) == 1
    store.close()


def open_and_begin(file: Path, name: str) -> None:
    store = open_store(sqlite_url(file))
    store.start_session(fakes.session(name))
    store.close()


def test_several_windows_can_open_a_new_database_at_once(file: Path) -> None:
    context = multiprocessing.get_context("spawn")
    windows = [context.Process(target=open_and_begin, args=(file, f"s{n}")) for n in range(4)]
    for window in windows:
        window.start()
    for window in windows:
        window.join(60.0)
    assert [window.exitcode for window in windows] == [0, 0, 0, 0]
    store = open_store(sqlite_url(file))
    assert len(store.sessions(10)) == 4
    store.close()


def test_answers_can_be_read_while_another_window_writes(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_WAIT_S", 0.05)
    store = open_store(sqlite_url(file))
    store.start_session(fakes.session())
    store.add(fakes.attempt())
    with writing_elsewhere(file):
        assert len(store.attempts()) == 1
    store.close()


def test_what_is_saved_is_on_the_disk_before_the_program_goes_on(store: Store) -> None:
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    store.close()
