import pytest
from PySide6.QtGui import QColor

from rhythmtrainer.gui.widgets.colours import MONITOR, PaperStyle, StripColours

GROUNDS = {style.value: style.colours for style in PaperStyle} | {"monitor": MONITOR}


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", GROUNDS.values(), ids=GROUNDS)
def test_what_is_written_and_marked_can_be_read_on_every_paper(colours: StripColours) -> None:
    for colour in (
        *(colours.text, colours.mark, colours.alert),
        *(colours.p_wave, colours.qrs, colours.t_wave),
    ):
        assert contrast(colour, colours.background) >= 4.5


@pytest.mark.parametrize("colours", GROUNDS.values(), ids=GROUNDS)
def test_the_trace_stands_out_from_the_boxes_and_large_boxes_from_small_ones(
    colours: StripColours,
) -> None:
    assert contrast(colours.trace, colours.background) >= 7.0
    assert contrast(colours.trace, colours.large_line) >= 4.5
    assert contrast(colours.large_line, colours.background) > contrast(
        colours.small_line, colours.background
    )


def test_high_contrast_paper_has_more_contrast_than_pink() -> None:
    pink, high = PaperStyle.PINK.colours, PaperStyle.CONTRAST.colours
    assert contrast(high.trace, high.background) > contrast(pink.trace, pink.background)
    assert contrast(high.large_line, high.background) > contrast(pink.large_line, pink.background)


def test_stored_kinds_of_paper_keep_their_values() -> None:
    assert [style.value for style in PaperStyle] == ["pink", "green", "high contrast", "night"]
