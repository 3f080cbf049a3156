"""All sources of real strips as one."""

from collections.abc import Sequence

from rhythmtrainer.model import RecordError, Strip, StripRef, UnreachableError
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import StripSource


class RecordLibrary:
    """Several sources of strips, asked one after the other.

    Without the one that uses the network it is the library of somebody who is offline.

    Parameters
    ----------
    sources
        The nearest first: folders on this computer, the cache, an archive.
    """

    def __init__(self, sources: Sequence[StripSource]) -> None:
        self._sources = tuple(sources)

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        """Read a strip from the first source that has it; see `StripSource.read`.

        Raises
        ------
        RecordError
            If no source has it and one of them found it damaged: what the first of these said.
        UnreachableError
            If no source has it; says what was tried.
        CancelledError
            If `cancel` was thrown.
        """
        damaged: RecordError | None = None
        tried: list[str] = []
        for source in self._sources:
            try:
                return source.read(ref, start_s, seconds, cancel)
            except UnreachableError as error:
                tried.append(str(error))
            except RecordError as error:
                damaged = damaged or error
        if damaged is not None:
            raise damaged
        if not tried:
            tried.append(f"{ref.record.path} cannot be read: there is no source of recordings.")
        raise UnreachableError(" ".join(tried))

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:
        """Return the stretches inside `ref` that need no network, those of the nearest first.

        A stretch that lies inside one already found is left out.
        """
        found: list[StripRef] = []
        for source in self._sources:
            for stretch in source.at_hand(ref):
                if not any(_covers(other, stretch) for other in found):
                    found.append(stretch)
        return tuple(found)


def _covers(one: StripRef, other: StripRef) -> bool:
    same = (one.record, one.leads) == (other.record, other.leads)
    return same and one.start_s <= other.start_s and other.end_s <= one.end_s
