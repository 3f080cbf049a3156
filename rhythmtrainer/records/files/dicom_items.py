"""Reading DICOM within bounds: pydicom itself reads as long as there is something to read."""

import io
from pathlib import Path
from typing import Final

import pydicom
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_sequence

# The largest files need some thousands. Broken ones may seem to hold millions of tiny elements,
# each of which takes tens of microseconds.
_MOST_READS: Final = 60_000
_TEXT: Final = "iso8859"


class Budget:
    """How often may still be read from one file."""

    def __init__(self, reads: int = _MOST_READS) -> None:
        self._left = reads

    def spend(self) -> None:
        """Count one reading.

        Raises
        ------
        ValueError
            If there were too many.
        """
        self._left -= 1
        if self._left < 0:
            raise ValueError


class _CountedFile(io.BufferedReader):
    def __init__(self, file: Path, budget: Budget) -> None:
        super().__init__(io.FileIO(file))
        self._budget = budget

    def read(self, size: int | None = -1, /) -> bytes:
        self._budget.spend()
        return super().read(size)


class _CountedBytes(io.BytesIO):
    def __init__(self, content: bytes, budget: Budget) -> None:
        super().__init__(content)
        self._budget = budget

    def read(self, size: int | None = -1, /) -> bytes:
        self._budget.spend()
        return super().read(size)


def read_dataset(file: Path, budget: Budget) -> Dataset:
    """Read a file.

    Raises
    ------
    Exception
        Whatever pydicom raises for a broken file.
    """
    with _CountedFile(file, budget) as stream:
        return pydicom.dcmread(stream)


def items_of(dataset: Dataset, keyword: str, budget: Budget) -> tuple[Dataset, ...]:
    """Return the items of a sequence; none where there is no such sequence.

    Raises
    ------
    Exception
        Whatever pydicom raises for a broken file.
    """
    if keyword not in dataset:
        return ()
    element: object = dataset.get_item(keyword)
    if not isinstance(element, RawDataElement):
        return tuple(dataset[keyword].value or ())
    content = element.value or b""
    return tuple(
        read_sequence(
            _CountedBytes(content, budget),
            element.is_implicit_VR,
            element.is_little_endian,
            len(content),
            _TEXT,
        )
    )
