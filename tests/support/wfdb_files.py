"""Records and annotations written by the WFDB library, for tests to read."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Before the library, whose import it keeps quiet.
import rhythmtrainer.records.signals.decode  # noqa: F401

import wfdb  # isort: skip


def write_samples(*args: Any, **kwargs: Any) -> None:
    """Write a record; see `wfdb.wrsamp`."""
    with _old_ways_with_pandas():
        wfdb.wrsamp(*args, **kwargs)


def write_annotations(*args: Any, **kwargs: Any) -> None:
    """Write an annotation file; see `wfdb.wrann`."""
    with _old_ways_with_pandas():
        wfdb.wrann(*args, **kwargs)


@contextmanager
def _old_ways_with_pandas() -> Iterator[None]:
    # When it writes, the library calls pandas in a way that pandas 3.1 warns about.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The inplace keyword", DeprecationWarning)
        yield
