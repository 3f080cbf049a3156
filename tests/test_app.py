import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QMessageBox,
    QPushButton,
    QTextBrowser,
)
from pytestqt.qtbot import QtBot

from rhythmtrainer.app import Options, Program
from rhythmtrainer.gui.practice.course_choice import CourseChoice
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.model import (
    CourseId,
    Origin,
    RecordError,
    StoreError,
    Supply,
    UnreachableError,
)
from rhythmtrainer.training.cancel import Cancel
from tests.gui.conftest import visible_text
from tests.support.physionet_server import Fault, PhysioNetServer

pytestmark = pytest.mark.gui


class Driver:
    """Starts the whole program and uses it as a person does."""

    def __init__(
        self,
        qtbot: QtBot,
        options: Options,
        environ: dict[str, str],
        supply: Supply = Supply.REAL_ONLY,
    ) -> None:
        self.qtbot = qtbot
        self.program = Program(options, environ)
        self.program.settings.set_supply(supply)
        self.window = self.program.window
        self.page = self.window.practice
        self.crashes: list[Exception] = []
        self.program.tasks.crashed.connect(self.crashes.append)
        qtbot.addWidget(self.window)
        self.program.start()

    def until(self, true: Callable[[], bool], timeout: int = 15_000) -> None:
        self.qtbot.waitUntil(true, timeout=timeout)

    def await_question(self) -> None:
        controller = self.program.practice
        self.until(lambda: self.page.asking and controller._painted_at is not None)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window, key)

    def click(self, name: str) -> None:
        button = self.window.findChild(QPushButton, name)
        assert button is not None, name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def answer(self, *, right: bool) -> None:
        shown = self.program.practice._shown
        assert shown is not None
        choices = shown.question.choices
        place = choices.index(shown.question.answer)
        if not right:
            place = (place + 1) % len(choices)
        self.click(f"answer{place + 1}") if right else self.press(Qt.Key(Qt.Key.Key_1 + place))
        assert self.page.revealing

    def close(self) -> None:
        self.window.close()
        assert self.crashes == []


@pytest.fixture
def launch(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Driver]]:
    drivers: list[Driver] = []

    def start(
        environ: dict[str, str] | None = None,
        supply: Supply = Supply.REAL_ONLY,
        **options: object,
    ) -> Driver:
        given = {"data_dir": tmp_path / "data", "offline": True, "seed": 5, **options}
        drivers.append(Driver(qtbot, Options(**given), environ or {}, supply))  # type: ignore[arg-type]  # named by the test
        return drivers[-1]

    yield start
    for driver in drivers:
        driver.close()


def saved_rows(tmp_path: Path) -> int:
    connection = sqlite3.connect(tmp_path / "data" / "answers.sqlite")
    count: int = connection.execute("SELECT count(*) FROM attempt").fetchone()[0]
    connection.close()
    return count


def test_a_whole_quiz_on_real_records_answered_right_and_wrong_then_reviewed(
    launch: Callable[..., Driver], records_dir: Path, tmp_path: Path
) -> None:
    driver = launch(records=records_dir)
    for number in range(20):
        driver.await_question()
        driver.answer(right=number % 3 > 0)
        assert saved_rows(tmp_path) == number + 1
        said = visible_text(driver.page)
        shown = driver.program.practice._shown
        assert shown is not None
        assert f"Real recording: {shown.strip.provenance.title}" in said
        assert shown.strip.provenance.licence in said
        driver.press(Qt.Key.Key_Return)
    assert "13 of 20 right" in visible_text(driver.page)
    driver.click("seeReviewButton")
    assert driver.window.review.isVisible()
    assert "20 answers, 65 % right" in visible_text(driver.window.review)
    driver.window.review.missed_chosen.emit(driver.window.review._missed[0])
    driver.until(lambda: "You chose" in visible_text(driver.window.review))


def test_the_notice_is_shown_at_the_first_start_and_not_again(
    launch: Callable[..., Driver], records_dir: Path
) -> None:
    driver = launch(records=records_dir)
    driver.await_question()
    assert driver.page.notice.isVisible()
    assert "Not a medical device" in visible_text(driver.page)
    assert driver.window.findChild(QCheckBox, "offlineSwitch") is not None
    driver.click("noticeCloseButton")
    assert not driver.page.notice.isVisible()
    driver.close()
    again = launch(records=records_dir)
    again.await_question()
    assert not again.page.notice.isVisible()


