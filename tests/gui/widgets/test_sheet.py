import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPainter, QPdfWriter
from pytestqt.qtbot import QtBot

from rhythmtrainer.ecg.paper import MARGIN_MM, PaperLayout
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.paper.frame import Frame
from rhythmtrainer.gui.widgets.paper.grid import Anchor, Grid
from rhythmtrainer.gui.widgets.paper.printing import Printer
from rhythmtrainer.gui.widgets.paper.sheet import Sheet, SheetStyle
from rhythmtrainer.model import LeadName, Origin, Provenance, Strip
from tests.support.synthetic import ecg_at, regular_peaks

pytestmark = [pytest.mark.gui, pytest.mark.usefixtures("qapp")]

STANDARD = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")


def strip_of(
    signal: NDArray[np.float32],
    leads: tuple[str, ...] = ("II",),
    fs: float = 250.0,
    start_s: float = 0.0,
    origin: Origin = Origin.REAL,
) -> Strip:
    return Strip(
        np.atleast_2d(signal),
        fs,
        tuple(LeadName(lead) for lead in leads),
        start_s,
        at_end=False,
        provenance=Provenance(origin, "made up"),
    )


def ecg(leads: tuple[str, ...] = ("II",), seconds: float = 10.0, fs: float = 250.0) -> Strip:
    one = ecg_at(regular_peaks(75, seconds), fs, seconds, wander=0.0)
    return strip_of(np.stack([one] * len(leads)), leads, fs)


