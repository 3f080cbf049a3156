"""Every window of a stretch shows what the rule says, wherever it is drawn."""

import re
from dataclasses import replace

import numpy as np
import pytest

from rhythmtrainer.model import RateSource, RhythmId, Span
from rhythmtrainer.records.index.recordings import Recording
from rhythmtrainer.records.index.rules import BuildError, Choice, Rule
from rhythmtrainer.records.index.stretches import find_spans
from tests.records.index.making_recordings import a_recording, a_rule, some_rules, with_signal

NSR = RhythmId.NORMAL_SINUS_RHYTHM


def spans(recording: Recording, rule: Rule) -> list[Span]:
    return find_spans(recording, rule, some_rules(rule))


def codes_between(recording: Recording, start: float, end: float) -> str:
    inside = (recording.beats >= start) & (recording.beats < end)
    return "".join(recording.symbols[inside])


def test_a_clean_recording_is_cut_into_pieces_that_fill_it() -> None:
    found = spans(a_recording("N" * 150), a_rule())
    assert [round(span.ref.duration_s) for span in found] == [60, 60]
    assert found[0].ref.end_s == found[1].ref.start_s
    assert found[0].rate_bpm == pytest.approx(75)
    assert found[0].label == "(N at 0.1 s"


def test_nothing_is_kept_away_from_the_ends_of_the_recording() -> None:
    recording = a_recording("N" * 60)
    span = spans(recording, a_rule())[0]
    assert span.ref.start_s == pytest.approx(0.1)
    assert span.ref.end_s == pytest.approx(recording.length / recording.fs, abs=0.01)


def test_a_change_of_rhythm_is_kept_five_seconds_away() -> None:
    episodes = [("(N", 0.1, 40.0), ("(AFIB", 40.0, 80.0)]
    span = spans(a_recording("N" * 100, episodes=episodes), a_rule())[0]
    assert span.ref.end_s == pytest.approx(35.0)


def test_a_short_episode_is_kept_half_a_second_away_at_least() -> None:
    episodes = [("(AFIB", 0.1, 20.0), ("(N", 20.0, 27.2), ("(AFIB", 27.2, 80.0)]
    span = spans(a_recording("N" * 100, episodes=episodes), a_rule())[0]
    assert span.ref.start_s == pytest.approx(20.5)
    assert span.ref.end_s == pytest.approx(26.7)


def test_neighbouring_episodes_of_one_rule_are_one() -> None:
    episodes = [("(VF", 0.1, 30.0), ("(VFIB", 30.0, 48.0), ("(N", 48.0, 80.0)]
    rule = a_rule(codes=frozenset({"(VF", "(VFIB"}))
    span = spans(a_recording("N" * 100, episodes=episodes), rule)[0]
    assert span.ref.start_s < 30 < span.ref.end_s


def test_no_window_holds_a_beat_that_breaks_the_pattern() -> None:
    recording = a_recording("N" * 40 + "V" + "N" * 40)
    for span in spans(recording, a_rule(clear_s=1.0)):
        assert "V" not in codes_between(recording, span.ref.start_s - 1, span.ref.end_s + 1)


@pytest.mark.parametrize(
    ("codes", "pattern"),
    [("NV" * 30, "V?(?:NV)+N?"), ("NNV" * 20, "(?:N?V)?(?:NNV)+N{0,2}")],
)
def test_a_pattern_holds_in_every_window(codes: str, pattern: str) -> None:
    recording = a_recording("N" * 20 + codes + "N" * 20)
    found = spans(recording, a_rule(pattern))
    assert found
    for span in found:
        assert codes_between(recording, span.ref.start_s, span.ref.end_s) in codes * 2


