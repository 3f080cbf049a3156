import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QLocale, QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QImage, QPainter, QPen
from pytestqt.qtbot import QtBot

from rhythmtrainer.ecg.paper import PaperLayout
from rhythmtrainer.gui.widgets.colours import PaperStyle, StripColours
from rhythmtrainer.gui.widgets.export.files import FileKind, as_svg
from rhythmtrainer.gui.widgets.export.page import PageMaker, wrapped
from rhythmtrainer.gui.widgets.export.picture import Picture
from rhythmtrainer.gui.widgets.export.words import words_for
from rhythmtrainer.gui.widgets.paper.sheet import Sheet, SheetStyle
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.model import STANDARD_LEADS, LeadName, Origin, Strip, UserError
from tests.support import fakes

pytestmark = pytest.mark.gui

NOTICE = "For training only. Not for diagnosis."
PER_MM = 300 / 25.4
SVG = "{http://www.w3.org/2000/svg}"
TEN = fakes.strip(start_s=60.0)
TWELVE = replace(
    TEN,
    signal=np.repeat(TEN.signal, 12, axis=0),
    leads=tuple(LeadName(name) for name in STANDARD_LEADS),
)


@pytest.fixture(autouse=True)
def _app(qtbot: QtBot) -> Iterator[None]:
    """Fonts and the clipboard need the program; paper is that of most countries."""
    del qtbot
    usual = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(usual)
    QGuiApplication.clipboard().clear()


@dataclass
class RedLine:
    """An overlay that marks a time on all leads, and remembers where it drew."""

    seconds: float
    seen: list[Stretch] = field(default_factory=list)

    def draw(self, painter: QPainter, stretches: Sequence[Stretch], colours: StripColours) -> None:
        del colours
        self.seen = list(stretches)
        painter.save()
        painter.setPen(QPen(QColor("red"), 2.0))
        for stretch in stretches:
            if stretch.start_s <= self.seconds <= stretch.end_s:
                x = stretch.x(self.seconds)
                painter.drawLine(QPointF(x, stretch.top), QPointF(x, stretch.bottom))
        painter.restore()


def rgb(image: QImage) -> NDArray[np.int16]:
    flat = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), -1)
    whole = rows[:, : 3 * flat.width()].reshape(flat.height(), flat.width(), 3)
    return whole.astype(np.int16)


def svg_of(picture: Picture) -> ET.Element:
    return ET.fromstring(picture.content(FileKind.SVG))  # noqa: S314 - made here


def texts_of(picture: Picture) -> str:
    """All that is written in a picture, with the words as they stand apart."""
    return " ".join("".join(text.itertext()).strip() for text in svg_of(picture).iter(f"{SVG}text"))


def pages_of(picture: Picture) -> list[tuple[float, float]]:
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", picture.content(FileKind.PDF))
    return [(float(width), float(height)) for width, height in found]


def lines_at(row: NDArray[np.int16], colour: QColor) -> NDArray[np.int64]:
    """Where lines of a colour begin."""
    there = np.flatnonzero((row == (colour.red(), colour.green(), colour.blue())).all(axis=1))
    return there[np.diff(there, prepend=-9) > 1]


def test_large_boxes_of_a_png_are_five_millimetres() -> None:
    image = Picture([TEN], NOTICE).image()
    assert image.dotsPerMeterX() == 11811
    assert image.width() == round(270 * PER_MM)
    pixels, large = rgb(image), PaperStyle.PINK.colours.large_line
    row = next(row for row in pixels if lines_at(row, large).size > 50)
    columns = lines_at(row, large)
    assert columns.size in (53, 54)
    assert (columns[1:52] - columns[1]).tolist() == pytest.approx(
        (np.arange(51) * 5 * PER_MM).tolist(), abs=1
    )


def test_boxes_of_an_svg_are_exactly_one_millimetre() -> None:
    root = svg_of(Picture([TEN], NOTICE))
    assert root.get("width") == "270mm"
    assert (root.get("viewBox") or "").split()[2] == str(270 * 5)
    points = [line.get("points", "").split() for line in root.iter(f"{SVG}polyline")]
    ends = [[tuple(map(float, end.split(","))) for end in line] for line in points]
    upright = {line[0][0] for line in ends if len(line) == 2 and line[0][0] == line[1][0]}
    boxes = np.array(sorted(x for x in upright if 0 <= x <= 260 * 5))
    assert np.isin(np.arange(261) * 5, np.round(boxes, 3)).all()


