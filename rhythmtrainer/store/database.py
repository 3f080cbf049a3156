"""Opening the memory of answers, and bringing it to the newest form."""

import logging
import sqlite3
import time
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from rhythmtrainer.model import StoreError
from rhythmtrainer.store.attempts import Store, fault_of, writing

_MIGRATIONS = Path(__file__).with_name("migrations")
_BUSY_WAIT_S = 2.0
_BUSY_PAUSE_S = 0.02


def sqlite_url(file: Path) -> URL:
    """Return the address of a database file."""
    return URL.create("sqlite", database=str(file))


def open_store(url: str | URL) -> Store:
    """Open the memory of answers, creating or migrating it first where needed.

    Parameters
    ----------
    url
        An SQLAlchemy database address. For SQLite the file's folder is created.

    Raises
    ------
    StoreError
        If the address is wrong, the database cannot be opened, is damaged, or was written by
        a newer version of the program.
    """
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite" and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(address)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreError(f"This is not a database address that can be used: {error}.") from error
    except ImportError as error:
        raise StoreError(
            f"A database of this kind needs the Python package {error.name} to be installed."
        ) from error
    except OSError as error:
        raise StoreError(
            f"The folder for your answers cannot be made: {error.strerror} ({error.filename})."
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        with writing(engine).begin() as connection:
            _migrate(connection)
    except SQLAlchemyError as error:
        engine.dispose()
        where = address.render_as_string(hide_password=True)
        raise StoreError(f"Your answers cannot be opened ({where}): {fault_of(error)}.") from error
    except StoreError:
        engine.dispose()
        raise
    _check_wal(engine)
    return Store(engine)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Set up each connection so that what is saved survives a killed process and a power cut."""
    # The driver would begin transactions late, and not at all before a change of tables.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {int(_BUSY_WAIT_S * 1000)}",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection)


def _write_ahead(connection: Any) -> None:
    """Change over to a write-ahead log, waiting while another window does.

    SQLite does not wait by itself for this one change.
    """
    until = time.monotonic() + _BUSY_WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_BUSY_PAUSE_S)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    """Take the right to write at once where it will be needed.

    Two windows that open a new file then wait for each other; readers never wait.
    """
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_wal(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    if mode not in ("wal", "memory"):
        # Some network drives cannot share memory; a plain journal is as safe, only slower.
        logging.getLogger(__name__).info("journal mode is %s, not WAL", mode)


def _migrate(connection: Connection) -> None:
    config = Config()
    # A percent sign in a path would be read as interpolation.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    current = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(config)
    if current == scripts.get_current_head():
        return
    known = {script.revision for script in scripts.walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(
            "Your answers were saved by a newer version of this program. "
            "Nothing was changed; please install the newer version to open them."
        )
    command.upgrade(config, "head")
