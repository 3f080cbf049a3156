"""Rhythms, courses and notices, read from ``assets/content`` and checked at the door."""

from rhythmtrainer.content.courses import load_courses
from rhythmtrainer.content.notices import load_notices
from rhythmtrainer.content.rhythms import load_guideline, load_rhythms

__all__ = ["load_courses", "load_guideline", "load_notices", "load_rhythms"]