def test_a_second_is_twenty_five_millimetres_in_a_png() -> None:
    lines = [RedLine(62.0), RedLine(66.0)]
    places = []
    for line in lines:
        pixels = rgb(Picture([TEN], NOTICE, overlays=[line]).image())
        red = (pixels == (255, 0, 0)).all(axis=2).any(axis=0)
        places.append(np.flatnonzero(red).mean())
    assert places[1] - places[0] == pytest.approx(100 * PER_MM, abs=1)
    # Five millimetres of edge, ten for the calibration mark.
    assert places[0] == pytest.approx((15 + 50) * PER_MM, abs=1.5)


def test_marks_lie_where_the_trace_is_on_every_row() -> None:
    line = RedLine(25.0)
    Picture([fakes.strip(seconds=33.0)], NOTICE, overlays=[line]).image()
    assert [(each.start_s, each.end_s) for each in line.seen] == [
        (0.0, 10.0),
        (10.0, 20.0),
        (20.0, 30.0),
        (30.0, pytest.approx(33.0)),
    ]
    assert len({each.left for each in line.seen}) == 1
    assert all(below.top > above.bottom for above, below in zip(line.seen, line.seen[1:]))  # noqa: B905 - one shorter


def test_without_marks_nothing_of_them_is_drawn() -> None:
    pixels = rgb(Picture([TEN], NOTICE).image())
    assert not (pixels == (255, 0, 0)).all(axis=2).any()


def test_the_head_says_leads_time_and_scale() -> None:
    written = texts_of(Picture([TEN], NOTICE))
    for said in ("Lead II", "60.0-70.0 s", "25 mm/s", "10 mm/mV"):
        assert said in written


def test_the_foot_carries_source_licence_citation_and_notice() -> None:
    written = texts_of(Picture([TEN], NOTICE))
    for said in (
        NOTICE,
        "Made-up Database 1.0.0, record a, 60.0-70.0 s",
        "Licence: CC0",
        "Nobody. A database that tests make. 2026.",
        "10.0000/none",
    ):
        assert said in written


def test_a_simulated_strip_says_so_and_a_real_one_does_not() -> None:
    assert "SIMULATED" not in texts_of(Picture([TEN], NOTICE))
    provenance = replace(TEN.provenance, origin=Origin.SIMULATED)
    assert "SIMULATED" in texts_of(Picture([replace(TEN, provenance=provenance)], NOTICE))


def test_a_caption_is_written_only_where_one_is_given() -> None:
    plain = Picture([TEN], NOTICE)
    captioned = replace(plain, caption="Sinus rhythm")
    for kind in FileKind:
        assert b"Sinus" not in plain.content(kind)
        assert b"Sinus" in captioned.content(kind)
    assert "Sinus rhythm" in texts_of(captioned)


def test_nothing_written_is_cut_off_at_the_edge() -> None:
    long = replace(
        TWELVE.cropped(60.0, 62.0),
        provenance=replace(TWELVE.provenance, source=f"folder/{'word' * 80}", database=None),
    )
    picture = Picture([long], "A long notice. " * 20, SheetStyle(layout=PaperLayout.STACKED))
    root = svg_of(picture)
    right = float((root.get("viewBox") or "").split()[2])
    for text in root.iter(f"{SVG}text"):
        font = QFont()
        font.setPixelSize(round(float(text.get("font-size", "0"))))
        width = QFontMetricsF(font).horizontalAdvance("".join(text.itertext()).strip())
        group = float(text.get("x", "0"))
        assert group + width <= right


def test_long_strips_wrap_in_rows_of_ten_seconds() -> None:
    heights = [
        Picture([fakes.strip(seconds=seconds)], NOTICE).image().height()
        for seconds in (9.0, 10.004, 10.5, 20.0, 21.0)
    ]
    one_more = round(56 * PER_MM)
    steps = np.diff(heights).tolist()
    assert steps == [
        pytest.approx(0, abs=1),
        pytest.approx(one_more, abs=1),
        pytest.approx(0, abs=1),
        pytest.approx(one_more, abs=1),
    ]


@pytest.mark.parametrize(("speed", "rows"), [(12.5, 1), (25.0, 2), (50.0, 4)])
def test_rows_are_as_long_at_every_speed(speed: float, rows: int) -> None:
    line = RedLine(0.0)
    picture = Picture(
        [fakes.strip(seconds=20.0)], NOTICE, SheetStyle(speed_mm_s=speed), overlays=[line]
    )
    assert picture.image().width() == round(270 * PER_MM)
    assert len(line.seen) == rows


def test_a_short_strip_has_a_narrow_picture_with_room_for_words() -> None:
    assert Picture([fakes.strip(seconds=6.0)], NOTICE).image().width() == round(170 * PER_MM)
    assert Picture([fakes.strip(seconds=1.0)], NOTICE).image().width() == round(130 * PER_MM)


