import os
import subprocess
import sys

# One release of PySide6 gives away a reference to None with every call of a painter; Python 3.11
# then aborts after some thousands of them.
_PAINT = """
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
app = QGuiApplication([])
image = QImage(8, 8, QImage.Format.Format_RGB32)
painter = QPainter(image)
for _ in range(20_000):
    painter.fillRect(0, 0, 8, 8, QColor("red"))
painter.end()
print("painted")
"""


def test_the_installed_pyside_survives_twenty_thousand_painter_calls() -> None:
    done = subprocess.run(  # noqa: S603 - this interpreter with the text above
        [sys.executable, "-c", _PAINT],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "painted\n"
    assert done.returncode == 0, done.stderr
