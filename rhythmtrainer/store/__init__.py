"""What is remembered between one day and the next."""

from rhythmtrainer.store.attempts import Store
from rhythmtrainer.store.database import open_store, sqlite_url

__all__ = ["Store", "open_store", "sqlite_url"]