def test_twelve_leads_are_drawn_as_on_the_screen() -> None:
    page, stack = RedLine(0.0), RedLine(0.0)
    Picture([TWELVE], NOTICE, SheetStyle(PaperLayout.TWELVE), overlays=[page]).image()
    Picture([TWELVE], NOTICE, SheetStyle(PaperLayout.STACKED), overlays=[stack]).image()
    assert len(page.seen) == 13
    assert len(stack.seen) == 12
    assert {each.channel for each in stack.seen} == set(range(12))


def test_paper_is_pink_whatever_the_screen_shows_unless_asked() -> None:
    dark = SheetStyle(paper=PaperStyle.NIGHT)
    assert Picture([TEN], NOTICE, dark).image() == Picture([TEN], NOTICE).image()
    asked = rgb(Picture([TEN], NOTICE, paper=PaperStyle.NIGHT).image())
    assert asked[0, 0].max() < 60


def test_a_pdf_is_printed_on_pages_of_a4_lying() -> None:
    assert pages_of(Picture([TEN], NOTICE)) == [(842.0, 595.0)]
    assert len(pages_of(Picture([fakes.strip(seconds=30.0)], NOTICE))) == 1
    assert len(pages_of(Picture([fakes.strip(seconds=61.0)], NOTICE))) == 3


def test_pages_are_numbered_where_there_are_several() -> None:
    words = words_for([fakes.strip(seconds=61.0)], NOTICE)
    maker = PageMaker(Sheet([fakes.strip(seconds=61.0)]), words, "", [])
    written = []
    for page in maker.printed():
        content = as_svg(page, words).decode()
        written += re.findall(r"page \d of \d", content)
    assert written == ["page 1 of 3", "page 2 of 3", "page 3 of 3"]
    assert "page" not in texts_of(Picture([TEN], NOTICE))


def test_five_minutes_fit_into_a_png() -> None:
    strip = replace(TEN, signal=np.zeros((1, 300 * 250), np.float32))
    page = PageMaker(Sheet([strip]), words_for([strip], NOTICE), "", []).whole()
    assert page.width_mm * PER_MM * page.height_mm * PER_MM < 72e6


def test_a_pdf_is_printed_on_letter_paper_where_that_is_used() -> None:
    QLocale.setDefault(QLocale("en_US"))
    assert pages_of(Picture([TEN], NOTICE)) == [(792.0, 612.0)]


def test_a_pdf_has_a_page_of_its_own_size_where_no_printers_page_is_large_enough() -> None:
    stacked = Picture([TWELVE], NOTICE, SheetStyle(PaperLayout.STACKED))
    ((width, height),) = pages_of(stacked)
    assert width == pytest.approx(270 / 25.4 * 72, abs=1)
    assert height > 12 * 25 / 25.4 * 72


@pytest.mark.parametrize("kind", list(FileKind))
def test_each_kind_is_saved_whole(tmp_path: Path, kind: FileKind) -> None:
    file = tmp_path / f"strip.{kind.value}"
    Picture([TEN], NOTICE).save(file)
    beginnings = {FileKind.PNG: b"\x89PNG", FileKind.SVG: b"<?xml", FileKind.PDF: b"%PDF"}
    assert file.read_bytes().startswith(beginnings[kind])
    assert list(tmp_path.iterdir()) == [file]


def test_an_unknown_ending_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="PNG, SVG or PDF"):
        Picture([TEN], NOTICE).save(tmp_path / "strip.jpeg")
    assert list(tmp_path.iterdir()) == []


def test_what_is_copied_is_what_is_saved() -> None:
    picture = Picture([TEN], NOTICE)
    picture.copy()
    saved = QImage.fromData(QByteArray(picture.content(FileKind.PNG)))
    assert QGuiApplication.clipboard().image() == saved


def test_a_recording_too_long_for_a_picture_is_told() -> None:
    day = replace(TEN, signal=np.zeros((1, 250 * 3600), np.float32))
    with pytest.raises(UserError, match="at most 5 minutes"):
        Picture([day], NOTICE).content(FileKind.PDF)


def test_a_picture_of_too_many_dots_is_told() -> None:
    long = replace(TWELVE, signal=np.zeros((12, 250 * 200), np.float32))
    picture = Picture([long], NOTICE, SheetStyle(PaperLayout.STACKED))
    with pytest.raises(UserError, match="choose a shorter stretch, or PDF"):
        picture.content(FileKind.PNG)
    assert len(pages_of(picture)) == 1