@pytest.mark.parametrize("window_s", [6.0, 8.0, 10.0])
def test_every_window_of_six_to_ten_seconds_holds_the_event(window_s: float) -> None:
    recording = a_recording("N" * 30 + "V" + "N" * 17 + "V" + "N" * 40)
    found = spans(recording, a_rule("[NV]+", event="NVN"))
    assert len(found) == 2
    events = recording.beats[recording.symbols == "V"]
    for span in found:
        length = min(window_s, span.ref.duration_s)
        for start in np.linspace(span.ref.start_s, span.ref.end_s - length, 20):
            assert ((events > start + 0.5) & (events < start + length - 0.5)).any()


def test_a_label_says_which_event_stands_where() -> None:
    recording = a_recording("N" * 30 + "VV" + "N" * 30)
    (span,) = spans(recording, a_rule("[NV]+", event="NVVN"))
    assert span.label == "NVVN at 23.6 s; (N at 0.1 s"


def test_a_label_comes_from_the_episode_of_the_event() -> None:
    codes = "N" * 20 + "VVVV" + "N" * 20
    episodes = [("(N", 0.1, 16.2), ("(VT", 16.2, 19.2), ("(N", 19.2, 40.0)]
    rule = a_rule("[NV]+", codes=frozenset({"(N", "(VT"}), event="NV{3,}N", window_s=8.0)
    (span,) = spans(a_recording(codes, 0.7, episodes=episodes), rule)
    assert span.label.endswith("; (N at 0.1 s") or span.label.endswith("; (VT at 16.2 s")


def test_an_event_may_be_one_beat() -> None:
    recording = a_recording("N" * 30 + "V" + "N" * 30)
    (span,) = spans(recording, a_rule("[NV]+", event="V", closest_s=(0.0, 0.1)))
    assert span.label.startswith("V at 24.4 s")


def test_an_event_is_as_early_as_the_rule_says() -> None:
    def recording(coupling: float) -> Recording:
        rr = [0.8] * 40
        rr[20] = coupling
        return a_recording("N" * 21 + "A" + "N" * 19, rr)

    rule = a_rule("[NA]+", event="NNAN", early=0.85)
    assert spans(recording(0.6), rule)
    assert not spans(recording(0.75), rule)


def test_an_event_has_a_gap_as_long_as_the_rule_says() -> None:
    rr = [0.8] * 40
    rr[20] = 2.4
    rule = a_rule(event="N{3}", widest_s=(2.0, 4.5))
    assert spans(a_recording("N" * 41, rr), rule)
    assert not spans(a_recording("N" * 41, 0.8), rule)


def test_a_blocked_p_wave_inside_a_gap_is_no_pause() -> None:
    rr = [0.8] * 40
    rr[20] = rr[21] = 1.2
    rule = a_rule("[Nx]+", event="N{3}", widest_s=(2.0, 4.5))
    assert not spans(a_recording("N" * 21 + "x" + "N" * 19, rr), rule)


def test_a_blocked_p_wave_counts_for_no_rate() -> None:
    recording = a_recording("Nx" * 40, 0.8)
    assert spans(recording, a_rule("[Nx]+"))[0].rate_bpm == pytest.approx(37.5)


def test_windows_keep_their_rate_well_inside_the_class() -> None:
    assert spans(a_recording("N" * 80, 0.80), a_rule(rhythm=NSR))
    assert not spans(a_recording("N" * 80, 0.95), a_rule(rhythm=NSR))
    assert not spans(a_recording("N" * 80, 0.61), a_rule(rhythm=NSR))


def test_an_irregular_window_is_no_regular_rhythm_and_the_other_way_round() -> None:
    wandering = 0.9 + 0.12 * np.sin(np.arange(79) / 2)
    regular, irregular = (0.0, 0.12), (0.16, 0.6)
    recording = a_recording("N" * 80, list(wandering))
    assert not spans(recording, a_rule(rr_spread_s=regular))
    assert spans(recording, a_rule(rr_spread_s=irregular, rr_step_s=0.12))
    jumping = a_recording("N" * 80, [0.8, 1.0] * 39 + [0.8])
    assert not spans(jumping, a_rule(rr_spread_s=irregular, rr_step_s=0.12))