def painted(sheet: Sheet, size: QSize, px_per_mm: float, *, crisp: bool = True) -> NDArray[np.int_]:
    """Red, green and blue of each pixel, shape (height, width, 3)."""
    image = QImage(size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    sheet.paint(painter, sheet.frame(QSizeF(size), px_per_mm, crisp=crisp))
    painter.end()
    flat = np.frombuffer(image.constBits(), dtype=np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[:, :, 2::-1].astype(int)


def test_a_page_of_twelve_is_three_rows_of_four_and_a_rhythm_lead() -> None:
    sheet = Sheet([ecg(STANDARD)], SheetStyle(PaperLayout.TWELVE))
    frame = sheet.frame(sheet.size_mm() * 4.0, 4.0)
    stretches = sheet.stretches(frame)
    assert [stretch.lead for stretch in stretches] == [
        *("I", "aVR", "V1", "V4"),
        *("II", "aVL", "V2", "V5"),
        *("III", "aVF", "V3", "V6"),
        "II",
    ]
    assert [stretch.start_s for stretch in stretches[:4]] == pytest.approx([0.0, 2.5, 5.0, 7.5])
    assert all(stretch.end_s - stretch.start_s == pytest.approx(2.5) for stretch in stretches[:12])
    assert (stretches[12].start_s, stretches[12].end_s) == pytest.approx((0.0, 10.0))
    tops = sorted({stretch.top for stretch in stretches})
    assert len(tops) == 4
    assert all(stretch.bottom - stretch.top == pytest.approx(30 * 4.0) for stretch in stretches)


def test_the_lead_below_the_twelve_can_be_chosen() -> None:
    style = SheetStyle(PaperLayout.TWELVE, channel=STANDARD.index("V1"))
    sheet = Sheet([ecg(STANDARD)], style)
    assert sheet.stretches(sheet.frame(QSizeF(1040, 500), 4.0))[-1].lead == "V1"


def test_six_leads_are_laid_one_below_another() -> None:
    sheet = Sheet([ecg(STANDARD[:6])], SheetStyle(PaperLayout.TWELVE))
    assert sheet.layout is PaperLayout.STACKED
    stretches = sheet.stretches(sheet.frame(QSizeF(1040, 600), 4.0))
    assert [stretch.lead for stretch in stretches] == list(STANDARD[:6])
    assert all((s.start_s, s.end_s) == pytest.approx((0.0, 10.0)) for s in stretches)


def test_chosen_leads_are_stacked_in_their_order() -> None:
    sheet = Sheet([ecg(STANDARD)], SheetStyle(PaperLayout.STACKED, chosen=(6, 1)))
    stretches = sheet.stretches(sheet.frame(QSizeF(1040, 300), 4.0))
    assert [(s.lead, s.channel) for s in stretches] == [("V1", 6), ("II", 1)]


def test_channels_count_through_all_strips_of_any_rate_and_length() -> None:
    slow = ecg(("MLII",), seconds=4.0, fs=125.0)
    fast = strip_of(ecg(("V5",), 10.0, 500.0).signal, ("V5",), 500.0, start_s=2.0)
    sheet = Sheet([slow, fast], SheetStyle(PaperLayout.STACKED))
    first, second = sheet.stretches(sheet.frame(QSizeF(1240, 300), 4.0))
    assert (first.channel, first.start_s, first.end_s) == pytest.approx((0, 0.0, 4.0))
    assert (second.channel, second.start_s, second.end_s) == pytest.approx((1, 2.0, 12.0))
    assert first.x(3.0) == pytest.approx(second.x(3.0))


@pytest.mark.parametrize("px_per_mm", [4.0, 4.2, 11.8])
def test_boxes_are_square_and_the_first_sample_lies_on_a_large_line(px_per_mm: float) -> None:
    sheet = Sheet([strip_of(np.full(2500, np.nan, dtype=np.float32))])
    size = QSize(round(200 * px_per_mm), round(60 * px_per_mm))
    shown = painted(sheet, size, px_per_mm)
    large = np.array(sheet.colours.large_line.getRgb()[:3])  # type: ignore[index]
    is_large = (shown == large).all(axis=2)
    columns = np.flatnonzero(is_large.mean(axis=0) > 0.8)
    rows = np.flatnonzero(is_large.mean(axis=1) > 0.8)
    starts = columns[np.diff(columns, prepend=-9) > 1]
    lines = rows[np.diff(rows, prepend=-9) > 1]
    for places in (starts, lines):
        steps = np.diff(places)
        assert steps.max() - steps.min() <= 1
        assert steps.mean() == pytest.approx(5 * px_per_mm, abs=1 / len(steps))
    assert np.abs(starts - MARGIN_MM * px_per_mm).min() <= 1 + px_per_mm * 0.1


def test_lines_of_the_grid_are_never_blurred() -> None:
    sheet = Sheet([strip_of(np.full(2500, np.nan, dtype=np.float32))])
    colours = sheet.colours
    shown = painted(sheet, QSize(861, 301), 4.3)[100:260, 60:200]
    known = np.array(
        [
            colour.getRgb()[:3]  # type: ignore[index]
            for colour in (colours.background, colours.small_line, colours.large_line)
        ]
    )
    assert (shown[:, :, np.newaxis] == known).all(axis=3).any(axis=2).all()


def test_small_boxes_fade_before_they_turn_to_mush() -> None:
    sheet = Sheet([strip_of(np.full(25000, np.nan, dtype=np.float32))])
    small = np.array(sheet.colours.small_line.getRgb()[:3])  # type: ignore[index]
    ground = np.array(sheet.colours.background.getRgb()[:3])  # type: ignore[index]
    near = (painted(sheet, QSize(900, 300), 4.0)[50:250] == small).all(axis=2).any()
    far = painted(sheet, QSize(900, 300), 2.0)[50:250]
    assert near
    assert not (far == small).all(axis=2).any()
    assert (far == ground).all(axis=2).mean() > 0.7


@pytest.mark.parametrize("px_per_mm", [4.3, 4.4, 12.4, 1.6, 3.0])
@pytest.mark.parametrize("height", [240, 452])
def test_a_picture_of_the_grid_is_the_same_drawn_or_written(px_per_mm: float, height: int) -> None:
    sheet = Sheet([strip_of(np.full(2500, np.nan, dtype=np.float32))])
    frame = sheet.frame(QSizeF(700, height), px_per_mm, crisp=True)
    drawn = QImage(700, height, QImage.Format.Format_RGB32)
    painter = QPainter(drawn)
    sheet.grid(frame).paint(painter)
    painter.end()
    written = np.zeros((height, 700), dtype=np.uint32)
    sheet.grid(frame).fill(written, 0)
    shown = np.frombuffer(drawn.constBits(), dtype=np.uint32).reshape(height, 700)
    assert np.array_equal(shown, written)


@pytest.mark.parametrize("px_per_mm", [3.0, 10.6, 11.4, 12.4])
def test_all_rows_of_large_boxes_are_alike(px_per_mm: float) -> None:
    frame = Frame.of(40, 400, px_per_mm, 0.0, speed_mm_s=25.0, crisp=True)
    box = round(5 * px_per_mm)
    for baseline in (60.5, 123.5, 210.5):
        pixels = np.zeros((400, 40), dtype=np.uint32)
        grid = Grid(frame, Anchor(10.0, baseline), PaperStyle.PINK.colours, across=True)
        grid.fill(pixels, 0)
        assert np.array_equal(pixels[box:], pixels[:-box])


@pytest.mark.parametrize("gain", [10.0, 5.0, -10.0])
def test_the_calibration_mark_is_a_millivolt_high_and_a_large_box_wide(gain: float) -> None:
    sheet = Sheet([strip_of(np.zeros(2500, dtype=np.float32))], SheetStyle(gain_mm_mv=gain))
    px_per_mm = 8.0
    shown = painted(sheet, QSize(2080, 480), px_per_mm)
    margin = round(MARGIN_MM * px_per_mm)
    dark = shown[:400, : margin - 8].max(axis=2) < 120
    rows = np.flatnonzero(dark.sum(axis=1) > 3 * px_per_mm)
    baseline = sheet.stretches(sheet.frame(QSizeF(2080, 480), px_per_mm, crisp=True))[0].baseline
    far = rows[np.argmax(np.abs(rows - baseline))]
    assert baseline - far == pytest.approx(gain * px_per_mm, abs=2)
    columns = np.flatnonzero(dark[far])
    assert np.ptp(columns) == pytest.approx(5 * px_per_mm, abs=3)


def test_a_file_and_a_screen_show_the_same() -> None:
    sheet = Sheet([ecg(STANDARD)], SheetStyle(PaperLayout.TWELVE))
    size = QSize(1040, 512)
    crisp, exact = (painted(sheet, size, 4.0, crisp=crisp) for crisp in (True, False))
    dark_crisp, dark_exact = (shown.max(axis=2) < 160 for shown in (crisp, exact))
    # Each dark pixel of one has a dark one of the other beside it.
    near = np.zeros_like(dark_exact)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            near |= np.roll(dark_exact, (down, right), axis=(0, 1))
    assert (dark_crisp & ~near).sum() <= 0.01 * dark_crisp.sum()


def test_a_pdf_has_the_sheets_size_and_lines_instead_of_pixels(qtbot: QtBot) -> None:
    del qtbot
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(300)
    sheet = Sheet([ecg()])
    px_per_mm = 300 / 25.4
    painter = QPainter(writer)
    sheet.paint(painter, sheet.frame(sheet.size_mm() * px_per_mm, px_per_mm))
    painter.end()
    buffer.close()
    assert kept.startsWith(b"%PDF")
    assert b"/Subtype /Image" not in kept.data()


def test_high_steps_stay_in_their_row() -> None:
    signal = np.zeros((3, 2500), dtype=np.float32)
    signal[1, ::50] = 10.0
    signal[1, 25::50] = -10.0
    style = SheetStyle(PaperLayout.STACKED, gain_mm_mv=10.0)
    sheet = Sheet([strip_of(signal, ("I", "II", "III"))], style)
    flat = Sheet([strip_of(np.zeros_like(signal), ("I", "II", "III"))], style)
    size = QSize(1040, 400)
    rows = sheet.stretches(sheet.frame(QSizeF(size), 4.0, crisp=True))
    changed = (painted(sheet, size, 4.0) != painted(flat, size, 4.0)).any(axis=2)
    assert changed[int(rows[1].top) + 1 : int(rows[1].bottom) - 1].any()
    assert not changed[: int(rows[1].top)].any()
    assert not changed[int(rows[1].bottom) + 1 :].any()


def test_complexes_too_low_to_read_are_drawn_higher_and_noise_is_not() -> None:
    tiny = (ecg().signal * 0.05).astype(np.float32)
    noise = np.random.default_rng(1).normal(0, 0.03, 2500).astype(np.float32)
    frame_size = QSizeF(1040, 280)
    gains = {}
    for name, signal in (("tiny", tiny), ("noise", noise), ("usual", ecg().signal)):
        sheet = Sheet([strip_of(signal)])
        frame = sheet.frame(frame_size, 4.0)
        gains[name] = sheet.gain_mm_mv(frame)
        assert f"{gains[name]:g} mm/mV" in sheet.printed_scale(frame)
    assert gains == {"tiny": 40.0, "noise": 10.0, "usual": 10.0}


def test_a_lead_without_signal_keeps_its_place() -> None:
    signal = np.stack([ecg().signal[0]] * 12)
    signal[6] = np.nan
    sheet = Sheet([strip_of(signal, STANDARD)], SheetStyle(PaperLayout.TWELVE))
    assert len(sheet.stretches(sheet.frame(QSizeF(1040, 500), 4.0))) == 13
    assert not sheet.channels[6].has_signal
    assert painted(sheet, QSize(1040, 500), 4.0).shape == (500, 1040, 3)


def test_a_simulated_strip_says_so_on_its_face() -> None:
    signal = ecg().signal
    faces = [
        painted(Sheet([strip_of(signal, origin=origin)]), QSize(1040, 280), 4.0)
        for origin in (Origin.REAL, Origin.SIMULATED)
    ]
    assert (faces[0][-30:] != faces[1][-30:]).any()
    assert (faces[0][:-40] == faces[1][:-40]).all()


@pytest.mark.parametrize("style", list(PaperStyle))
def test_every_paper_has_its_colours(style: PaperStyle) -> None:
    sheet = Sheet([ecg()], SheetStyle(paper=style))
    shown = painted(sheet, QSize(1040, 280), 4.0)
    for colour in (style.colours.background, style.colours.large_line):
        assert (shown == np.array(colour.getRgb()[:3])).all(axis=2).any()  # type: ignore[index]
    trace = np.array(style.colours.trace.getRgb()[:3])  # type: ignore[index]
    assert np.abs(shown - trace).max(axis=2).min() < 40


def dark_at_the_foot(left: str, right: str, width: int) -> int:
    frame = Frame.of(width, 80, 4.0, 0.0, speed_mm_s=25.0, crisp=True)
    picture = QImage(width, 80, QImage.Format.Format_Grayscale8)
    picture.fill(255)
    painter = QPainter(picture)
    Printer(painter, frame, PaperStyle.PINK.colours).foot(left, right)
    painter.end()
    shown = np.frombuffer(picture.constBits(), dtype=np.uint8).reshape(80, -1)
    return int((shown[:, :width] < 120).sum())


@pytest.mark.parametrize("width", [600, 200])
def test_scale_and_place_are_not_printed_one_over_the_other(width: int) -> None:
    scale, place = "25 mm/s  10 mm/mV", "10:00.0-10:08.5 of 30:00"
    alone = dark_at_the_foot(scale, "", width), dark_at_the_foot("", place, width)
    assert min(alone) > 50
    assert dark_at_the_foot(scale, place, width) == sum(alone)


def test_the_painter_is_left_as_it_was() -> None:
    image = QImage(400, 200, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    pen, clip = painter.pen(), painter.hasClipping()
    sheet = Sheet([ecg()])
    sheet.paint(painter, sheet.frame(QSizeF(400, 200), 4.0))
    assert (painter.pen(), painter.hasClipping()) == (pen, clip)
    painter.fillRect(QRectF(0, 0, 1, 1), 0)
    painter.end()
