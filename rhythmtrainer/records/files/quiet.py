"""Libraries that warn where this program says in its own words what is wrong."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Let no warning out while a library reads a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
