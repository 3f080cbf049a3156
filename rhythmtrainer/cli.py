"""The command line. Without a command it opens the desktop app."""

import argparse
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rhythmtrainer import __version__
from rhythmtrainer.model import UserError

_SEEDS = 2**63


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program.

    Parameters
    ----------
    argv
        Arguments without the program's name; None takes the process's own.

    Returns
    -------
    int
        0 when all went well, 1 after a fault that was told in a sentence; wrong arguments
        leave through ``SystemExit`` with 2.
    """
    arguments = _parser().parse_args(argv)
    try:
        if arguments.command == "analyze":
            return _analyze(arguments)
        return _open_desktop(arguments)
    except UserError as error:
        print(f"rhythmtrainer: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rhythmtrainer",
        description="Drill ECG rhythm recognition on real recordings. For training only; "
        "not a medical device.",
    )
    parser.add_argument("--version", action="version", version=f"rhythmtrainer {__version__}")
    parser.add_argument(
        "--records",
        type=Path,
        metavar="DIR",
        help="folder of recordings, laid out as PhysioNet lays them out; looked at first",
    )
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="keep answers and settings here"
    )
    parser.add_argument("--archive", metavar="URL", help="read recordings from this address")
    parser.add_argument("--offline", action="store_true", help="leave the network alone")
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
    analyze.add_argument("--json", action="store_true", help="print JSON")
    analyze.add_argument("--png", type=Path, metavar="FILE", help="draw it on ECG paper")
    # Understood before and behind the command's name.
    analyze.add_argument(
        "--records", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    return parser


def _seed(text: str) -> int:
    seed = int(text)
    if not 0 <= seed < _SEEDS:
        raise argparse.ArgumentTypeError(f"must be from 0 to {_SEEDS - 1}")
    return seed


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
    )
    found = analysis.analyze(request, os.environ)
    if arguments.png is not None:
        analysis.save_picture(found, arguments.png)
    print(analysis.as_json(found) if arguments.json else analysis.as_text(found))
    return 0


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
