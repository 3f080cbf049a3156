"""Feeds damaged files to every reader: a strip that is justified, or one sentence, may come out."""

import argparse
import atexit
import json
import multiprocessing
import random
import resource
import shutil
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

from rhythmtrainer.model import RecordError
from tests.bench.fuzz_damage import damage
from tests.bench.fuzz_subjects import SUBJECTS

_MEMORY_BYTES = 2 << 30
_PATIENCE_S = 10.0
_LONGEST_SENTENCE = 600
_SHOWN = 40


def run_case(subject: str, seed: int) -> str | None:
    """Run one case, which is the same for the same seed; say what is wrong, if anything is."""
    chance = random.Random(f"{subject} {seed}")  # noqa: S311 - damage, not secrets
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        folder = Path(name)
        made = _sound(subject, folder)
        how = damage(made, chance)
        try:
            SUBJECTS[subject].read(made[0])
        except RecordError as error:
            fault = _sentence_fault(str(error))
        except Exception:  # noqa: BLE001 - any other error is what is looked for
            fault = traceback.format_exc(limit=-4)
        else:
            fault = None
    return None if fault is None else f"{how}\n{fault}"


def run(argv: list[str]) -> int:
    """Fuzz all readers for some time; return 1 if anything else came out."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench fuzz")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0, help="the first case")
    parser.add_argument("--subject", choices=SUBJECTS, help="one reader alone")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args(argv)
    subjects = [arguments.subject] if arguments.subject else list(SUBJECTS)
    found = _Pool(subjects, arguments.seed, arguments.processes).run(arguments.seconds)
    if arguments.json:
        failures = [[*case, fault] for case, fault in found.failures]
        print(json.dumps({"cases": dict(found.cases), "failures": failures}))
        return int(bool(failures))
    for subject in subjects:
        print(f"{subject:12} {found.cases[subject]:7} cases")
    for (subject, seed), fault in found.failures[:_SHOWN]:
        print(f"\n--subject {subject} --seed {seed}: {fault}")
    print(f"\n{found.cases.total()} cases, {len(found.failures)} failures")
    return int(bool(found.failures))


@dataclass
class _Found:
    cases: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[tuple[str, int], str]] = field(default_factory=list)


class _Worker:
    """A process of its own, with little memory, that may be killed when a case hangs."""

    def __init__(self, folder: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, folder), daemon=True)
        self.process.start()
        theirs.close()
        self.case: tuple[str, int] = ("", 0)
        self.deadline = 0.0

    def give(self, case: tuple[str, int]) -> None:
        self.case = case
        self.deadline = time.monotonic() + _PATIENCE_S
        self.connection.send(case)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class _Pool:
    """Hands out cases and notes what becomes of them."""

    def __init__(self, subjects: list[str], seed: int, processes: int) -> None:
        self._subjects = subjects
        self._next = seed * len(subjects)
        self._processes = processes
        self._found = _Found()
        self._folder = ""

    def run(self, seconds: float) -> _Found:
        # Whatever a killed process leaves behind goes with the folder.
        with tempfile.TemporaryDirectory(prefix="fuzz-") as self._folder:
            return self._run(seconds)

    def _run(self, seconds: float) -> _Found:
        workers = [self._begun(_Worker(self._folder)) for _ in range(self._processes)]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ready = wait([worker.connection for worker in workers], timeout=0.2)
            workers = [self._attend(worker, worker.connection in ready) for worker in workers]
        for worker in workers:
            worker.end()
        return self._found

    def _attend(self, worker: _Worker, ready: bool) -> _Worker:  # noqa: FBT001 - of the pool
        if ready:
            try:
                fault = worker.connection.recv()
            except (EOFError, ConnectionError):
                return self._replaced(worker, "the process died")
            self._note(worker, fault)
            return self._begun(worker)
        if time.monotonic() > worker.deadline:
            return self._replaced(worker, f"no answer within {_PATIENCE_S:g} s")
        return worker

    def _replaced(self, worker: _Worker, fault: str) -> _Worker:
        self._note(worker, fault)
        worker.end()
        return self._begun(_Worker(self._folder))

    def _begun(self, worker: _Worker) -> _Worker:
        seed, place = divmod(self._next, len(self._subjects))
        self._next += 1
        worker.give((self._subjects[place], seed))
        return worker

    def _note(self, worker: _Worker, fault: str | None) -> None:
        self._found.cases[worker.case[0]] += 1
        if fault is not None:
            self._found.failures.append((worker.case, fault))


_SOUND: dict[str, Path] = {}


def _sound(subject: str, folder: Path) -> list[Path]:
    """Copy the sound files of a subject, which are made once in each process."""
    if subject not in _SOUND:
        kept = Path(tempfile.mkdtemp(prefix="fuzz-sound-"))
        atexit.register(shutil.rmtree, kept, ignore_errors=True)
        names = [file.name for file in SUBJECTS[subject].make(kept)]
        (kept / "names").write_text("\n".join(names), encoding="utf-8")
        _SOUND[subject] = kept
    kept = _SOUND[subject]
    names = (kept / "names").read_text(encoding="utf-8").splitlines()
    for file in kept.iterdir():
        if file.is_file() and file.name != "names":
            shutil.copy(file, folder)
    return [folder / name for name in names]


def _sentence_fault(sentence: str) -> str | None:
    faults = {
        "does not name the file": "made" not in sentence,
        "does not end like a sentence": not sentence.endswith("."),
        "has several lines": not sentence.isprintable(),
        "is too long": len(sentence) > _LONGEST_SENTENCE,
    }
    found = [fault for fault, is_so in faults.items() if is_so]
    return f"the sentence {', '.join(found)}: {sentence!r}" if found else None


def _work(connection: Connection, folder: str) -> None:
    tempfile.tempdir = folder
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    while True:
        subject, seed = connection.recv()
        try:
            connection.send(run_case(subject, seed))
        except MemoryError:
            connection.send("more than the memory that is allowed")
