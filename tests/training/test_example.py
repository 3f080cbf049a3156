from dataclasses import replace

import numpy as np
import pytest

from rhythmtrainer.content import load_courses, load_rhythms
from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.model import (
    CancelledError,
    CourseId,
    Origin,
    Provenance,
    RecordRef,
    RhythmId,
    Simulated,
    Span,
)
from rhythmtrainer.paths import asset
from rhythmtrainer.simulate import simulate_known
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.example import Example, example_beside, example_of
from rhythmtrainer.training.ports import Simulator
from rhythmtrainer.training.selection import Material
from tests.support import fakes
from tests.support.simulated import simulated
from tests.support.synthetic import regular_peaks

RHYTHMS = load_rhythms(asset("content", "rhythms.toml"))
COURSE = load_courses(asset("content", "courses.toml"))[CourseId.ACLS]
SINUS = RhythmId.NORMAL_SINUS_RHYTHM
SPANS = (
    fakes.span(SINUS, "a"),
    fakes.span(SINUS, "b"),
    fakes.span(SINUS, "c"),
    fakes.span(RhythmId.SINUS_BRADYCARDIA, "d"),
)


class FakeSimulator:
    """A `Simulator` that makes one strip of everything and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[RhythmId, float, int]] = []
        self.ages: set[float | None] = set()

    def __call__(
        self, rhythm: RhythmId, *, seconds: float, seed: int, age: float | None = None
    ) -> Simulated:
        self.ages.add(age)
        self.asked.append((rhythm, seconds, seed))
        made = Provenance(Origin.SIMULATED, f"simulated, seed {seed}")
        strip = replace(fakes.strip(seconds=seconds), provenance=made)
        return simulated(strip, regular_peaks(75.0, seconds))


def find(
    rhythm: RhythmId = SINUS,
    source: fakes.FakeSource | None = None,
    *,
    spans: tuple[Span, ...] = SPANS,
    simulator: Simulator | None = None,
    seed: int = 0,
    cancel: Cancel | None = None,
    seconds: float = 10.0,
    avoid: RecordRef | None = None,
    unlike: RhythmId | None = None,
) -> Example:
    return example_of(
        rhythm,
        Material(spans, COURSE, RHYTHMS),
        source or fakes.FakeSource(),
        simulator or FakeSimulator(),
        np.random.default_rng(seed),
        cancel=cancel or Cancel(),
        seconds=seconds,
        avoid=avoid,
        unlike=unlike,
    )


def record_of(example: Example) -> str:
    assert example.span is not None
    return example.span.ref.record.record


def test_an_example_is_real_where_the_catalogue_has_one() -> None:
    example = find()
    assert not example.simulated
    assert example.rhythm.id is SINUS
    assert example.span in SPANS
    assert example.strip.duration_s == pytest.approx(10.0)
    assert 12 <= example.measurement.beats_s.size <= 13
    assert {record_of(find(seed=seed)) for seed in range(20)} == {"a", "b", "c"}


@pytest.mark.parametrize("seed", range(20))
def test_its_window_lies_inside_the_span(seed: int) -> None:
    example = find(seed=seed, seconds=6.0)
    assert example.span is not None
    assert example.strip.start_s >= example.span.ref.start_s - 0.5 / fakes.FS
    assert example.strip.end_s <= example.span.ref.end_s + 0.5 / fakes.FS
    assert example.strip.duration_s == pytest.approx(6.0)


def test_the_same_chance_finds_the_same_example() -> None:
    first, again = find(seed=5), find(seed=5)
    assert first.strip.start_s == again.strip.start_s
    assert record_of(first) == record_of(again)


def test_its_source_is_told_in_one_line() -> None:
    real = find(seconds=6.0).source
    assert real.startswith("Real recording: Made-up Database 1.0.0, record ")
    assert real.endswith(" · CC0")
    assert ", Lead II, 0:" in real
    made = find(RhythmId.TORSADES)
    seed = made.strip.provenance.title.rpartition(" ")[2]
    assert made.source == f"Simulated, seed {seed} · Lead II"


def test_what_is_at_hand_comes_before_the_network() -> None:
    source = fakes.FakeSource(remote={"a", "c"})
    assert {record_of(find(source=source, seed=seed)) for seed in range(20)} == {"b"}
    source = fakes.FakeSource(remote={"a", "b", "c"}, stretches={"c": (20.0, 32.0)})
    for seed in range(10):
        example = find(source=source, seed=seed)
        assert record_of(example) == "c"
        assert example.strip.start_s >= 20.0 - 0.5 / fakes.FS
        assert example.strip.end_s <= 32.0 + 0.5 / fakes.FS
    assert all(at >= 20.0 and at + s <= 32.0 for at, s in source.read_at)  # the context too


def test_the_recording_just_seen_is_left_out_while_there_is_another() -> None:
    for seed in range(20):
        assert record_of(find(avoid=fakes.record("a"), seed=seed)) != "a"
    far = fakes.FakeSource(remote={"b", "c"})
    assert record_of(find(source=far, avoid=fakes.record("a"))) != "a"
    down = fakes.FakeSource(remote={"b", "c"}, network_down=True)
    assert record_of(find(source=down, avoid=fakes.record("a"))) == "a"
    assert record_of(find(spans=SPANS[:1], avoid=fakes.record("a"))) == "a"


def test_another_recording_of_the_same_patient_counts_as_the_same() -> None:
    spans = (fakes.span(SINUS, "a", patient="p"), fakes.span(SINUS, "b", patient="p"), SPANS[2])
    for seed in range(10):
        assert record_of(find(spans=spans, avoid=fakes.record("a"), seed=seed)) == "c"


def test_a_label_that_may_mean_the_other_rhythm_is_no_example_against_it() -> None:
    either = (fakes.span(SINUS, "a", accepted=frozenset({RhythmId.AVB1})), SPANS[1])
    for seed in range(10):
        assert record_of(find(spans=either, unlike=RhythmId.AVB1, seed=seed)) == "b"
    assert find(spans=either[:1], unlike=RhythmId.AVB1).simulated
    assert not find(spans=either[:1]).simulated


def test_a_rhythm_that_the_catalogue_lacks_is_simulated() -> None:
    simulator = FakeSimulator()
    example = find(RhythmId.TORSADES, simulator=simulator, seconds=8.0, seed=3)
    assert example.simulated
    assert example.span is None
    assert example.strip.duration_s == pytest.approx(8.0)
    assert example.strip.start_s == 0.0
    assert example.measurement.beats_s.size
    assert example.measurement.beats_s.max() < 8.0
    rhythm, seconds, seed = simulator.asked[0]
    assert rhythm is RhythmId.TORSADES
    assert seconds >= 8.0
    assert find(RhythmId.TORSADES, seed=3).strip.provenance.title == f"simulated, seed {seed}"
    assert find(RhythmId.TORSADES, seed=4).strip.provenance.title != f"simulated, seed {seed}"


def test_damaged_recordings_are_passed_over_and_then_it_is_simulated() -> None:
    for seed in range(10):
        source = fakes.FakeSource(damaged={"a", "b"})
        assert record_of(find(source=source, seed=seed)) == "c"
    source = fakes.FakeSource(damaged={"a", "b", "c"})
    assert find(source=source).simulated
    assert len(source.reads) == 3  # none of them twice


def test_without_a_network_it_is_simulated_and_the_network_is_asked_once() -> None:
    source = fakes.FakeSource(remote={"a", "b", "c"}, network_down=True)
    assert find(source=source).simulated
    assert len(source.reads) == 1


def test_an_archive_full_of_damaged_recordings_is_not_read_through() -> None:
    names = [f"r{k}" for k in range(20)]
    many = tuple(fakes.span(SINUS, name) for name in names)
    source = fakes.FakeSource(damaged=set(names))
    assert find(source=source, spans=many).simulated
    assert len(source.reads) == 3


def test_cancelled_stays_cancelled() -> None:
    cancel = Cancel()
    cancel.throw()
    for rhythm in (SINUS, RhythmId.TORSADES):
        simulator = FakeSimulator()
        with pytest.raises(CancelledError):
            find(rhythm, cancel=cancel, simulator=simulator)
        assert simulator.asked == []


def test_a_length_that_cannot_be_drawn_is_refused() -> None:
    for seconds in (0.0, -1.0, 10.5, float("nan")):
        with pytest.raises(ValueError, match="seconds must be above 0 and at most 10"):
            find(seconds=seconds)


@pytest.mark.parametrize("rhythm", COURSE.rhythms)
def test_every_answer_of_the_course_has_an_example(rhythm: RhythmId) -> None:
    example = find(rhythm, spans=(), simulator=simulate_known)
    assert example.simulated
    assert example.rhythm.id is rhythm
    assert example.strip.duration_s == pytest.approx(10.0)


def test_a_strip_whose_measurement_contradicts_its_rhythm_carries_no_marks() -> None:
    strip = fakes.strip(seconds=8.0, rate=75.0)
    found = measure(strip, strip.start_s, strip.end_s)
    span = fakes.span(RhythmId.NORMAL_SINUS_RHYTHM, "a")
    fitting = Example(RHYTHMS[RhythmId.NORMAL_SINUS_RHYTHM], strip, found, span)
    assert fitting.marks is found
    assert replace(fitting, rhythm=RHYTHMS[RhythmId.AF_CONTROLLED]).marks is None
    assert replace(fitting, rhythm=RHYTHMS[RhythmId.ASYSTOLE]).marks is None
    assert replace(fitting, span=replace(span, rate_bpm=140.0)).marks is None


def test_a_simulated_strip_is_marked_only_where_all_was_measured_as_it_was_made() -> None:
    example = find(SINUS, spans=(), simulator=FakeSimulator())
    assert example.marks is example.measurement

    class Forgetful(FakeSimulator):
        """Says that every second beat never was."""

        def __call__(
            self, rhythm: RhythmId, *, seconds: float, seed: int, age: float | None = None
        ) -> Simulated:
            made = super().__call__(rhythm, seconds=seconds, seed=seed, age=age)
            return simulated(made.strip, made.beats_s[::2], made.p_s)

    simulator = Forgetful()
    assert find(SINUS, spans=(), simulator=simulator).marks is None
    assert 1 < len(simulator.asked) <= 12


def test_another_patient_is_simulated_where_the_first_cannot_be_marked() -> None:
    class Second(FakeSimulator):
        """Makes the first patient's heart beat where nobody sees it."""

        def __call__(
            self, rhythm: RhythmId, *, seconds: float, seed: int, age: float | None = None
        ) -> Simulated:
            made = super().__call__(rhythm, seconds=seconds, seed=seed, age=age)
            if len(self.asked) > 1:
                return made
            return simulated(made.strip, made.beats_s + 0.5, made.p_s)

    simulator = Second()
    example = find(SINUS, spans=(), simulator=simulator)
    assert example.marks is not None
    assert example.strip.provenance.title == f"simulated, seed {simulator.asked[1][2]}"


