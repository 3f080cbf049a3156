"""The whole program on the pages about recordings and strips: Library, Label, and packs."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QTextBrowser,
)
from pytestqt.qtbot import QtBot

from rhythmtrainer import paths
from rhythmtrainer.app import Options
from rhythmtrainer.ecg.paper import PaperLayout
from rhythmtrainer.gui.library.page import LibraryPage
from rhythmtrainer.model import Question, RhythmId
from tests.gui.conftest import visible_text
from tests.support.physionet_server import PhysioNetServer
from tests.support.synthetic import ecg_at, regular_peaks
from tests.support.wfdb_files import write_samples
from tests.test_app import Driver

pytestmark = pytest.mark.gui

_Kind = TypeVar("_Kind", bound=QObject)
_TWELVE = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")


class Collector(Driver):
    """Uses the pages about recordings and strips."""

    @property
    def library(self) -> LibraryPage:
        return self.program.collection.library_page

    def find(self, kind: type[_Kind], name: str) -> _Kind:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def until_said(self, text: str) -> None:
        self.until(lambda: text in visible_text(self.window))

    def label(self, file: Path, answer: str, length_s: float, note: str, scenario: str) -> None:
        """Make a strip of a recording, as an instructor does."""
        self.click("navLabel")
        self.program.collection.label.open(file)
        self.until_said("Measured on")
        every = self.find(QCheckBox, "labelAllLeads")
        if every.isVisible():
            every.click()
        self.find(QDoubleSpinBox, "labelLength").setValue(length_s)
        line = self.find(QComboBox, "labelAnswer").lineEdit()
        assert line is not None
        line.setText(answer)
        line.editingFinished.emit()
        teaching = self.find(QComboBox, "labelScenario")
        teaching.setCurrentText(scenario)
        teaching.activated.emit(teaching.currentIndex())
        self.find(QPlainTextEdit, "labelNote").setPlainText(note)
        self.click("labelSaveButton")
        self.until_said("Saved to your strips")

    def hand_out(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Hand out all strips in a quiz that begins with the second."""
        self.click("navLibrary")
        self.click("libraryShowStrips")
        self.until(lambda: len(self.library.strips.strips.keys) == len(("one", "twelve")))
        self.click("libraryHandOut")
        self.find(QLineEdit, "libraryPackTitle").setText("Night shift")
        self.find(QLineEdit, "libraryPackAuthor").setText("A. Teacher")
        self.find(QLineEdit, "libraryQuizTitle").setText("Pretest")
        self.click("libraryPackDown")
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
        self.click("libraryPackSave")
        self.until_said(f"“Night shift” with 2 strips is in {file}.")

    def practise_pack(self, file: Path) -> None:
        self.click("navLibrary")
        self.program.collection.library.open_packs([file])
        self.until_said("Opened “Night shift” by A. Teacher: 2 strips.")
        self.until(lambda: bool(self.library.strips.packs.current))
        self.click("libraryPractisePack")

    @property
    def question(self) -> Question:
        shown = self.program.practice._shown
        assert shown is not None
        return shown.question


Launch = Callable[[str], Collector]


@pytest.fixture
def launch(qtbot: QtBot, tmp_path: Path, records_dir: Path) -> Iterator[Launch]:
    """Start the program on a computer of this name, on which the recordings are."""
    drivers: list[Collector] = []

    def start(computer: str) -> Collector:
        data = tmp_path / computer
        drivers.append(
            Collector(qtbot, Options(records=records_dir, data_dir=data, offline=True, seed=5), {})
        )
        drivers[-1].await_question()
        return drivers[-1]

    yield start
    for driver in drivers:
        driver.close()


def recording(folder: Path, leads: tuple[str, ...], *, rate: float) -> Path:
    """Write a minute of a made-up recording."""
    name, fs = f"made{len(leads)}", 250
    signal = ecg_at(regular_peaks(rate, 60.0), fs, 60.0, seed=1)
    write_samples(
        name,
        fs=fs,
        units=["mV"] * len(leads),
        sig_name=list(leads),
        p_signal=np.column_stack([signal] * len(leads)),
        fmt=["16"] * len(leads),
        write_dir=str(folder),
    )
    return folder / f"{name}.hea"


