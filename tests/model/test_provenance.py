"""What is said about where a strip comes from."""

from rhythmtrainer.model import Database, Origin, Provenance
from rhythmtrainer.model.provenance import NO_LICENCE_NEEDED

_MITDB = Database("mitdb", "1.0.0", "MIT-BIH", "Moody 2001", "10.13026/x", "ODC-By 1.0", "Two.")


def test_a_record_of_a_database_has_its_title_and_licence() -> None:
    known = Provenance(Origin.REAL, "mitdb/1.0.0/100", _MITDB, own_licence="mine")
    assert known.title == "MIT-BIH 1.0.0, record 100"
    assert known.licence == "ODC-By 1.0"


def test_a_file_of_no_database_has_the_licence_that_it_was_given() -> None:
    assert Provenance(Origin.REAL, "own", own_licence="CC BY 4.0").licence == "CC BY 4.0"
    assert Provenance(Origin.REAL, "own").licence == "licence not stated"


def test_a_simulated_strip_needs_no_licence_unless_one_is_given() -> None:
    assert Provenance(Origin.SIMULATED, "simulated, seed 1").licence == NO_LICENCE_NEEDED
    given = Provenance(Origin.SIMULATED, "simulated, seed 1", own_licence="CC BY 4.0")
    assert given.licence == "CC BY 4.0"
