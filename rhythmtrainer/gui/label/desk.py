"""Where a strip is found, trimmed and labelled: the recording above, the label below."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rhythmtrainer.ecg.paper import PaperLayout
from rhythmtrainer.gui.label.draft import Draft, Trim
from rhythmtrainer.gui.label.form import LabelForm
from rhythmtrainer.gui.label.measured_panel import MeasuredPanel
from rhythmtrainer.gui.label.placing import Placing
from rhythmtrainer.gui.label.timeline import Timeline
from rhythmtrainer.gui.label.trim_tool import TrimTool
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.strip_bar import StripBar
from rhythmtrainer.gui.widgets.strip_keys import StripKeys
from rhythmtrainer.gui.widgets.strip_view import StripView
from rhythmtrainer.gui.widgets.text import wrapping_label
from rhythmtrainer.model import LeadName, Measurement, Reading, Rhythm, RhythmId, Strip

_LEAST_STRIP_PX = 38 * UNIT
_LEAST_LABEL_PX = 40 * UNIT
# The lead that rhythms are read from.
_RHYTHM_LEAD = "ii"
_ENDS = "What is shown ends here"


class LabelDesk(QWidget):
    """Shows a part of a recording on paper, with marks for the trim, and the label below.

    Signals
    -------
    window_wanted
        What is shown is to begin here, in seconds from the recording's first sample.
    seconds_wanted
        So many seconds are to be shown.
    trim_wanted
        The strip is to be this part, a `Trim`; `settled` ends a drag.
    shown_wanted
        The strip is to be what is shown.
    label_changed
        The form says something else now; which part of the label that is.
    settled
        What is changed next is another step.
    leads_changed
        Other leads become the strip now.
    save_wanted
        The strip is to be kept.
    """

    window_wanted = Signal(float)
    seconds_wanted = Signal(float)
    trim_wanted = Signal(Trim)
    shown_wanted = Signal()
    label_changed = Signal(str)
    settled = Signal()
    leads_changed = Signal()
    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: Sequence[Sequence[LeadName]] = ()
        self._duration_s = 0.0
        self._kept: tuple[LeadName | None, ...] = ()
        self._measured: Measurement | None = None
        self.strip = StripView()
        self.strip.setObjectName("labelStripView")
        self.strip.setMinimumHeight(_LEAST_STRIP_PX)
        self.bar = StripBar(self.strip)
        self._strip_keys = StripKeys(self.strip, self.bar, self)
        self._trim_tool = TrimTool(self)
        self._trim_tool.dragged.connect(self.trim_wanted)
        self._trim_tool.let_go.connect(self.settled)
        self.strip.set_page_tool(self._trim_tool)
        self.strip.changed.connect(self._leads_may_have_changed)
        self.timeline = Timeline()
        self.timeline.moved.connect(self.window_wanted)
        self._placing = Placing()
        self._placing.place_wanted.connect(self.window_wanted)
        self._placing.seconds_wanted.connect(self.seconds_wanted)
        self._placing.trim_wanted.connect(self._trim_typed)
        self._placing.shown_wanted.connect(self.shown_wanted)
        self._placing.all_leads_wanted.connect(self._choose_all_leads)
        self.form = LabelForm()
        self.form.changed.connect(self.label_changed)
        self.form.settled.connect(self.settled)
        self._panel = MeasuredPanel()
        self._panel.focus_changed.connect(self._look_at)
        self._missing = wrapping_label()
        self._missing.setObjectName("labelMissing")
        self._save = QPushButton("Save to my strips")
        self._save.setObjectName("labelSaveButton")
        self._save.setProperty("role", "primary")
        self._save.setAutoDefault(True)
        self._save.setToolTip("Ctrl+Enter")
        self._save.clicked.connect(self.save_wanted)
        self._lay_out()

    def _lay_out(self) -> None:
        label = QWidget()
        columns = QHBoxLayout(label)
        columns.setContentsMargins(0, 0, 2 * UNIT, 0)
        columns.setSpacing(6 * UNIT)
        columns.addWidget(self.form, 1, Qt.AlignmentFlag.AlignTop)
        columns.addWidget(self._panel, 1)
        self._area = QScrollArea()
        self._area.setObjectName("labelArea")
        self._area.setAccessibleName("Label and measurements")
        self._area.setWidget(label)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setMinimumHeight(_LEAST_LABEL_PX)
        foot = QHBoxLayout()
        foot.setSpacing(3 * UNIT)
        foot.addWidget(self._missing, 1)
        foot.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * UNIT)
        column.addWidget(self.bar)
        column.addWidget(self.strip, 4)
        column.addWidget(self.timeline)
        column.addWidget(self._placing)
        column.addWidget(self._area, 5)
        column.addLayout(foot)

    def set_rhythms(self, rhythms: Mapping[RhythmId, Rhythm]) -> None:
        """Offer these as answers."""
        self.form.set_rhythms(rhythms)

    # The recording

    def show_recording(self, groups: Sequence[Sequence[LeadName]], duration_s: float) -> None:
        """Stand for a recording with these leads, those of one rate together."""
        self._groups = groups
        self._duration_s = duration_s
        self.strip.set_strip(None)
        self.strip.set_layout(PaperLayout.RHYTHM)
        leads = [lead.casefold() for group in groups for lead in group]
        self.strip.set_channel(leads.index(_RHYTHM_LEAD) if _RHYTHM_LEAD in leads else 0)
        self.timeline.show_recording(duration_s)
        self._kept = ()

    def show_place(self, start_s: float, seconds: float) -> None:
        """Show which part of the recording is wanted, before it has been read."""
        self.timeline.show_window(start_s, seconds)
        self._placing.show_window(start_s, seconds)

    def show_window(self, strips: Sequence[Strip]) -> None:
        """Show a part of the recording as the part before was shown."""
        view = self.strip
        kept = view.channel, view.layout_shown, view.gain_mm_mv, view.speed_mm_s
        channel, layout, gain, speed = kept
        with QSignalBlocker(view):
            view.set_strip(*strips)
            view.set_layout(layout if layout in view.layouts else PaperLayout.RHYTHM)
            view.set_channel(channel)
            view.set_gain(gain)
            view.set_speed(speed)
            view.finish(_ENDS)
            view.fit()
        self._mark()
        view.changed.emit()

    def show_nothing(self) -> None:
        """Show no part of the recording: it cannot be read there."""
        self.strip.set_strip(None)

    @property
    def kept_leads(self) -> tuple[LeadName, ...]:
        """The leads that become the strip: what is seen, as far as it has one rate."""
        channel = self.strip.channel
        for group in self._groups:
            if channel < len(group):
                one = self.strip.layout_shown is PaperLayout.RHYTHM
                return (group[channel],) if one else tuple(group)
            channel -= len(group)
        return ()

    @property
    def shown_lead(self) -> LeadName | None:
        """The lead that is drawn across the width, and measured."""
        leads = [lead for group in self._groups for lead in group]
        return leads[self.strip.channel] if self.strip.channel < len(leads) else None

    def _leads_may_have_changed(self) -> None:
        kept = self.kept_leads
        of_rate = next((group for group in self._groups if kept and kept[0] in group), ())
        all_of_them = self.strip.layout_shown is not PaperLayout.RHYTHM
        self._placing.show_leads(len(of_rate), all_of_them=all_of_them)
        if (*kept, self.shown_lead) != self._kept:
            self._kept = (*kept, self.shown_lead)
            self.leads_changed.emit()

    def _choose_all_leads(self, wanted: bool) -> None:  # noqa: FBT001 - a checkbox's slot
        self.strip.set_layout(self.strip.layouts[-1] if wanted else PaperLayout.RHYTHM)

    def _trim_typed(self, trim: Trim) -> None:
        self.settled.emit()
        self.trim_wanted.emit(trim)
        self.settled.emit()

    # The label

    def show_draft(self, draft: Draft) -> None:
        """Show the strip as far as it has been made."""
        self.show_trim(draft.trim)
        self.form.show_label(draft.label)

    def show_trim(self, trim: Trim) -> None:
        """Show which part becomes the strip."""
        self._placing.show_trim(trim)
        self.timeline.show_trim(trim)
        self._trim_tool.show_trim(trim, self._duration_s)

    def show_missing(self, sentences: Sequence[str]) -> None:
        """Say what is still to be said; nothing lets the strip be saved."""
        self._missing.setText(" ".join(sentences))
        self._save.setEnabled(not sentences)

    def show_fault(self, sentence: str) -> None:
        """Say why the strip was not saved; it can be tried again."""
        self._missing.setText(sentence)

    def save(self) -> None:
        """Press the button that saves, if there is nothing missing."""
        if self.isVisible():
            self._save.click()

    def show_save(self, text: str) -> None:
        """Say what saving does."""
        self._save.setText(text)

    # Measurements

    def show_waiting(self, heading: str) -> None:
        """Show no measurements, and say why."""
        self._measured = None
        self._panel.show_waiting(heading)
        self._mark()

    def show_measured(
        self,
        heading: str,
        measurement: Measurement,
        readings: Sequence[Reading],
        doubts: Sequence[str],
    ) -> None:
        """Show what was measured on the strip."""
        self._measured = measurement
        self._panel.show_measured(heading, readings, doubts)
        self._panel.follow(self.form.last_field)
        self._mark()

    def _look_at(self) -> None:
        self._mark()

    def _mark(self) -> None:
        """Mark the step that is looked at; none is, unless somebody wants it."""
        step = self._panel.focus_step
        self.strip.set_focus_step(step)
        self.strip.set_paper_marks(self._measured if step else None, self.strip.channel)

    # Hands

    def take(self, event: QKeyEvent) -> bool:
        """Move along the recording, or the strip's own keys; False leaves it to the page."""
        if _is_typing():
            return False
        return self.timeline.take(event) or self._strip_keys.take(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move along the recording where the strip itself shows all that it has."""
        if self.strip.geometry().contains(event.position().toPoint()):
            self.timeline.wheelEvent(event)
        else:
            super().wheelEvent(event)


def _is_typing() -> bool:
    return isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit | QComboBox)
