"""Annotations are read as times and codes, whatever their files are called."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import wfdb

from rhythmtrainer.model import RecordRef
from rhythmtrainer.records.index.recordings import read_recording, record_names
from rhythmtrainer.records.index.rules import BuildError
from tests.records.index.making_recordings import FS, some_rules, write_recording

REF = RecordRef("made", "1.0.0", "1")
RULES = some_rules()


def annotate(folder: Path, notes: list[tuple[float, str, str, int]]) -> Path:
    path = write_recording(folder / "made" / "1.0.0", "1", "N" * 50)
    wfdb.wrann(
        "1",
        "atr",
        (FS * np.array([at for at, _, _, _ in notes])).astype(int),
        symbol=[symbol for _, symbol, _, _ in notes],
        aux_note=[text for _, _, text, _ in notes],
        subtype=np.array([kind for _, _, _, kind in notes]),
        write_dir=str(path.parent),
    )
    return folder


def test_beats_have_times_and_codes(tmp_path: Path) -> None:
    write_recording(tmp_path / "made" / "1.0.0", "1", "NNVxN")
    found = read_recording(REF, tmp_path, RULES)
    assert found.codes == "NNVxN"
    assert found.beats == pytest.approx([0.4, 1.2, 2.0, 2.8, 3.6])
    assert found.conducted == pytest.approx([0.4, 1.2, 2.0, 3.6])


def test_an_episode_lasts_to_the_next_label_of_a_rhythm(tmp_path: Path) -> None:
    notes = [
        (0.2, "+", "(N\0", 0),
        (5.0, "+", "\x01 Aux", 0),
        (10.0, "+", "(AFIB", 0),
        (12.0, '"', "MISSB", 0),
        (30.0, "+", "(ST0+", 0),
    ]
    rules = replace(RULES, rhythm_note=re.compile(r"\([A-Z]+$"))
    found = read_recording(REF, annotate(tmp_path, notes), rules)
    assert found.episodes == (("(N", 0.2, 10.0), ("(AFIB", 10.0, found.length / FS))


def test_noise_is_told_for_each_signal(tmp_path: Path) -> None:
    notes = [(1.0, "~", "", 1), (3.0, "~", "", 0), (5.0, "~", "", 2), (7.0, "~", "", -1)]
    found = read_recording(REF, annotate(tmp_path, notes), RULES)
    assert found.noisy == (((1.0, 3.0), (7.0, found.length / FS)),)


def test_tape_slips_and_single_artifacts_are_marks(tmp_path: Path) -> None:
    notes = [(1.0, "|", "", 0), (2.0, '"', "TS", 0), (3.0, '"', "PSE", 0)]
    assert list(read_recording(REF, annotate(tmp_path, notes), RULES).marks) == [1.0, 2.0]


def test_annotations_may_have_another_ending(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "1.0.0"
    write_recording(folder, "1", "NNN", ending="qrs")
    rules = replace(RULES, annotations="qrs")
    assert record_names(folder, rules) == ["1"]
    assert read_recording(REF, tmp_path, rules).codes == "NNN"


def test_a_record_without_annotations_is_not_listed(tmp_path: Path) -> None:
    write_recording(tmp_path, "1", "NNN")
    write_recording(tmp_path, "sub/2", "NNN")
    (tmp_path / "1.atr").unlink()
    assert record_names(tmp_path, RULES) == ["sub/2"]


def test_a_database_without_annotations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="holds no recordings"):
        record_names(tmp_path, RULES)
