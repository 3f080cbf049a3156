"""Recordings in files of the user's own: WFDB, EDF, DICOM waveforms and tables of numbers.

Only what is asked for is read, and nothing that names a patient leaves these modules: leads bear
names of a known list, and what else a file says is counted by its kind and dropped.
"""