def test_noise_and_marks_are_left_out_unless_the_rule_shows_noise() -> None:
    noisy = a_recording("N" * 60, noisy=(((20.0, 25.0),),), marks=np.array([40.0]))
    for span in spans(noisy, a_rule()):
        assert span.ref.end_s <= 20 or span.ref.start_s >= 25
        assert not span.ref.start_s < 40 < span.ref.end_s
    assert len(spans(noisy, a_rule(noisy=True))) == 1


def test_choices_cut_what_they_leave_out_and_keep_what_they_choose() -> None:
    rule = a_rule()
    left_out = Choice(reason="made", says="header", stretches=((20.0, 30.0),))
    chosen = Choice(reason="made", says="header", stretches=((10.0, 45.0),))
    rules = some_rules(rule, left_out=(left_out,), chosen=(chosen,))
    found = find_spans(a_recording("N" * 80), rule, rules)
    assert [(s.ref.start_s, s.ref.end_s) for s in found] == [(10.0, 20.0), (30.0, 45.0)]


def test_what_another_rule_has_taken_is_not_taken_again() -> None:
    rule = a_rule()
    found = find_spans(a_recording("N" * 80), rule, some_rules(rule), taken=[(0.0, 30.0)])
    assert all(span.ref.start_s >= 30 for span in found)


def test_a_recording_without_the_lead_gives_nothing() -> None:
    assert not spans(a_recording("N" * 80, leads=("V5",)), a_rule())


def test_words_that_the_header_does_not_say_stop_the_build() -> None:
    with pytest.raises(BuildError, match="does not say 'long PR'"):
        spans(a_recording("N" * 80), a_rule(header="long PR"))


def test_a_recording_without_beats_gives_no_span_of_a_pattern() -> None:
    empty = a_recording("NN", beats=np.array([]), symbols=np.array([], "U1"), length=10_000)
    assert not spans(empty, a_rule())
    assert not spans(empty, a_rule(event="NVN"))


def test_an_edge_may_be_as_wide_as_the_rule_says() -> None:
    episodes = [("(N", 0.1, 40.0), ("(AFIB", 40.0, 80.0)]
    recording = a_recording("N" * 100, episodes=episodes)
    assert spans(recording, a_rule(edge_s=10.0))[0].ref.end_s == pytest.approx(30.0)
    assert spans(recording, a_rule(edge_s=0.0))[0].ref.end_s == pytest.approx(40.0)


def test_a_rule_looks_only_where_the_header_is_as_it_asks_for() -> None:
    recording = a_recording("N" * 80, comments="age 60, bradycardia, PVCs")
    has, lacks = re.compile("(?i)Brady[a-z]+"), re.compile("PVC")
    assert spans(recording, a_rule(header_has=has))[0].label.startswith('header: "bradycardia"; ')
    assert not spans(recording, a_rule(header_has=re.compile("tachy")))
    assert not spans(recording, a_rule(header_has=has, header_lacks=lacks))
    assert spans(recording, a_rule(header_lacks=re.compile("tachy")))


def test_a_few_of_many_spans_lie_all_over_the_recording() -> None:
    recording = a_recording("N" * 1500)
    rule = a_rule()
    every = find_spans(recording, rule, some_rules(rule))
    few = find_spans(recording, rule, some_rules(rule, most_spans=4))
    assert len(every) == 20
    assert [every.index(span) for span in few] == [0, 6, 13, 19]


def test_stretches_that_nobody_read_are_left_out_where_beats_matter() -> None:
    recording = a_recording("N" * 80, unread=((-np.inf, 20.0),))
    assert all(span.ref.start_s >= 20 for span in spans(recording, a_rule()))
    free = spans(recording, replace(a_rule(), pattern=None))
    assert free[0].ref.start_s < 1


def test_a_stretch_whose_rate_cannot_be_measured_is_no_span() -> None:
    recording = with_signal(a_recording("N" * 80), np.zeros(20_000))
    assert not spans(recording, a_rule(rate_source=RateSource.MEASURED))
