"""What there is of every known database, told without reading any recording."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rhythmtrainer.model import Holding, RhythmId
from rhythmtrainer.records.databases.stock import Stock
from rhythmtrainer.records.tables.own_catalogue import Catalogue
from rhythmtrainer.training.cancel import Cancel

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Places:
    """Where recordings, and what is known of them, are kept.

    Attributes
    ----------
    recordings
        Whole records that were fetched, laid out as PhysioNet lays them out.
    folders
        Where else recordings are looked for, in this order.
    shipped
        The tables that come with the program, and the rules by which databases are indexed.
    own
        The tables of the user's own catalogue.
    """

    recordings: Path
    folders: tuple[Path, ...]
    shipped: Path
    own: Path

    @property
    def rules(self) -> Path:
        """The folder of the rules by which databases are indexed."""
        return self.shipped / "rules"

    @property
    def indexable(self) -> frozenset[str]:
        """Ids of the databases whose labels are understood; other files of rules among them."""
        return frozenset(path.stem for path in self.rules.glob("*.toml"))

    @property
    def all_folders(self) -> tuple[Path, ...]:
        """Every folder in which recordings are looked for."""
        return tuple(dict.fromkeys((*self.folders, self.recordings)))


def holdings_of(
    catalogue: Catalogue,
    stock: Stock,
    places: Places,
    cached: Callable[[str], int],
    cancel: Cancel,
) -> tuple[Holding, ...]:
    """Return what there is of every known database, in the order of their table.

    Parameters
    ----------
    stock
        Counts the records in the folders of `places`.
    cached
        Returns how many bytes of a database's excerpts are kept, by its id.

    Raises
    ------
    CancelledError
        If `cancel` was thrown.
    """
    spans: dict[str, list[RhythmId]] = defaultdict(list)
    for span in catalogue.spans:
        spans[span.ref.record.database].append(span.rhythm)
    indexable = places.indexable
    found = []
    for key, database in catalogue.databases.items():
        inventory = catalogue.inventories[key]
        records = stock.records(*key, cancel)
        found.append(
            Holding(
                database=database,
                records=len(records),
                size=sum(records.values()),
                published=inventory.records,
                spans=len(spans[database.id]),
                rhythms=len(set(spans[database.id])),
                cached=cached(database.id),
                own=database.id in catalogue.own,
                can_index=database.id in indexable,
                published_size=inventory.megabytes and inventory.megabytes * _MEGABYTE,
            )
        )
    return tuple(found)