def test_strips_look_as_they_were_left_from_the_first_paint_on(
    launch: Callable[..., Driver], records_dir: Path
) -> None:
    driver = launch(records=records_dir)
    driver.program.settings.set_paper_style(PaperStyle.GREEN)
    driver.close()
    again = launch(records=records_dir)
    assert again.page.strip.style_shown is PaperStyle.GREEN
    again.await_question()


def test_about_names_every_database_and_what_the_program_is_not(
    launch: Callable[..., Driver], records_dir: Path
) -> None:
    driver = launch(records=records_dir)
    driver.await_question()
    driver.click("aboutButton")
    text = driver.window.about.findChild(QTextBrowser)
    assert text is not None
    said = text.toPlainText()
    for part in (
        "not a medical device",
        "not been reviewed by a clinician",
        "American Heart Association",
        "MIT-BIH Arrhythmia Database",
        "MIT-BIH Malignant Ventricular Ectopy Database",
        "10.13026/C2F305",
        "Greenwald",
        "Goldberger",
    ):
        assert part in said
    shipped = driver.program._shipped
    assert shipped is not None
    used = {span.ref.record.database for span in shipped.catalogue.spans}
    assert {database.id for database in shipped.sources} == used
    for database in shipped.sources:
        for part in (database.title, database.licence, database.doi):
            assert part in said


def test_strips_come_from_a_mirror_and_then_from_the_cache(
    launch: Callable[..., Driver], physionet: PhysioNetServer, tmp_path: Path
) -> None:
    driver = launch(offline=False, archive=physionet.url)
    for _ in range(3):
        driver.await_question()
        driver.answer(right=True)
        driver.press(Qt.Key.Key_Return)
    driver.await_question()
    driver.close()
    # Four were asked, and some were read ahead.
    assert physionet.body_bytes < 10 * 60_000
    again = launch(offline=True, seed=99)
    for _ in range(5):
        again.await_question()
        again.answer(right=True)
        again.press(Qt.Key.Key_Return)
    assert saved_rows(tmp_path) == 8


def test_the_address_in_the_settings_is_used(
    launch: Callable[..., Driver], physionet: PhysioNetServer
) -> None:
    driver = launch(offline=False, archive=None, environ={})
    driver.program.settings.set_archive(physionet.url)
    driver.await_question()
    assert physionet.requests


def test_folders_named_in_the_environment_are_found(
    launch: Callable[..., Driver], records_dir: Path
) -> None:
    driver = launch(environ={"RHYTHMTRAINER_RECORDS": str(records_dir)})
    driver.await_question()
    driver.close()
    other = launch(environ={"WFDB": f". {records_dir} https://example.org/files"})
    other.await_question()


def test_nothing_reachable_is_said_and_a_folder_mends_it(
    launch: Callable[..., Driver],
    records_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    driver = launch()
    driver.until(lambda: "No recording is within reach" in visible_text(driver.page))
    assert "offline" in visible_text(driver.page)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(records_dir))
    driver.click("chooseFolderButton")
    driver.await_question()
    assert driver.program.settings.records_dir == records_dir


def test_an_archive_that_refuses_is_said(
    launch: Callable[..., Driver], physionet: PhysioNetServer
) -> None:
    physionet.misbehave(Fault(status=503), "*", None)
    driver = launch(offline=False, archive=physionet.url)
    driver.until(lambda: "No recording is within reach" in visible_text(driver.page))
    physionet.behave()
    driver.click("retryButton")
    driver.await_question()


def test_the_window_closes_at_once_while_the_network_stalls(
    launch: Callable[..., Driver], physionet: PhysioNetServer
) -> None:
    physionet.misbehave(Fault(stall_after=100), "*.dat", None)
    driver = launch(offline=False, archive=physionet.url)
    driver.until(physionet.stalled.is_set)
    driver.close()
    assert not driver.program.tasks._running


def test_a_nonsensical_address_is_said_in_the_settings(launch: Callable[..., Driver]) -> None:
    driver = launch(offline=False)
    driver.until(lambda: driver.program._shipped is not None)
    driver.program.settings.set_archive("ftp:/nowhere")
    driver.click("navSettings")
    assert "ftp:/nowhere" in visible_text(driver.window.preferences)


def test_a_setting_that_cannot_be_used_does_not_stop_the_program(
    launch: Callable[..., Driver], records_dir: Path
) -> None:
    driver = launch(offline=False, archive="foo bar", records=records_dir)
    driver.await_question()
    driver.click("navSettings")
    assert "foo bar" in visible_text(driver.window.preferences)


