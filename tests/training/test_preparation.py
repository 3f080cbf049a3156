from dataclasses import replace

import pytest

from rhythmtrainer.content import load_courses, load_rhythms
from rhythmtrainer.model import (
    CancelledError,
    CourseId,
    Origin,
    QuestionId,
    RecordError,
    RhythmId,
    StripRef,
    Supply,
    UnreachableError,
)
from rhythmtrainer.paths import asset
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.practice import Practice
from rhythmtrainer.training.preparation import Prepared, prepare, read_on, read_window
from rhythmtrainer.training.selection import Material
from tests.support import fakes
from tests.support.simulated import FakeSimulations

MATERIAL = Material(
    fakes.SPANS,
    load_courses(asset("content", "courses.toml"))[CourseId.ACLS],
    load_rhythms(asset("content", "rhythms.toml")),
)
NAMES = {span.ref.record.record for span in fakes.SPANS}


def get_ready(
    source: fakes.FakeSource,
    *,
    seed: int = 1,
    at_hand_only: bool = False,
    cancel: Cancel | None = None,
) -> Prepared:
    return prepare(
        Practice(fakes.session(seed=seed)),
        MATERIAL,
        source,
        None,
        lambda: QuestionId("q"),
        at_hand_only=at_hand_only,
        cancel=cancel or Cancel(),
    )


def test_the_strip_is_exactly_the_window_and_has_its_beats() -> None:
    prepared = get_ready(fakes.FakeSource())
    window = prepared.question.window
    assert prepared.strip.start_s == pytest.approx(window.start_s, abs=0.5 / fakes.FS)
    assert prepared.strip.duration_s == pytest.approx(window.duration_s, abs=1 / fakes.FS)
    beats = prepared.measurement.beats_s
    assert len(beats) in (12, 13)
    assert beats.min() >= window.start_s
    assert beats.max() < window.end_s


def test_damaged_recordings_are_passed_over_and_told() -> None:
    source = fakes.FakeSource(damaged=NAMES - {"c"})
    for seed in range(10):
        prepared = get_ready(source, seed=seed)
        assert prepared.question.window.record.record == "c"
        assert all("damaged" in sentence for sentence in prepared.skipped)


def test_an_archive_that_gives_one_wrong_thing_after_another_is_left_alone() -> None:
    source = fakes.FakeSource(remote=NAMES - {"b"}, damaged=NAMES - {"b"})
    for seed in range(20):
        assert get_ready(source, seed=seed).question.window.record.record == "b"


def test_the_context_finds_the_beats_near_the_edges() -> None:
    source = fakes.FakeSource()
    window = get_ready(source).question.window
    start_s, seconds = source.read_at[-1]
    assert start_s <= window.start_s - 0.71
    assert start_s + seconds >= window.end_s + 0.71


def test_when_all_are_damaged_the_last_fault_is_told() -> None:
    with pytest.raises(RecordError, match="damaged"):
        get_ready(fakes.FakeSource(damaged=NAMES))


def test_without_a_network_only_what_is_at_hand_is_asked() -> None:
    source = fakes.FakeSource(remote=NAMES - {"b"}, network_down=True)
    found = [get_ready(source, seed=seed) for seed in range(12)]
    assert {prepared.question.window.record.record for prepared in found} == {"b"}
    assert any(prepared.from_hand for prepared in found)


def test_the_network_is_left_alone_when_that_is_asked() -> None:
    source = fakes.FakeSource(remote=NAMES - {"b"})
    for seed in range(12):
        assert get_ready(source, seed=seed, at_hand_only=True).from_hand
    assert {ref.record.record for ref in source.reads} == {"b"}


def test_a_stretch_that_was_kept_is_asked_again_although_there_is_nothing_beside_it() -> None:
    source = fakes.FakeSource(remote=NAMES, network_down=True, stretches={"b": (20.0, 32.0)})
    for seed in range(20):
        prepared = get_ready(source, seed=seed, at_hand_only=True)
        window = prepared.question.window
        assert window.start_s >= 20.0
        assert window.end_s <= 32.0
        assert prepared.skipped == ()


def test_nothing_within_reach_is_told() -> None:
    with pytest.raises(UnreachableError, match="does not answer"):
        get_ready(fakes.FakeSource(remote=NAMES, network_down=True))
    with pytest.raises(UnreachableError, match="No recording is on this computer"):
        get_ready(fakes.FakeSource(remote=NAMES), at_hand_only=True)


def test_cancelled_work_stops() -> None:
    cancel = Cancel()
    cancel.throw()
    with pytest.raises(CancelledError):
        get_ready(fakes.FakeSource(), cancel=cancel)


def test_a_recording_that_ends_inside_the_window_is_refused() -> None:
    window: StripRef = replace(fakes.SPANS[0].ref, start_s=115.0, duration_s=10.0)
    with pytest.raises(RecordError, match=r"ends at 120\.0 s"):
        read_window(fakes.FakeSource(), window, Cancel())


def test_a_window_at_the_very_beginning_can_be_read() -> None:
    window = replace(fakes.SPANS[0].ref, start_s=0.0, duration_s=10.0)
    strip, measurement = read_window(fakes.FakeSource(), window, Cancel())
    assert strip.start_s == 0.0
    assert measurement.beats_s.size == 12


