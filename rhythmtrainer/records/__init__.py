"""Real strips: folders of recordings, a cache of excerpts, and PhysioNet.

The modules are imported one by one, because reading signals loads large libraries and the
tables of `catalogue` do not need them.
"""

from typing import Final

DEFAULT_ARCHIVE: Final = "https://physionet.org/files/"
