"""The command line. Without a command it opens the desktop app."""

import argparse
import io
import math
import os
import secrets
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rhythmtrainer import __version__
from rhythmtrainer.model import UserError

_SEEDS = 2**63
# Where no seed is given: as many patients as a person can type again.
_SHORT_SEEDS = 100_000
_INTERRUPTED = 130
# Options of every command that reads recordings.
_COMMON: Mapping[str, Mapping[str, Any]] = {
    "--records": {
        "type": Path,
        "metavar": "DIR",
        "help": "folder of recordings, laid out as PhysioNet lays them out; looked at first",
    },
    "--data-dir": {"type": Path, "metavar": "DIR", "help": "keep what is yours here"},
    "--archive": {"metavar": "URL", "help": "read recordings from this address"},
    "--offline": {"action": "store_true", "help": "leave the network alone"},
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program.

    Parameters
    ----------
    argv
        Arguments without the program's name; None takes the process's own.

    Returns
    -------
    int
        0 when all went well, 1 after a fault that was told in a sentence, 130 when it was
        interrupted; wrong arguments leave through ``SystemExit`` with 2.
    """
    arguments = _parser().parse_args(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a letter shows a question mark in its place.
        sys.stdout.reconfigure(errors="replace")
    try:
        return _COMMANDS[arguments.command](arguments)
    except UserError as error:
        _complain(str(error))
        return 1
    except KeyboardInterrupt:
        _complain("stopped.")
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read what is printed has seen enough.
        _leave_output()
        return 1


def _say(what: str) -> None:
    try:
        print(what, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        _leave_output()
        raise UserError(
            f"What was found could not be written: {error.strerror or error}."
        ) from error


def _leave_output() -> None:
    """Send what is still waiting to be written nowhere: it would fail again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(what: str) -> None:
    print(f"rhythmtrainer: {what}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rhythmtrainer",
        description="Drill ECG rhythm recognition on real recordings. For training only; "
        "not a medical device.",
    )
    parser.add_argument("--version", action="version", version=f"rhythmtrainer {__version__}")
    for option, form in _COMMON.items():
        parser.add_argument(option, **form)
    parser.add_argument("--database", metavar="URL", help="keep answers in this database")
    parser.add_argument("--seed", type=_seed, metavar="N", help="chance of the first session")
    commands = parser.add_subparsers(dest="command", title="commands", metavar="")
    analyze = commands.add_parser("analyze", help="measure a record on this computer")
    analyze.add_argument(
        "record", metavar="RECORD", help="a path, or a name such as mitdb/1.0.0/100"
    )
    analyze.add_argument("--start", type=_seconds, default=0.0, metavar="S", help="seconds to skip")
    analyze.add_argument("--duration", type=_seconds, metavar="S", help="seconds to measure")
    analyze.add_argument("--lead", metavar="L", help="name of the lead; the first if left out")
    analyze.add_argument(
        "--as-guessed", action="store_true", help="read a table as it seems to be laid out"
    )
    analyze.add_argument("--json", action="store_true", help="print JSON")
    analyze.add_argument("--png", type=Path, metavar="FILE", help="draw it on ECG paper")
    _add_common(analyze, "--records", "--data-dir")
    _add_simulate(commands.add_parser("simulate", help="make a strip of a rhythm by a model"))
    _add_actions(commands.add_parser("records", help="fetch, check and list recordings"))
    return parser


def _add_simulate(simulate: argparse.ArgumentParser) -> None:
    add = simulate.add_argument
    add("rhythm", metavar="RHYTHM", nargs="?", help="its id, name or abbreviation")
    add("--list", action="store_true", help="say what there is, and what may vary")
    add("--seconds", type=_seconds, default=10.0, metavar="S", help="length; 10 if left out")
    add("--fs", type=_number, default=500.0, metavar="HZ", help="samples per second; 500")
    add("--leads", default="II", metavar="L,L", help="names, or 12 for the twelve; II")
    add("--seed", type=_seed, default=argparse.SUPPRESS, metavar="N", help="the patient")
    add("--age", type=_number, metavar="YEARS", help="an adult's if left out")
    add(
        "--noise",
        default="1",
        metavar="X",
        help="0 for none, 1 for what is usual; or clean, usual, noisy, artifact, cpr",
    )
    add("--vary", action="append", default=[], metavar="NAME=VALUE", help="see --list")
    add("--then", action="append", default=[], metavar="RHYTHM:SECONDS", help="what it turns into")
    add("--out", type=Path, metavar="FILE", help="write a .hea, .edf, .csv or .png file")
    add("--json", action="store_true", help="print all that is known of it as JSON")


def _add_actions(records: argparse.ArgumentParser) -> None:
    _add_common(records, *_COMMON)
    actions = records.add_subparsers(dest="action", required=True, title="actions", metavar="")
    fetch = actions.add_parser("fetch", help="copy records, or a whole database, to this computer")
    index = actions.add_parser("index", help="add a fetched database to your own catalogue")
    list_ = actions.add_parser("list", help="say what is known, here, and in the catalogue")
    coverage = actions.add_parser("coverage", help="say how much there is of every rhythm")
    verify = actions.add_parser("verify", help="compare what is here with what was published")
    for action in (fetch, index):
        action.add_argument("of", metavar="DB", help="a database, such as mitdb")
    for action in (list_, verify):
        action.add_argument("of", metavar="DB", nargs="?", help="one database only")
    fetch.add_argument("names", metavar="RECORD", nargs="*", help="some of its records only")
    coverage.add_argument("--json", action="store_true", help="print JSON")
    for action in (fetch, index, list_, coverage, verify):
        _add_common(action, *_COMMON)


def _add_common(parser: argparse.ArgumentParser, *options: str) -> None:
    """Let options that stand before a command's name stand behind it as well."""
    for option in options:
        parser.add_argument(option, **{**_COMMON[option], "default": argparse.SUPPRESS})


def _seed(text: str) -> int:
    seed = int(text)
    if not 0 <= seed < _SEEDS:
        raise argparse.ArgumentTypeError(f"must be from 0 to {_SEEDS - 1}")
    return seed


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError("must be a number")
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not math.isfinite(seconds):
        raise argparse.ArgumentTypeError("must be a number of seconds")
    return seconds


def _analyze(arguments: argparse.Namespace) -> int:
    from rhythmtrainer import analysis

    request = analysis.Request(
        record=arguments.record,
        folder=arguments.records,
        start_s=arguments.start,
        duration_s=arguments.duration,
        lead=arguments.lead,
        data_dir=arguments.data_dir,
        as_guessed=arguments.as_guessed,
    )
    found = analysis.analyze(request, os.environ)
    if arguments.png is not None:
        analysis.save_picture(found, arguments.png)
    _say(analysis.as_json(found) if arguments.json else analysis.as_text(found))
    return 0


def _simulate(arguments: argparse.Namespace) -> int:
    from rhythmtrainer import simulate_command as command

    if arguments.list:
        _say(command.list_rhythms(arguments.rhythm, arguments.age))
        return 0
    if arguments.rhythm is None:
        raise UserError("Which rhythm? rhythmtrainer simulate --list names all.")
    made = command.make(
        command.Request(
            rhythm=arguments.rhythm,
            seconds=arguments.seconds,
            fs=arguments.fs,
            leads=arguments.leads,
            seed=secrets.randbelow(_SHORT_SEEDS) if arguments.seed is None else arguments.seed,
            age=arguments.age,
            noise=arguments.noise,
            vary=tuple(arguments.vary),
            then=tuple(arguments.then),
        )
    )
    written = [] if arguments.out is None else [command.save(made, arguments.out)]
    _say(command.as_json(made) if arguments.json else "\n".join([command.as_text(made), *written]))
    return 0


def _records(arguments: argparse.Namespace) -> int:
    from rhythmtrainer import records_command as command

    around = command.Surroundings(
        records=arguments.records,
        data_dir=arguments.data_dir,
        archive=arguments.archive,
        offline=arguments.offline,
        environ=os.environ,
    )
    if arguments.action == "verify":
        return _verify(command.verify(around, arguments.of, sys.stderr))
    if arguments.action == "coverage":
        _say(command.coverage(around, as_json=arguments.json))
    elif arguments.action == "fetch":
        _say(command.fetch(around, arguments.of, arguments.names, sys.stderr))
    elif arguments.action == "index":
        _say(command.index(around, arguments.of, sys.stderr))
    elif arguments.of:
        _say(command.list_records(around, arguments.of))
    else:
        _say(command.list_databases(around))
    return 0


def _verify(found: Iterable[tuple[str, bool]]) -> int:
    code = 0
    for said, sound in found:
        if sound:
            _say(said)
        else:
            _complain(said)
            code = 1
    return code


def _open_desktop(arguments: argparse.Namespace) -> int:
    from rhythmtrainer.platform_check import qt_fault

    if arguments.records is not None and not arguments.records.is_dir():
        raise UserError(f"There is no folder of recordings at {arguments.records}.")
    fault = qt_fault(os.environ, may_install=True)
    if fault is not None:
        raise UserError(fault)
    from rhythmtrainer import app

    return app.run(
        app.Options(
            records=arguments.records,
            data_dir=arguments.data_dir,
            archive=arguments.archive,
            offline=arguments.offline,
            database=arguments.database,
            seed=arguments.seed,
        )
    )


_COMMANDS: Mapping[str | None, Callable[[argparse.Namespace], int]] = {
    None: _open_desktop,
    "analyze": _analyze,
    "records": _records,
    "simulate": _simulate,
}
