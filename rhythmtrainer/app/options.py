"""What the command line may set for one run."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line may set for one run; None leaves it to the settings.

    Attributes
    ----------
    database
        Address of the database that keeps the answers.
    seed
        Of the first session's chance, to see the same questions again.
    """

    records: Path | None = None
    data_dir: Path | None = None
    archive: str | None = None
    offline: bool = False
    database: str | None = None
    seed: int | None = None
