"""How a text file of numbers is to be read as a recording."""

from dataclasses import dataclass

from rhythmtrainer.model.lead import LeadName


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table that holds a lead.

    Attributes
    ----------
    index
        Its place in the table, from 0.
    units
        ``mV``, ``uV`` or ``V``.
    """

    index: int
    lead: LeadName
    units: str


@dataclass(frozen=True, slots=True)
class TableLayout:
    """How a table is read.

    Attributes
    ----------
    delimiter, decimal
        The character between cells, and the one in numbers. A space stands for any run of them.
    skipped_rows
        Rows before the first sample.
    time_column
        The column that counts seconds (or what `time_unit_s` says), from 0; None where there is
        none.
    time_unit_s
        Seconds in one unit of the time column.
    fs
        Samples per second.
    """

    encoding: str
    delimiter: str
    decimal: str
    skipped_rows: int
    time_column: int | None
    time_unit_s: float
    fs: float
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class TableGuess:
    """What a table seems to be, to be confirmed by a person before it is read.

    Attributes
    ----------
    preview
        The cells of the first rows, as text.
    doubts
        A sentence for each thing that was assumed and not found in the file.
    """

    layout: TableLayout
    preview: tuple[tuple[str, ...], ...]
    doubts: tuple[str, ...]
