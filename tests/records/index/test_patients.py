"""One person has one name, and one recording stands in the catalogue once."""

import re

from rhythmtrainer.model import LeadName, RateSource, RecordRef, RhythmId, Span, StripRef
from rhythmtrainer.paths import dataset
from rhythmtrainer.records.index.patients import identified, merged, patient_rows
from rhythmtrainer.records.index.rule_files import read_rules
from rhythmtrainer.records.index.rules import Identity

SHIPPED = read_rules(dataset("rules"), "mitdb").identities


def span(database: str, record: str, patient: str) -> Span:
    ref = StripRef(RecordRef(database, "1.0", record), (LeadName("II"),), 0.0, 10.0)
    return Span(ref, RhythmId.PAC, frozenset(), "made", None, RateSource.NONE, patient)


def test_records_of_one_person_get_one_patient() -> None:
    spans = [span("mitdb", "201", "mitdb-201"), span("mitdb", "202", "mitdb-202")]
    assert {one.patient for one in identified(spans, SHIPPED)} == {"mitdb-201"}


def test_pieces_of_one_recording_get_the_number_in_their_names() -> None:
    names = ["Training_set_I/data_21_7", "Training_set_I/data_21_8", "Training_set_II/data_101_6"]
    spans = identified([span("cpsc2021", name, name) for name in names], SHIPPED)
    assert [one.patient for one in spans] == ["cpsc2021-21", "cpsc2021-21", "cpsc2021-101"]


def test_a_patient_that_the_reader_knows_stays() -> None:
    spans = [span("ptb-xl", "records500/00000/00008_hr", "ptb-xl-patient-11275")]
    assert identified(spans, SHIPPED) == spans


def test_a_recording_of_two_databases_stays_in_the_first() -> None:
    here = span("ptb-xl", "records500/00000/00008_hr", "ptb-xl-patient-1")
    again = span("challenge-2021", "training/ptb-xl/HR00008", "ptb-xl-patient-1")
    other = span("challenge-2021", "training/ptb-xl/HR00009", "ptb-xl-patient-2")
    assert merged([here, again, other], SHIPPED) == [here, other]
    assert merged([again, other], SHIPPED) == [again, other]


def test_a_row_tells_why_a_record_is_somebodys() -> None:
    identity = Identity("made", re.compile(r"a(\d)"), "the same tape", "header", patient=r"made-\1")
    spans = identified([span("made", "a1", "?"), span("made", "b1", "made-b1")], (identity,))
    rows = patient_rows(spans, (identity,))
    assert rows == [("made", "a1", "made-1", "the same tape")]