def test_a_folder_that_goes_away_does_not_stop_the_program(
    launch: Callable[..., Driver], physionet: PhysioNetServer, tmp_path: Path
) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    driver = launch(offline=False, archive=physionet.url, records=folder)
    driver.await_question()
    folder.rmdir()
    driver.program.settings.set_records_dir(tmp_path)
    driver.click("navSettings")
    assert "no folder of recordings" in visible_text(driver.window.preferences)
    driver.click("navPractice")
    driver.answer(right=True)
    driver.press(Qt.Key.Key_Return)
    driver.await_question()


def test_without_anything_else_that_setting_is_what_is_told(launch: Callable[..., Driver]) -> None:
    driver = launch(offline=False, archive="foo bar")
    driver.until(lambda: "No recording is within reach" in visible_text(driver.page))
    assert "foo bar" in visible_text(driver.page)


def test_an_option_changes_no_setting_and_gives_way_to_the_window(
    launch: Callable[..., Driver], physionet: PhysioNetServer
) -> None:
    driver = launch(offline=True, archive=physionet.url)
    driver.until(lambda: "within reach" in visible_text(driver.page))
    assert not driver.program.settings.offline
    driver.click("goOnlineButton")
    driver.await_question()
    switch = driver.window.findChild(QCheckBox, "offlineSwitch")
    assert switch is not None
    assert not switch.isChecked()


