"""How large a pack may be, so that one from a stranger fills neither memory nor disk."""

from typing import Final

MIB: Final = 2**20

MOST_STRIPS: Final = 1000
# A manifest and two files for each strip.
MOST_FILES: Final = 1 + 2 * MOST_STRIPS
# An entry of a zip's directory with a name of a pack takes some 110 bytes.
MOST_DIRECTORY_BYTES: Final = 512 * MOST_FILES
MOST_MANIFEST_BYTES: Final = 8 * MIB
MOST_HEADER_BYTES: Final = 64 * 1024
# Ten minutes of twelve leads at 1000 Hz take 14 MiB.
MOST_SIGNAL_BYTES: Final = 32 * MIB
MOST_PACK_BYTES: Final = 512 * MIB
# Signals compress to a third or a quarter; only flat lines and attacks to less than a hundredth.
MOST_RATIO: Final = 100
FREE_OF_RATIO_BYTES: Final = 64 * MIB

MOST_LEADS: Final = 32
LEAST_SECONDS: Final = 1.0
MOST_SECONDS: Final = 600.0
LEAST_FS: Final = 50.0
MOST_FS: Final = 5000.0

# Characters of what an instructor types.
MOST_TITLE: Final = 200
MOST_NOTE: Final = 4000
MOST_SOURCE: Final = 500
MOST_CITATION: Final = 4000
MOST_DROPPED: Final = 50
OLDEST_YEARS: Final = 130.0
