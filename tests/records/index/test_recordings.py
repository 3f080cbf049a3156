"""Annotations are read as times and codes, whatever their files are called."""

import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rhythmtrainer.model import RecordRef
from rhythmtrainer.records.index.recordings import read_recording, record_names
from rhythmtrainer.records.index.rules import BuildError, EpisodeSymbol
from tests.records.index.making_recordings import FS, some_rules, write_recording
from tests.support.wfdb_files import write_annotations

REF = RecordRef("made", "1.0.0", "1")
RULES = some_rules()


def annotate(folder: Path, notes: list[tuple[float, str, str, int]]) -> Path:
    path = write_recording(folder / "made" / "1.0.0", "1", "N" * 50)
    write_annotations(
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


def test_noise_that_ends_without_a_beginning_was_there_all_along(tmp_path: Path) -> None:
    notes = [(9.0, "~", "", 0), (12.0, "~", "", 2), (14.0, "~", "", 0)]
    found = read_recording(REF, annotate(tmp_path, notes), RULES)
    assert found.noisy == (((0.0, 9.0),),)


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


def test_beats_may_stand_in_a_file_of_their_own_the_best_one_first(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "1.0.0"
    rules = replace(RULES, beat_annotations=("qrsc", "qrs"))
    write_recording(folder, "1", "VVV")
    assert read_recording(REF, tmp_path, rules).codes == "VVV"
    write_recording(folder, "1", "NNN", ending="qrs")
    assert read_recording(REF, tmp_path, rules).codes == "NNN"
    write_recording(folder, "1", "AAA", ending="qrsc")
    assert read_recording(REF, tmp_path, rules).codes == "AAA"


def test_a_code_may_begin_an_episode_that_lasts_for_a_while(tmp_path: Path) -> None:
    bracket = EpisodeSymbol("[", "made for a test", lasts_s=6.0)
    rules = replace(RULES, episode_symbols=(bracket,), unlabelled="nothing")
    notes = [(10.0, "[", "", 0), (14.0, "[", "", 0), (30.0, "+", "(AFIB", 0)]
    found = read_recording(REF, annotate(tmp_path, notes), rules)
    assert found.episodes == (
        ("nothing", 0.0, 10.0),
        ("[", 10.0, 14.0),
        ("[", 14.0, 20.0),
        ("nothing", 20.0, 30.0),
        ("(AFIB", 30.0, found.length / FS),
    )


def test_a_recording_without_a_label_is_one_episode_where_the_rules_name_it(tmp_path: Path) -> None:
    records = annotate(tmp_path, [(1.0, "N", "None", 0)])
    assert read_recording(REF, records, RULES).episodes == ()
    found = read_recording(REF, records, replace(RULES, unlabelled="nothing"))
    assert found.episodes == (("nothing", 0.0, found.length / FS),)


def test_a_text_ends_where_a_zero_stands(tmp_path: Path) -> None:
    rules = replace(RULES, rhythm_note=re.compile(r"\([A-Z]+$"))
    records = annotate(tmp_path, [(1.0, "+", "(N\x00\x13", 0), (5.0, "T", "(T0+\x00N", 0)])
    found = read_recording(REF, records, rules)
    assert found.episodes == (("(N", 1.0, found.length / FS),)


def test_where_no_beat_is_annotated_for_long_nobody_looked(tmp_path: Path) -> None:
    records = annotate(tmp_path, [(10.0, "N", "", 0), (17.0, "N", "", 0), (30.0, "x", "", 0)])
    assert read_recording(REF, records, RULES).unread == ((-math.inf, 8.0), (19.0, math.inf))


def test_a_recording_of_rhythms_alone_is_read_throughout(tmp_path: Path) -> None:
    assert read_recording(REF, annotate(tmp_path, [(1.0, "+", "(N", 0)]), RULES).unread == ()


@pytest.mark.parametrize(
    ("said", "comments", "patient"),
    [
        (None, "# patient 7", "made-1"),
        (r"patient (\d+)", "# patient 7", "made-7"),
        (r"patient (\d+)", "# nobody", "made-1"),
    ],
)
def test_the_header_may_say_who_was_recorded(
    tmp_path: Path, said: str | None, comments: str, patient: str
) -> None:
    path = write_recording(tmp_path / "made" / "1.0.0", "1", "NNN")
    header = path.with_suffix(".hea")
    header.write_text(f"{header.read_text()}{comments}\n")
    rules = replace(RULES, patient=None if said is None else re.compile(said))
    assert read_recording(REF, tmp_path, rules).patient == patient


def test_headers_that_say_the_same_are_of_one_person(tmp_path: Path) -> None:
    def patient(comments: str) -> str:
        path = write_recording(tmp_path / "made" / "1.0.0", "1", "NNN")
        header = path.with_suffix(".hea")
        header.write_text(f"{header.read_text()}{comments}")
        return read_recording(REF, tmp_path, replace(RULES, patient=re.compile(".+"))).patient

    assert patient("# 62 M\n# angina\n") == patient("#angina\n#62  M\n")
    assert patient("# 62 M\n# angina\n") != patient("# 63 M\n# angina\n")


def test_a_part_of_a_lead_is_read_and_nothing_else(tmp_path: Path) -> None:
    write_recording(tmp_path / "made" / "1.0.0", "1", "N" * 20)
    found = read_recording(REF, tmp_path, RULES)
    first, part = found.signal("II", (2.0, 4.0))
    _, whole = found.signal("II", (-5.0, 1000.0))
    assert first == 2.0
    assert whole.size == found.length
    assert part == pytest.approx(whole[round(2 * FS) : round(4 * FS)])