def test_asystole_can_be_asked_too() -> None:
    only = Material([fakes.SPANS[-1]], MATERIAL.course, MATERIAL.rhythms)
    prepared = prepare(
        Practice(fakes.session()),
        only,
        fakes.FakeSource(),
        None,
        lambda: QuestionId("q"),
        at_hand_only=False,
        cancel=Cancel(),
    )
    assert prepared.question.answer is RhythmId.ASYSTOLE


def test_what_follows_comes_with_every_beat_of_it_and_no_other() -> None:
    source = fakes.FakeSource()
    span = fakes.SPANS[0].ref
    whole, beats = read_on(source, span, span.start_s, 40.0, Cancel())
    found = []
    for first_s in (span.start_s, span.start_s + 10, span.start_s + 20, span.start_s + 30):
        strip, part = read_on(source, span, first_s, 10.0, Cancel())
        assert strip.start_s == pytest.approx(first_s, abs=0.5 / fakes.FS)
        assert strip.duration_s == pytest.approx(10.0, abs=1 / fakes.FS)
        found.extend(part.tolist())
    assert whole.duration_s == pytest.approx(40.0, abs=1 / fakes.FS)
    assert found == pytest.approx(beats.tolist(), abs=0.02)
    assert len(found) in (49, 50, 51)


def test_what_follows_is_read_from_the_span_and_nothing_beside_it() -> None:
    source = fakes.FakeSource()
    span = fakes.SPANS[0].ref
    read_on(source, span, span.end_s - 4.0, 4.0, Cancel())
    start_s, seconds = source.read_at[-1]
    assert start_s >= span.start_s
    assert start_s + seconds <= span.end_s + 1e-9


def test_at_the_end_of_a_recording_what_follows_is_short_and_says_so() -> None:
    span = replace(fakes.SPANS[0].ref, duration_s=fakes.RECORD_SECONDS)
    strip, _ = read_on(fakes.FakeSource(), span, fakes.RECORD_SECONDS - 3.0, 10.0, Cancel())
    assert strip.at_end
    assert strip.duration_s == pytest.approx(3.0, abs=1 / fakes.FS)


def get_simulated(
    simulations: FakeSimulations,
    supply: Supply = Supply.REAL_FIRST,
    *,
    seed: int = 1,
    only_recorded: bool = True,
) -> Prepared:
    """Prepare a question of a course that recordings show from end to end, if that is wanted."""
    course = MATERIAL.course
    if only_recorded:
        course = replace(course, rhythms=tuple(span.rhythm for span in fakes.SPANS))
    return prepare(
        Practice(fakes.session(seed=seed)),
        replace(MATERIAL, simulations=simulations, supply=supply, course=course),
        simulations,
        None,
        lambda: QuestionId("q"),
        at_hand_only=False,
        cancel=Cancel(),
    )


def test_where_nothing_is_within_reach_the_strip_is_simulated() -> None:
    down = FakeSimulations(fakes.FakeSource(remote=NAMES, network_down=True))
    for seed in range(10):
        prepared = get_simulated(down, seed=seed)
        assert prepared.question.span.is_simulated
        assert prepared.from_hand
        assert not prepared.recorded
        assert prepared.strip.provenance.origin is Origin.SIMULATED
        assert prepared.strip.duration_s == pytest.approx(10.0)
    assert len(down.beside.reads) == 10  # the network is asked once for each


def test_what_is_at_hand_comes_before_what_is_simulated() -> None:
    near = FakeSimulations(fakes.FakeSource(remote=NAMES - {"b"}, network_down=True))
    found = [get_simulated(near, seed=seed) for seed in range(30)]
    real = [one for one in found if not one.question.span.is_simulated]
    assert {one.question.window.record.record for one in real} == {"b"}
    assert all(one.recorded for one in found if one.from_hand)


def test_real_only_says_that_nothing_can_be_read() -> None:
    down = FakeSimulations(fakes.FakeSource(remote=NAMES, network_down=True))
    with pytest.raises(UnreachableError):
        get_simulated(down, Supply.REAL_ONLY)
    assert down.made == []


def test_where_every_recording_is_damaged_the_strip_is_simulated() -> None:
    for remote in (NAMES, set[str]()):
        broken = FakeSimulations(fakes.FakeSource(damaged=NAMES, remote=remote))
        prepared = get_simulated(broken)
        assert prepared.question.span.is_simulated
        assert prepared.skipped


def test_a_rhythm_that_only_simulation_has_needs_no_excuse() -> None:
    simulations = FakeSimulations()
    found = [get_simulated(simulations, seed=s, only_recorded=False) for s in range(20)]
    made = [one for one in found if one.question.span.is_simulated]
    assert made
    assert all(one.recorded and not one.from_hand for one in found)


def test_the_context_of_a_simulated_strip_is_the_same_near_and_far() -> None:
    far = get_simulated(FakeSimulations(), Supply.MIXED, seed=3, only_recorded=False)
    near = prepare(
        Practice(fakes.session(seed=3)),
        replace(MATERIAL, spans=(), simulations=FakeSimulations(), supply=Supply.MIXED),
        FakeSimulations(),
        None,
        lambda: QuestionId("q"),
        at_hand_only=True,
        cancel=Cancel(),
    )
    assert far.question.span.is_simulated
    assert near.measurement.beats_s.size == far.measurement.beats_s.size
