"""WFDB records: headers, where samples lie, and the samples decoded by the WFDB library."""
