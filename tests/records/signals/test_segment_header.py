import pytest

from rhythmtrainer.model import RecordError
from rhythmtrainer.records.signals.segment_header import joins_segments, parse_segments


def test_segments_are_listed_with_their_gaps() -> None:
    text = b"whole/4 2 250 900\nlayout 0\na 500\n~ 100\nb 300\n"
    assert joins_segments(text, "whole.hea")
    segments = parse_segments(text, "whole.hea")
    assert segments.parts == (("a", 500), (None, 100), ("b", 300))
    assert (segments.layout, segments.length, segments.fs) == ("layout", 900, 250.0)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("whole/2 1 250 900\na 500", "announces 2 segments and lists 1"),
        ("whole/1 1 250 900\na 500", "promises 900 samples and its segments have 500"),
        ("whole/1 1 250 900\n../a 900", "describes a segment as"),
        ("whole/1 1 0 900\na 900", "its sampling rate is 0"),
    ],
)
def test_broken_segments_are_refused(text: str, fault: str) -> None:
    with pytest.raises(RecordError, match=fault):
        parse_segments(text.encode(), "whole.hea")
