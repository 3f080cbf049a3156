"""The sentences that say what the program is, and is not."""

from dataclasses import fields
from pathlib import Path

from rhythmtrainer.content.table import Faults, Row, load_toml
from rhythmtrainer.model import Notices


def load_notices(path: Path) -> Notices:
    """Read ``notices.toml``.

    Raises
    ------
    ContentError
        Listing every sentence that is missing.
    """
    faults = Faults(path)
    file = Row(load_toml(path), "file", faults)
    texts = {field.name: file.text(field.name) for field in fields(Notices)}
    faults.raise_any()
    return Notices(**texts)
