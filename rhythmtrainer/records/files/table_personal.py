"""What a table says about a patient, by its kind."""

import re
from collections.abc import Sequence
from typing import Final

from rhythmtrainer.model import TableLayout
from rhythmtrainer.records.files.table_text import cells_of, shows_date

_KINDS: Final = {
    "patient's name": (
        r"\b(?:first|last|sur|patient)?[ _']*s?[ _]*name\b|\bpatient\b|\bnom(?:bre|e)?\b"
    ),
    "date of birth": r"\bbirth|\bdob\b|\bborn\b|geburts|naissance|nacimiento|nascita|nascimento",
    "patient's age or sex": r"\bage\b|\bsex\b|\bgender\b|\balter\b|geschlecht",
    "patient's number": r"\bid\b|\bmrn\b|\bssn\b|\bpatient[ _]?(?:id|no|nr|number)\b",
    "recording date": (
        r"\bdates?\b|\brecorded\b|\bdatum\b|\d{4}-\d\d-\d\d|\d\d?[./]\d\d?[./]\d{2,4}"
    ),
}
_PATTERNS: Final = {kind: re.compile(text, re.IGNORECASE) for kind, text in _KINDS.items()}
# Names and units of the columns, which stand directly above the numbers.
_HEADING_ROWS: Final = 2
_OTHER: Final = "text before the numbers"


def personal_kinds(lines: Sequence[str], layout: TableLayout) -> tuple[str, ...]:
    """Return what kinds of facts about a patient a table holds.

    Parameters
    ----------
    lines
        The first lines of the file.
    """
    rows = [cells_of(line, layout.delimiter) for line in lines[layout.skipped_rows :][:1]]
    cells = rows[0] if rows else []
    before = list(lines[: layout.skipped_rows])
    text = "\n".join(before)
    kinds = [kind for kind, pattern in _PATTERNS.items() if pattern.search(text)]
    for _ in range(_HEADING_ROWS):
        if before and len(cells_of(before[-1], layout.delimiter)) == len(cells):
            before.pop()
    if not kinds and any(line.strip() for line in before):
        kinds.append(_OTHER)
    used = {column.index for column in layout.columns}
    if layout.time_column is not None and layout.time_column < len(cells):
        used.add(layout.time_column)
        if shows_date(cells[layout.time_column]):
            kinds.append("recording date")
    if len([cell for cell in cells if cell]) > len(used):
        kinds.append("columns that are no leads")
    return tuple(dict.fromkeys(kinds))