@pytest.mark.parametrize("rhythm", [RhythmId.AVB2_TYPE2, RhythmId.AVB3, RhythmId.PAC])
def test_simulated_blocks_and_early_beats_show_their_marks(rhythm: RhythmId) -> None:
    marked = [
        find(rhythm, spans=(), simulator=simulate_known, seconds=6.0, seed=seed).marks is not None
        for seed in range(5)
    ]
    assert sum(marked) >= 3


def test_a_quiz_does_not_show_what_it_asks_later() -> None:
    asked = (fakes.span(SINUS, "quiz"),)
    material = Material(asked, COURSE, RHYTHMS, quiz=asked, examples=SPANS)
    for seed in range(10):
        example = example_of(
            SINUS,
            material,
            fakes.FakeSource(),
            FakeSimulator(),
            np.random.default_rng(seed),
            cancel=Cancel(),
        )
        assert record_of(example) != "quiz"


def test_beside_a_child_s_strip_stands_one_of_a_child_of_that_age() -> None:
    attempt = fakes.attempt(chosen=SINUS, answer=RhythmId.SVT)
    material = Material(SPANS, COURSE, RHYTHMS, examples=SPANS)
    simulator = FakeSimulator()
    source = fakes.FakeSource()
    example = example_beside(attempt, material, source, simulator, Cancel(), child_years=0.5)
    assert example.simulated
    assert simulator.ages == {0.5}
    assert source.reads == []
    assert example.where.endswith(", 6 months old")
    grown_up = example_beside(attempt, material, source, simulator, Cancel())
    assert not grown_up.simulated


def test_an_adult_s_line_takes_no_mark_from_a_child_s_strip() -> None:
    marked = [
        example_of(
            RhythmId.VT_MONOMORPHIC,
            Material((), COURSE, RHYTHMS),
            fakes.FakeSource(),
            simulate_known,
            np.random.default_rng(seed),
            cancel=Cancel(),
            seconds=6.0,
            child_years=0.05,
        ).marks
        for seed in range(3)
    ]
    assert all(mark is not None for mark in marked)
