import pytest

from rhythmtrainer.records.signals.units import millivolts_in, plain_unit


@pytest.mark.parametrize(
    ("unit", "millivolts"),
    [
        *(("mV", 1.0), ("mv", 1.0), ("MV", 1.0), ("milliVolt", 1.0), ("V", 1e3), ("volts", 1e3)),
        *(("uV", 1e-3), ("µV", 1e-3), ("μV", 1e-3), ("[mu]V", 1e-3), ("microvolts", 1e-3)),
        *(("nV", 1e-6), (" mV ", 1.0), ("mmHg", None), ("", None), ("m", None), ("V" * 99, None)),
    ],
)
def test_voltages_are_known_however_they_are_spelled(unit: str, millivolts: float | None) -> None:
    assert millivolts_in(unit) == millivolts


def test_text_in_the_wrong_encoding_still_says_micro() -> None:
    mistaken = "µV".encode().decode("latin-1")
    assert plain_unit(mistaken) == "uV"
