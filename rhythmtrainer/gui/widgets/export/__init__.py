"""Strips as files and on the clipboard, each with what has to be said about it."""

from rhythmtrainer.gui.widgets.export.files import FileKind
from rhythmtrainer.gui.widgets.export.picture import Picture
from rhythmtrainer.gui.widgets.export.words import free_file, suggested_name

__all__ = ["FileKind", "Picture", "free_file", "suggested_name"]
