from dataclasses import replace
from pathlib import Path

import pytest

from rhythmtrainer.gui.widgets.export.files import FileKind
from rhythmtrainer.gui.widgets.export.words import free_file, suggested_name, words_for
from rhythmtrainer.model import LeadName, Origin, Provenance, Strip
from tests.support import fakes

STRIP = fakes.strip(start_s=60.0)
REAL = STRIP.provenance


def of(provenance: Provenance) -> Strip:
    return replace(STRIP, provenance=provenance)


@pytest.mark.parametrize(
    ("provenance", "name"),
    [
        (REAL, "madeup-a-60s"),
        (Provenance(Origin.REAL, "some/folder/My strip ü(1).dat"), "My-strip-1-dat-60s"),
        (Provenance(Origin.REAL, r"C:\ecg\CON"), "CON-60s"),
        (Provenance(Origin.REAL, "../../etc/passwd"), "passwd-60s"),
        (Provenance(Origin.REAL, "..."), "strip-60s"),
        (Provenance(Origin.REAL, "x" * 300), f"{'x' * 80}-60s"),
    ],
)
def test_a_name_tells_the_source_in_letters_that_every_system_takes(
    provenance: Provenance, name: str
) -> None:
    assert suggested_name(of(provenance)) == name


def test_the_name_of_a_simulated_strip_does_not_give_the_answer_away() -> None:
    simulated = of(Provenance(Origin.SIMULATED, "presets/third-degree AV block"))
    assert suggested_name(simulated) == "simulated-60s"


def test_a_free_name_is_not_there_yet(tmp_path: Path) -> None:
    assert free_file(tmp_path, STRIP, FileKind.PNG) == tmp_path / "madeup-a-60s.png"
    (tmp_path / "madeup-a-60s.png").touch()
    (tmp_path / "madeup-a-60s-2.png").touch()
    assert free_file(tmp_path, STRIP, FileKind.PNG) == tmp_path / "madeup-a-60s-3.png"
    assert free_file(tmp_path, STRIP, FileKind.SVG) == tmp_path / "madeup-a-60s.svg"


def test_the_words_say_which_leads_of_what_and_whose() -> None:
    words = words_for([STRIP], "Not for diagnosis.")
    assert words.title == words.shown == "Lead II, 60.0-70.0 s"
    assert words.source == "Made-up Database 1.0.0, record a, 60.0-70.0 s"
    assert words.licence_sentence == "Licence: CC0."
    assert words.citation.startswith("Nobody. A database that tests make. 2026.")
    assert words.citation.endswith("https://doi.org/10.0000/none")
    assert words.notice == "Not for diagnosis."


def test_a_caption_stands_in_the_title_alone() -> None:
    words = words_for([STRIP], "Not for diagnosis.", "Sinus rhythm")
    assert words.title == "Sinus rhythm: Lead II, 60.0-70.0 s"
    assert "Sinus" not in f"{words.shown} {words.in_full}"


def test_two_strips_of_one_source_name_it_once() -> None:
    other = replace(STRIP, leads=(LeadName("V1"),))
    words = words_for([STRIP, other], "Not for diagnosis.")
    assert words.shown == "Leads II, V1, 60.0-70.0 s"
    assert words.source.count("Made-up Database") == 1
    assert words.citation.count("Nobody") == 1


def test_a_strip_without_a_licence_says_so() -> None:
    words = words_for([of(Provenance(Origin.REAL, "own"))], "Not for diagnosis.")
    assert words.licence_sentence == "Licence not stated."


def test_a_simulated_strip_says_so_and_needs_no_licence() -> None:
    words = words_for([of(Provenance(Origin.SIMULATED, "seed 7"))], "Not for diagnosis.")
    assert words.source.startswith("SIMULATED, seed 7")
    again = words_for([of(Provenance(Origin.SIMULATED, "simulated, seed 7"))], "")
    assert again.source == words.source
    assert words.licence_sentence == "Licence: none needed, nobody was recorded."
    assert words.citation == ""


def test_nothing_at_all_can_be_said_of_no_strip() -> None:
    words = words_for([], "Not for diagnosis.")
    assert (words.title, words.source, words.citation) == ("", "", "")
