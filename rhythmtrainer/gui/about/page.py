"""The about page: what the program is and is not, and where its recordings come from."""

from collections.abc import Sequence
from html import escape

from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from rhythmtrainer import __version__
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.model import Database, Notices


class AboutPage(QWidget):
    """Shows notices, databases with citations and licences, and the version."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("aboutPage")
        self._text = QTextBrowser()
        self._text.setObjectName("aboutText")
        self._text.setAccessibleName("About this program")
        self._text.setOpenExternalLinks(True)
        self._text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self._text.document().setDocumentMargin(4 * UNIT)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4 * UNIT, 3 * UNIT, 4 * UNIT, 3 * UNIT)
        whole.addWidget(self._text)

    def show_about(
        self,
        notices: Notices,
        databases: Sequence[Database],
        guideline: str,
        asked: Sequence[str],
    ) -> None:
        """Fill the page.

        Parameters
        ----------
        guideline
            What the clinical content is based on.
        asked
            Names of the rhythms that recordings show.
        """
        paragraphs = [
            f"<h2>rhythmtrainer {escape(__version__)}</h2>",
            *(f"<p>{escape(sentence)}</p>" for sentence in notices.in_full),
            f"<p>Clinical content after: {escape(guideline)}.</p>",
            f"<p>Recordings show these rhythms: {escape(', '.join(asked))}. The others, and where "
            "no recording is within reach all of them, are simulated, unless the settings ask for "
            "real recordings only. Every simulated strip says so on its face; the answer is what "
            "it was made as.</p>",
            "<h3>Recordings</h3>",
            *(_database(database) for database in databases),
            "<h3>Program</h3>",
            "<p>The program is free software under the MIT licence. It uses Qt (LGPL) through "
            "PySide6, and NumPy, SciPy, wfdb, matplotlib, SQLAlchemy and Alembic.</p>",
        ]
        self._text.setHtml("".join(paragraphs))


def _database(database: Database) -> str:
    doi = escape(database.doi)
    return (
        f"<p><b>{escape(database.title)} {escape(database.version)}</b> · "
        f"{escape(database.licence)} · <a href='https://doi.org/{doi}'>{doi}</a><br>"
        f"{escape(database.citation)}<br><i>{escape(database.labels)}</i></p>"
    )
