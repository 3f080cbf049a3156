"""What the benchmarks have in common: the machine, the recordings, fair timing, optional peers."""

import argparse
import importlib
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import scipy

RECORDS_VARIABLE = "RHYTHMTRAINER_TEST_RECORDS"

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def setting() -> dict[str, Any]:
    """Describe the machine and the libraries, for the foot of a table."""
    return {
        "machine": _processor(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "cores_allowed": len(_allowed_cores()) or os.cpu_count(),
        "threads": {name: os.environ.get(name, "not set") for name in _THREAD_VARIABLES},
    }


def records_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--records DIR``, from the environment where that names one, and ``--json``."""
    folder = os.environ.get(RECORDS_VARIABLE)
    parser.add_argument(
        "--records",
        type=Path,
        default=Path(folder) if folder else None,
        required=not folder,
        metavar="DIR",
        help=f"folder laid out as PhysioNet lays it out (default: ${RECORDS_VARIABLE})",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, no table")


def interleaved(callables: Mapping[str, Callable[[], object]], runs: int) -> dict[str, list[float]]:
    """Time callables in turn, so that all meet the same machine in the same state.

    Each is called once more before the first round, to warm up.

    Returns
    -------
    dict of list of float
        Milliseconds of each run, by the names of the callables.
    """
    for call in callables.values():
        call()
    elapsed_ms: dict[str, list[float]] = {name: [] for name in callables}
    for _ in range(runs):
        for name, call in callables.items():
            start = time.perf_counter()
            call()
            elapsed_ms[name].append((time.perf_counter() - start) * 1000)
    return elapsed_ms


def peer(name: str, notes: list[str] | None = None) -> ModuleType | None:
    """Import an optional rival; None, and a line in `notes`, where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        if notes is not None:
            notes.append(f"{name} is not installed: nothing to compare with")
        return None


@contextmanager
def pinned() -> Iterator[int | None]:
    """Stay on one core while in this context; yield its number, None where that is impossible."""
    allowed = _allowed_cores()
    if not allowed:
        yield None
        return
    core = min(allowed)
    os.sched_setaffinity(0, {core})
    try:
        yield core
    finally:
        os.sched_setaffinity(0, allowed)


def _allowed_cores() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_setaffinity") else set()


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
