"""Looking whether Qt can start, before it is loaded.

Where a system library or a display is missing, Qt ends the process without an exception that
Python could catch. So it is tried in a process of its own, and what is missing is named.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from typing import Final

_PROBE: Final = "from PySide6.QtWidgets import QApplication; QApplication([])"
_PROBE_LIMIT_S: Final = 60
_WITHOUT_DISPLAY: Final = ("offscreen", "minimal", "vnc")

# What Qt links against, and the Debian and Ubuntu package that holds it.
_CORE_LIBRARIES: Final = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_DISPLAY_LIBRARIES: Final = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def qt_fault(environ: Mapping[str, str], *, may_install: bool) -> str | None:
    """Return why Qt cannot start here, or None if it can.

    Parameters
    ----------
    environ
        The environment that Qt would start in.
    may_install
        Install what is missing where that is allowed: on Debian or Ubuntu, as root.

    Returns
    -------
    str or None
        A sentence that says what is missing and the one line that mends it.
    """
    if not sys.platform.startswith("linux"):
        return None
    if not _has_display(environ):
        return (
            "There is no display to show the window on. Start the program from a desktop, or "
            "on a virtual one: sudo apt-get install -y xvfb && xvfb-run rhythmtrainer"
        )
    trouble = _probe(environ)
    if trouble is None:
        return None
    packages = missing_packages(environ)
    if packages and may_install and _install(packages):
        trouble = _probe(environ)
        if trouble is None:
            return None
        packages = missing_packages(environ)
    if packages:
        return (
            "Qt needs system libraries that are not installed. Run: "
            f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"
        )
    return f"Qt cannot start here: {trouble}"


def missing_packages(environ: Mapping[str, str]) -> list[str]:
    """Return the Debian packages of the libraries that Qt would not find, sorted."""
    wanted = dict(_CORE_LIBRARIES)
    if environ.get("QT_QPA_PLATFORM") not in _WITHOUT_DISPLAY:
        wanted |= _DISPLAY_LIBRARIES
    return sorted(package for library, package in wanted.items() if not _loads(library))


def _probe(environ: Mapping[str, str]) -> str | None:
    """Start Qt in a process of its own; return its complaint, or None."""
    try:
        done = subprocess.run(  # noqa: S603 - this very interpreter with a constant text
            [sys.executable, "-c", _PROBE],
            env=dict(environ),
            capture_output=True,
            text=True,
            timeout=_PROBE_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "it does not answer."
    if done.returncode == 0:
        return None
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return lines[-1] if lines else f"it ended with code {done.returncode}."


def _has_display(environ: Mapping[str, str]) -> bool:
    if environ.get("QT_QPA_PLATFORM") in _WITHOUT_DISPLAY:
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _install(packages: list[str]) -> bool:
    """Install packages where this process may; return whether it did."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    sys.stderr.write(f"Installing what Qt needs: {' '.join(packages)}\n")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(  # noqa: S603 - apt-get with package names from the tables above
            [apt, "-q", *step], env=environ, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            sys.stderr.write(done.stderr)
            return False
    return True
