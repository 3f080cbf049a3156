"""Strips on ECG paper: the sheet that any painter can draw, and the widget that shows it."""
