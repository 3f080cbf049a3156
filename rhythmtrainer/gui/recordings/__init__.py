"""Recordings in files: opened beside the window, once a person has confirmed what was guessed."""
