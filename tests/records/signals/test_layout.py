import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhythmtrainer.model import RecordError
from rhythmtrainer.records.signals.header import parse_header
from rhythmtrainer.records.signals.layout import check_ranged, cut, frames_between, signal_files

FORMATS = ("8", "16", "24", "32", "61", "80", "160", "212", "310", "311")


def files_of(*signals: str) -> tuple[object, ...]:
    text = "\n".join([f"r {len(signals)} 250 1000", *signals])
    return signal_files(parse_header(text.encode(), "r.hea"), "r.hea")


@given(
    fs=st.sampled_from([100.0, 128.0, 250.0, 257.0, 360.0, 500.0]),
    start_s=st.floats(0, 1000, allow_nan=False),
    first_s=st.floats(0.1, 30, allow_nan=False),
    second_s=st.floats(0.1, 30, allow_nan=False),
)
def test_stretches_that_follow_each_other_leave_no_gap(
    fs: float, start_s: float, first_s: float, second_s: float
) -> None:
    _, end = frames_between(fs, 10**7, start_s, first_s)
    first, _ = frames_between(fs, 10**7, start_s + first_s, second_s)
    assert first == end


def test_half_a_frame_is_always_rounded_up() -> None:
    assert [frames_between(100, 1000, (n + 0.5) / 100, 0.1)[0] for n in range(4)] == [1, 2, 3, 4]


def test_a_stretch_is_clipped_to_the_recording() -> None:
    assert frames_between(100, 1000, -1.0, 2.0) == (0, 100)
    assert frames_between(100, 1000, 9.0, 5.0) == (900, 1000)
    assert frames_between(100, 1000, 12.0, 5.0) == (1000, 1000)
    assert frames_between(100, 1000, 2.0, None) == (200, 1000)


@given(
    format_=st.sampled_from(FORMATS),
    frame=st.integers(1, 13),
    frames=st.integers(1, 5000),
    offset=st.integers(0, 100),
)
def test_a_file_of_the_size_of_some_frames_holds_these_and_with_a_byte_less_does_not(
    format_: str, frame: int, frames: int, offset: int
) -> None:
    header = parse_header(f"r 1 250\nr.dat {format_}x{frame}+{offset} 200".encode(), "r.hea")
    (file,) = signal_files(header, "r.hea")
    assert file.frames(file.size(frames)) >= frames
    assert file.frames(file.size(frames) - 1) < frames


@pytest.mark.parametrize(
    ("signals", "step"),
    [
        (["r.dat 16 200"], 1),
        (["r.dat 212 200", "r.dat 212 200"], 1),
        (["r.dat 212 200"], 2),
        (["r.dat 212 200"] * 3, 2),
        (["r.dat 310 200"], 3),
        (["r.dat 310 200"] * 3, 1),
        (["a.dat 212 200", "b.dat 311 200"], 6),
    ],
)
def test_an_excerpt_begins_at_a_whole_block_of_every_file(signals: list[str], step: int) -> None:
    text = "\n".join([f"r {len(signals)} 250 1000", *signals])
    files = signal_files(parse_header(text.encode(), "r.hea"), "r.hea")
    assert [cut(files, first, 900, 1000).first for first in range(step, 2 * step)] == [step] * step


def test_an_excerpt_reaches_as_far_as_its_latest_signal_but_not_beyond_the_recording() -> None:
    signals = "r.dat 16:5 200\nr.dat 16 200"
    files = signal_files(parse_header(f"r 2 250 1000\n{signals}".encode(), "r.hea"), "r.hea")
    assert cut(files, 10, 20, 1000).stored_end == 25
    assert cut(files, 990, 998, 1000).stored_end == 1000


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(RecordError, match=r"r\.hea names the signal format 999, which is unknown"):
        files_of("r.dat 999 200")


@pytest.mark.parametrize("format_", ["8", "508", "516", "524"])
def test_a_format_without_a_middle_cannot_be_cut(format_: str) -> None:
    header = parse_header(f"r 1 250 1000\nr.dat {format_} 200".encode(), "r.hea")
    with pytest.raises(RecordError, match=f"format {format_}, of which no excerpt can be read"):
        check_ranged(signal_files(header, "r.hea"), "r.hea")
