from pathlib import Path

import pytest

from rhythmtrainer.model import RecordRef, RhythmId
from rhythmtrainer.paths import dataset
from rhythmtrainer.records.index.rules import BuildError
from rhythmtrainer.records.index.statements import Stated, Statement, read_statements

DATABASES = ("ludb", "ptb-xl", "challenge-2021", "ecg-arrhythmia")
SAYS = {"", "annotation", "header", "documentation", "seen in the trace"}


def stated(*terms: str, record: str = "training/ningbo/JS20000") -> Stated:
    return Stated(
        RecordRef("challenge-2021", "1.0.3", record),
        Path("JS20000"),
        {term: f"SNOMED {term}" for term in terms},
        (),
        None,
        "somebody",
    )


@pytest.mark.parametrize("database", DATABASES)
def test_each_shipped_statement_can_be_read_and_gives_its_reason(database: str) -> None:
    rules = read_statements(dataset("rules"), database)

    assert len(rules.statements) > 30
    for statement in rules.statements:
        assert statement.reason.strip()
        assert statement.says in SAYS
        assert statement.says or not statement.records
        assert statement.rhythm not in statement.accepted


@pytest.mark.parametrize("database", DATABASES)
def test_each_code_has_one_meaning(database: str) -> None:
    rules = read_statements(dataset("rules"), database)
    codes = [code for known in rules.terms.values() for code in known] + list(rules.silent)

    assert len(codes) == len(set(codes))


def test_a_statement_follows_from_its_terms_alone() -> None:
    block = Statement(
        "a reason",
        when=frozenset({"first-degree AV block"}),
        beside=frozenset({"sinus rhythm"}),
        rhythm=RhythmId.AVB1,
    )

    assert block.follows(stated("first-degree AV block"))
    assert block.follows(stated("first-degree AV block", "sinus rhythm"))
    assert not block.follows(stated("sinus rhythm"))
    assert not block.follows(stated("first-degree AV block", "atrial flutter"))


def test_a_second_term_that_is_needed_has_to_be_there() -> None:
    both = Statement(
        "a reason",
        when=frozenset({"atrial fibrillation"}),
        also=frozenset({"complete bundle branch block"}),
        rhythm=RhythmId.AF_CONTROLLED,
    )

    assert both.follows(stated("atrial fibrillation", "complete bundle branch block"))
    assert not both.follows(stated("atrial fibrillation"))


def test_what_leaves_a_recording_out_does_so_whatever_else_was_stated() -> None:
    out = Statement("a reason", when=frozenset({"AV block"}))

    assert out.follows(stated("AV block", "sinus rhythm", "atrial flutter"))


@pytest.mark.parametrize(
    ("record", "concerned"), [("JS10646", False), ("JS10647", True), ("JS45551", True)]
)
def test_a_statement_can_be_about_a_range_of_names(record: str, *, concerned: bool) -> None:
    out = Statement("a reason", between=("JS10647", "JS45551"))

    assert out.follows(stated("AV block", record=f"training/g1/{record}")) is concerned


def test_codes_are_understood_silent_or_unknown() -> None:
    rules = read_statements(dataset("rules"), "challenge-2021")
    terms, unknown = rules.understood(["426783006", "39732003", "123456789"])

    assert terms == {"sinus rhythm": "SNOMED 426783006"}
    assert unknown == ("123456789",)


def test_a_code_may_stand_for_many_texts() -> None:
    rules = read_statements(dataset("rules"), "ludb")
    terms, unknown = rules.understood(["Atrial extrasystole: low atrial.", "Ischemia: septal."])

    assert terms == {"premature atrial complex": 'header: "Atrial extrasystole: low atrial."'}
    assert not unknown


def test_all_faults_of_a_file_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "statements.toml").write_text(
        'vocabulary = ["sinus rhythm"]\n'
        "[measuring]\n"
        'leads = ["II"]\nagreeing_leads = 1\nagreement_bpm = 3.0\nadult_years = 16\n'
    )
    (tmp_path / "made.toml").write_text(
        '[terms]\n"sinus rythm" = ["SR"]\n'
        '[[statement]]\nreason = "x"\nwhen = ["sinus rhythm", "flutter"]\n'
        '[[statement]]\nreason = "x"\nrhythm = "flutter"\n'
    )
    with pytest.raises(BuildError) as fault:
        read_statements(tmp_path, "made")

    for word in ("'sinus rythm' is no term", "'flutter' is no term", "statement 2: 'flutter'"):
        assert word in str(fault.value)


def test_a_file_that_is_missing_or_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "statements.toml").write_text("[[statement]\n")

    with pytest.raises(BuildError, match=r"statements\.toml cannot be read"):
        read_statements(tmp_path, "made")
