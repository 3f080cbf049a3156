"""Drill ECG rhythm recognition on real, cited recordings."""

__version__ = "0.1.0"