def test_an_answer_that_is_not_saved_is_not_lost_by_closing(
    launch: Callable[..., Driver], records_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def no(*arguments: object) -> QMessageBox.StandardButton:
        asked.append(str(arguments[2]))
        return QMessageBox.StandardButton.No

    driver = launch(records=records_dir)
    driver.await_question()
    monkeypatch.setattr(QMessageBox, "question", no)
    monkeypatch.setattr("rhythmtrainer.store.Store.add", _disk_full)
    driver.answer(right=True)
    driver.window.close()
    assert driver.window.isVisible()
    assert "could not be saved" in asked[0]
    monkeypatch.undo()
    driver.window.close()
    assert not driver.window.isVisible()


def _disk_full(*_: object) -> None:
    raise StoreError("Nothing can be saved now: the disk is full.")


def test_the_store_is_closed_last(launch: Callable[..., Driver], records_dir: Path) -> None:
    driver = launch(records=records_dir)
    driver.await_question()
    driver.close()
    assert driver.program._store is None
    assert not driver.program.tasks._running


def test_answers_that_cannot_be_opened_are_said_and_left_alone(
    launch: Callable[..., Driver], tmp_path: Path, records_dir: Path
) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "answers.sqlite"
    file.write_bytes(b"something else" * 500)
    driver = launch(records=records_dir)
    driver.until(lambda: "file is not a database" in visible_text(driver.page))
    assert file.read_bytes() == b"something else" * 500
    file.unlink()
    driver.click("startAgainButton")
    driver.await_question()


@pytest.mark.parametrize("content", [b"", b"something else" * 500])
def test_it_tells_when_all_has_been_loaded_or_cannot_be(
    launch: Callable[..., Driver], tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "answers.sqlite").write_bytes(content)
    driver = launch()
    told: list[bool] = []
    driver.program.loaded.connect(lambda: told.append(True))
    driver.until(lambda: bool(told))


def test_a_defect_is_told_in_one_dialog_however_often_it_happens(
    launch: Callable[..., Driver], caplog: pytest.LogCaptureFixture
) -> None:
    driver = launch()
    for _ in range(3):
        driver.program.tell_of_defect(ZeroDivisionError("made up"))
    boxes = [box for box in driver.window.findChildren(QMessageBox) if box.isVisible()]
    assert len(boxes) == 1
    assert "rhythmtrainer.log" in boxes[0].text()
    boxes[0].close()
    assert "made up" in caplog.text
    caplog.clear()


def test_pages_are_reached_from_the_rail(launch: Callable[..., Driver], records_dir: Path) -> None:
    driver = launch(records=records_dir)
    driver.await_question()
    for name, page in (
        ("navReview", driver.window.review),
        ("navSettings", driver.window.preferences),
        ("navAbout", driver.window.about),
        ("navPractice", driver.window.practice),
    ):
        driver.click(name)
        assert page.isVisible()
    assert driver.page.asking


def test_pages_that_are_seldom_used_are_made_when_they_are_turned_to(
    launch: Callable[..., Driver], records_dir: Path
) -> None:
    driver = launch(records=records_dir)
    driver.await_question()
    assert driver.program._collection is None
    driver.click("navLibrary")
    made = driver.program.collection
    for name, page in (
        ("navLibrary", made.library_page),
        ("navLabel", made.label_page),
        ("navWatch", made.watch_page),
    ):
        driver.click(name)
        assert page.isVisible()
    assert driver.program.collection is made


def test_every_button_is_reached_with_tab_and_pressed_with_enter(
    launch: Callable[..., Driver], records_dir: Path
) -> None:
    driver = launch(records=records_dir)
    driver.await_question()
    driver.window.activateWindow()
    reached = set()
    for _ in range(40):
        driver.press(Qt.Key.Key_Tab)
        focused = driver.window.focusWidget()
        if focused is not None:
            reached.add(focused.objectName())
    rail = {"navPractice", "navReview", "navSettings", "navAbout"}
    rail |= {"navWatch", "navLibrary", "navLabel"}
    assert rail | {"paperButton", "monitorButton", "answer1", "startPracticeButton"} <= reached
    driver.window.show_page(driver.window.about)
    button = driver.window.findChild(QPushButton, "navReview")
    assert button is not None
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert driver.window.review.isVisible()


def test_the_monitor_is_remembered(launch: Callable[..., Driver], records_dir: Path) -> None:
    driver = launch(records=records_dir)
    driver.await_question()
    driver.press(Qt.Key.Key_P)
    driver.close()
    again = launch(records=records_dir)
    again.await_question()
    assert again.page.strip.mode == "monitor"


def origin_shown(driver: Driver) -> Origin:
    shown = driver.program.practice._shown
    assert shown is not None
    return shown.strip.provenance.origin


def test_with_nothing_at_all_a_session_of_simulated_strips_is_asked_saved_and_reviewed(
    launch: Callable[..., Driver], tmp_path: Path
) -> None:
    driver = launch(supply=Supply.REAL_FIRST)
    driver.await_question()
    assert "No recording is within reach; strips are simulated." in visible_text(driver.page)
    asked = set()
    for number in range(20):
        driver.await_question()
        shown = driver.program.practice._shown
        assert shown is not None
        assert shown.strip.provenance.origin is Origin.SIMULATED
        asked.add(shown.question.answer)
        driver.answer(right=number > 0)
        said = visible_text(driver.page)
        assert "Made as " in said
        assert f"Simulated, seed {shown.question.span.patient.rpartition('-')[2]}, Lead II" in said
        driver.press(Qt.Key.Key_Return)
    assert len(asked) > 10
    assert saved_rows(tmp_path) == 20
    driver.click("seeReviewButton")
    review = driver.window.review
    missed = review._misses.item(0, 0)
    assert missed is not None
    assert missed.text().endswith("(simulated)")
    review.missed_chosen.emit(review._missed[0])
    driver.until(lambda: "You chose" in visible_text(review))
    assert "Simulated, seed" in visible_text(review)
    assert "The signal is simulated." in review.strip._paper.description


def test_the_same_seed_simulates_the_same_session(
    launch: Callable[..., Driver], tmp_path: Path
) -> None:
    def windows(data: str) -> list[object]:
        driver = launch(supply=Supply.REAL_FIRST, data_dir=tmp_path / data)
        found: list[object] = []
        for _ in range(4):
            driver.await_question()
            shown = driver.program.practice._shown
            assert shown is not None
            found.append((shown.question.window, shown.question.choices))
            driver.answer(right=True)
            driver.press(Qt.Key.Key_Return)
        driver.close()
        return found

    assert windows("one") == windows("other")


def test_simulated_strips_are_allowed_from_the_message_and_forbidden_in_the_settings(
    launch: Callable[..., Driver],
) -> None:
    driver = launch(supply=Supply.REAL_ONLY)
    driver.until(lambda: "No recording is within reach" in visible_text(driver.page))
    driver.click("simulateButton")
    driver.await_question()
    assert origin_shown(driver) is Origin.SIMULATED
    assert driver.program.settings.supply is Supply.REAL_FIRST
    choice = driver.window.findChild(QComboBox, "preferencesSupply")
    assert choice is not None
    assert "Real first" in choice.currentText()
    choice.activated.emit(0)
    # The question on the screen stays, and can be answered.
    assert driver.page.asking
    driver.answer(right=True)
    driver.press(Qt.Key.Key_Return)
    driver.until(lambda: "No recording is within reach" in visible_text(driver.page))


def test_mixed_asks_about_both(launch: Callable[..., Driver], records_dir: Path) -> None:
    driver = launch(supply=Supply.MIXED, records=records_dir)
    origins = set()
    for _ in range(12):
        driver.await_question()
        origins.add(origin_shown(driver))
        driver.answer(right=True)
        driver.press(Qt.Key.Key_Return)
    assert origins == set(Origin)


def test_while_the_network_stalls_the_first_strip_is_simulated(
    launch: Callable[..., Driver], physionet: PhysioNetServer
) -> None:
    physionet.misbehave(Fault(stall_after=100), "*.dat", None)
    driver = launch(supply=Supply.REAL_FIRST, offline=False, archive=physionet.url, seed=1)
    driver.until(physionet.stalled.is_set)
    driver.await_question()
    assert origin_shown(driver) is Origin.SIMULATED
    assert "is still being read; this strip is simulated" in visible_text(driver.page)


def test_strips_of_a_simulated_source_and_of_packs_never_mix_up_their_names(
    launch: Callable[..., Driver],
) -> None:
    driver = launch(supply=Supply.REAL_FIRST)
    driver.await_question()
    shown = driver.program.practice._shown
    assert shown is not None
    window = shown.question.window
    unknown = replace(window, record=replace(window.record, version="model-of-old"))
    source = driver.program.review._source
    assert source is not None
    with pytest.raises(RecordError, match="another version"):
        source.read(unknown, 0.0, 10.0, Cancel())
    of_pack = replace(window, record=replace(window.record, version="1"))
    with pytest.raises(UnreachableError, match="in none of the packs"):
        source.read(of_pack, 0.0, 10.0, Cancel())


def choose_course(driver: Driver, title: str) -> None:
    """Choose a course in the menu."""
    (action,) = (a for a in driver.page.course_choice.menu().actions() if a.text() == title)
    action.trigger()


def sessions(tmp_path: Path) -> list[str]:
    connection = sqlite3.connect(tmp_path / "data" / "answers.sqlite")
    rows = connection.execute("SELECT course FROM session ORDER BY started_at").fetchall()
    connection.close()
    return [course for (course,) in rows]


def test_another_course_is_chosen_in_the_middle_remembered_and_reviewed(
    launch: Callable[..., Driver], records_dir: Path, tmp_path: Path
) -> None:
    driver = launch(records=records_dir, supply=Supply.REAL_FIRST)
    driver.await_question()
    assert driver.page.course_choice.text() == "ACLS"
    driver.answer(right=False)
    choose_course(driver, "PALS")
    driver.until(lambda: "1 of 20" in visible_text(driver.page) and driver.page.asking)
    driver.await_question()
    for _ in range(4):
        assert "old" in visible_text(driver.page)
        assert origin_shown(driver) is Origin.SIMULATED
        driver.answer(right=False)
        driver.press(Qt.Key.Key_Return)
        driver.await_question()
    choose_course(driver, "PALS")
    assert "5 of 20" in visible_text(driver.page)
    assert sessions(tmp_path) == ["acls", "pals"]
    review = driver.window.review
    driver.window.show_page(review)
    for missed in review._missed:
        review.missed_chosen.emit(missed)
        driver.until(lambda: "You chose" in visible_text(review))
    driver.close()
    again = launch(records=records_dir, supply=Supply.REAL_FIRST)
    again.await_question()
    assert again.page.course_choice.text() == "PALS"
    assert sessions(tmp_path)[-1] == "pals"


def test_the_course_is_reached_with_the_keyboard(
    launch: Callable[..., Driver], monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = launch(supply=Supply.REAL_FIRST)
    driver.await_question()
    driver.click("noticeCloseButton")
    driver.press(Qt.Key.Key_Tab)
    choice = driver.page.course_choice
    assert choice.hasFocus()
    # Without a screen no menu can be shown.
    monkeypatch.setattr(CourseChoice, "showMenu", lambda _: choose_course(driver, "PALS"))
    driver.press(Qt.Key.Key_Return)
    driver.await_question()
    assert choice.text() == "PALS"
    assert driver.page.hasFocus()


def test_a_course_is_not_left_while_the_last_answer_cannot_be_saved(
    launch: Callable[..., Driver], monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = launch(supply=Supply.REAL_FIRST)
    driver.await_question()
    store = driver.program._store
    assert store is not None

    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(type(store), "add", full)
        driver.answer(right=True)
        choose_course(driver, "Telemetry")
        assert driver.page.revealing
        assert driver.page.course_choice.text() == "ACLS"
        assert driver.program.settings.course is CourseId.ACLS
    choose_course(driver, "Telemetry")
    driver.await_question()
    assert driver.page.course_choice.text() == "Telemetry"