def signals() -> dict[str, NDArray[np.float32]]:
    wave = TEN.signal[0]
    gap = wave.copy()
    gap[500:900] = np.nan
    steps = np.where(np.arange(2500) % 500 < 250, -10, 10).astype(np.float32)
    return {
        "gap": gap,
        "nothing but gaps": np.full(2500, np.nan, np.float32),
        "ten-millivolt steps": steps,
        "a hundredth of a millivolt": wave / 100,
        "one sample": wave[:1],
        "no sample": wave[:0],
    }


@pytest.mark.parametrize("name", list(signals()))
@pytest.mark.parametrize("kind", list(FileKind))
def test_bad_signals_are_drawn_sensibly(name: str, kind: FileKind) -> None:
    strip = replace(TEN, signal=signals()[name][np.newaxis])
    assert Picture([strip], NOTICE).content(kind)


def test_no_strip_at_all_is_an_empty_sheet() -> None:
    assert Picture([], NOTICE).image().width() > 0


def test_leads_of_different_length_and_rate_are_drawn_together() -> None:
    slow = Strip(TEN.signal[:, ::2], 125.0, (LeadName("V1"),), 60.0, False, TEN.provenance)  # noqa: FBT003 - goes on behind it
    late = replace(TEN.cropped(64.0, 68.0), leads=(LeadName("V5"),))
    line = RedLine(66.0)
    style = SheetStyle(PaperLayout.STACKED, gain_mm_mv=-10.0)
    Picture([TEN, slow, late], NOTICE, style, overlays=[line]).image()
    spans = [(each.start_s, each.end_s) for each in line.seen]
    assert spans == [(60.0, 70.0), (60.0, 70.0), (64.0, 68.0)]


def test_a_trace_that_leaves_its_row_is_clipped_in_an_svg() -> None:
    steps = signals()["ten-millivolt steps"][np.newaxis]
    style = SheetStyle(gain_mm_mv=20.0)
    root = svg_of(Picture([replace(TEN, signal=steps)], NOTICE, style))
    height = float((root.get("viewBox") or "").split()[3])
    areas = {shape.get("id"): shape[0] for shape in root.iter(f"{SVG}clipPath")}
    outside = 0
    for group in root.iter(f"{SVG}g"):
        clip = re.fullmatch(r"url\(#(.*)\)", group.get("clip-path", ""))
        for line in group.iter(f"{SVG}polyline"):
            ys = [float(end.split(",")[1]) for end in line.get("points", "").split()]
            if max(ys) > height:
                outside += clip is not None
                if clip is not None:
                    area = areas[clip[1]]
                    bottom = float(area.get("y", "nan")) + float(area.get("height", "nan"))
                    assert bottom < height
    assert outside


def test_words_are_not_clipped_with_the_trace() -> None:
    root = svg_of(Picture([TEN], NOTICE))
    clipped = {
        "".join(text.itertext()).strip()
        for group in root.iter(f"{SVG}g")
        if group.get("clip-path")
        for text in group.iter(f"{SVG}text")
    }
    assert NOTICE not in clipped
    assert not any("@" in "".join(text.itertext()) for text in root.iter(f"{SVG}text"))


def test_lines_are_broken_where_words_end() -> None:
    font = QFont()
    font.setPixelSize(12)
    width = 200.0
    lines = wrapped(f"one two three {'long' * 40} four  five", font, width)
    assert all(QFontMetricsF(font).horizontalAdvance(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == f"onetwothree{'long' * 40}fourfive"
    assert wrapped("", font, width) == []


def test_loading_the_program_does_not_load_what_only_files_need() -> None:
    code = (
        "import sys, rhythmtrainer.gui.widgets.export.picture; "
        "sys.exit('PySide6.QtSvg' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - this interpreter


def test_drawing_leaves_the_painter_to_the_next_overlay(qtbot: QtBot) -> None:
    del qtbot
    box = QRectF(0, 0, 10, 10)

    @dataclass
    class Clipping:
        def draw(
            self, painter: QPainter, stretches: Sequence[Stretch], colours: StripColours
        ) -> None:
            del stretches, colours
            painter.save()
            painter.setClipRect(box)
            painter.fillRect(box, QColor("black"))
            painter.restore()

    line = RedLine(65.0)
    root = svg_of(Picture([TEN], NOTICE, overlays=[Clipping(), line]))
    red = [each for each in root.iter(f"{SVG}g") if each.get("stroke") == "#ff0000"]
    parents = {child: parent for parent in root.iter() for child in parent}
    assert red
    assert all(not parents[each].get("clip-path") for each in red)