@pytest.fixture
def pack(launch: Launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A quiz of two strips that an instructor has made: twelve leads, then one."""
    teacher = launch("teacher")
    one = recording(tmp_path, ("II",), rate=75.0)
    teacher.label(one, "Asystole", 3.0, "Nothing at all.", "Without a pulse")
    twelve = recording(tmp_path, _TWELVE, rate=50.0)
    teacher.label(twelve, "Sinus bradycardia", 30.0, "Count them.", "With a pulse")
    file = tmp_path / "night.rtpack"
    teacher.hand_out(file, monkeypatch)
    teacher.close()
    return file


def test_a_pack_is_made_on_one_computer_and_practised_in_order_on_another(
    launch: Launch, pack: Path
) -> None:
    student = launch("student")
    student.practise_pack(pack)
    student.until(lambda: "Night shift · Pretest" in visible_text(student.page))
    expected = (
        (RhythmId.SINUS_BRADYCARDIA, "with a pulse", "Count them.", 30.0, PaperLayout.TWELVE),
        (RhythmId.ASYSTOLE, "without a pulse", "Nothing at all.", 3.0, PaperLayout.RHYTHM),
    )
    for number, (answer, scenario, note, seconds, layout) in enumerate(expected, 1):
        student.await_question()
        before = visible_text(student.page)
        assert f"{number} of 2" in before
        assert f"Teaching scenario: a patient {scenario}" in before
        assert note not in before
        assert student.question.answer is answer
        assert student.question.window.duration_s == pytest.approx(seconds, abs=0.01)
        assert student.page.strip.layout_shown is layout
        assert student.page.strip.leads[0] == "II"
        student.answer(right=True)
        after = visible_text(student.page)
        assert f"Note: {note}" in after
        assert "Labelled by A. Teacher. Real recording: own recording (WFDB)" in after
        assert "licence not stated" in after
        student.press(Qt.Key.Key_Return)
    student.until_said("2 of 2 right")
    student.click("toCourseButton")
    student.await_question()
    assert "Practice\nACLS\n" in visible_text(student.page)
    assert "1 of 20" in visible_text(student.page)


def test_a_pack_is_left_for_the_course_in_the_middle(launch: Launch, pack: Path) -> None:
    student = launch("student")
    student.practise_pack(pack)
    student.until(lambda: "1 of 2" in visible_text(student.page))
    student.await_question()
    student.click("leavePackButton")
    student.until(lambda: "1 of 20" in visible_text(student.page))
    student.await_question()
    assert not student.page.findChild(QObject, "leavePackButton").isVisible()  # type: ignore[union-attr]  # it is there


def test_a_catalogue_that_grows_leaves_the_pack_that_is_practised_alone(
    launch: Launch, pack: Path
) -> None:
    student = launch("student")
    student.practise_pack(pack)
    student.until(lambda: "1 of 2" in visible_text(student.page))
    student.await_question()
    shipped = student.program._shipped
    assert shipped is not None
    fewer = replace(shipped.catalogue, spans=shipped.catalogue.spans[::2])
    student.program.collection.holdings_changed.emit(fewer)
    student.answer(right=True)
    student.press(Qt.Key.Key_Return)
    student.until(lambda: "2 of 2" in visible_text(student.page))
    student.await_question()
    assert student.question.answer is RhythmId.ASYSTOLE
    student.click("leavePackButton")
    student.until(lambda: "1 of 20" in visible_text(student.page))
    around = student.program.practice._around
    assert around is not None
    assert len(around.material.spans) < len(shipped.material().spans)
    student.await_question()


def test_a_pack_that_is_removed_while_it_is_practised_is_said(launch: Launch, pack: Path) -> None:
    student = launch("student")
    student.practise_pack(pack)
    student.until(lambda: "1 of 2" in visible_text(student.page))
    student.await_question()
    shelf = student.program._sources.shelf
    for each in shelf.packs():
        shelf.remove_pack(each.id)
    # What was read before is still asked.
    while "This pack cannot be read" not in visible_text(student.page):
        student.click("startPracticeButton")
        student.qtbot.wait(50)
    assert "in none of the packs" in visible_text(student.page)
    student.click("toCourseButton")
    student.await_question()
    assert "1 of 20" in visible_text(student.page)


def test_a_missed_strip_of_a_pack_is_reviewed_with_its_note(launch: Launch, pack: Path) -> None:
    student = launch("student")
    student.practise_pack(pack)
    student.until(lambda: "1 of 2" in visible_text(student.page))
    student.await_question()
    student.answer(right=False)
    student.click("navReview")
    review = student.window.review
    review.missed_chosen.emit(review._missed[0])
    student.until(lambda: "Note: Count them." in visible_text(review))
    assert review.strip.layout_shown is PaperLayout.TWELVE


@pytest.fixture
def catalogue_without_vfdb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "datasets"
    shutil.copytree(paths.dataset(), folder, ignore=shutil.ignore_patterns("*.py", "*.pyc"))
    rows = (folder / "catalogue.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [row for row in rows if not row.startswith("vfdb,")]
    (folder / "catalogue.csv").write_text("".join(kept), encoding="utf-8")
    monkeypatch.setattr(paths, "dataset", folder.joinpath)


@pytest.mark.usefixtures("catalogue_without_vfdb")
def test_a_database_is_fetched_and_added_and_asked_about_without_a_restart(
    qtbot: QtBot, tmp_path: Path, physionet: PhysioNetServer
) -> None:
    student = Collector(
        qtbot, Options(data_dir=tmp_path / "student", archive=physionet.url, seed=5), {}
    )
    student.await_question()
    student.click("navLibrary")
    databases, facts = student.library.databases, student.find(QTextBrowser, "libraryDatabaseFacts")
    student.until(lambda: databases.table.go_to("vfdb"))
    assert "Not in the catalogue" in facts.toPlainText()
    student.find(QLineEdit, "libraryRecordNames").setText("418 419 420 421")
    student.click("libraryFetchButton")
    student.until_said("vfdb: 4 records")
    student.until(lambda: "4 of 22 records" in facts.toPlainText())
    assert not asked_about(student, "vfdb")
    student.click("libraryIndexButton")
    student.until_said("are in your catalogue")
    student.until(lambda: asked_about(student, "vfdb"))
    assert "Malignant Ventricular" in student.find(QTextBrowser, "aboutText").toPlainText()
    student.until(lambda: "In the catalogue" in facts.toPlainText())
    student.close()


def asked_about(student: Collector, database: str) -> bool:
    around = student.program.practice._around
    assert around is not None
    return any(span.ref.record.database == database for span in around.material.spans)
