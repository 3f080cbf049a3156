"""Real strips: what is known of them, where they come from, and how their files are read.

``signals`` decodes WFDB, ``tables`` holds the catalogue, ``archive`` gets bytes, ``sources`` gives
strips for questions, ``files`` opens files of the user's own, ``packs`` hands strips out,
``index`` turns a database's labels into spans, and ``databases`` fetches and adds whole databases.

The modules are imported one by one, because reading signals loads large libraries and the
tables do not need them.
"""

from typing import Final

DEFAULT_ARCHIVE: Final = "https://physionet.org/files/"
