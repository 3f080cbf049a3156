"""One door to the shipped files, one door to the user's folders."""

from dataclasses import dataclass
from pathlib import Path

from platformdirs import PlatformDirs

_HERE = Path(__file__).resolve().parent
# An installed wheel carries the shipped files inside the package; a checkout has them beside it.
_SHIPPED = _HERE / "shipped" if (_HERE / "shipped").is_dir() else _HERE.parent


def asset(*parts: str) -> Path:
    """Return the path of a shipped asset, for example ``asset("content", "rhythms.toml")``."""
    return _SHIPPED.joinpath("assets", *parts)


def dataset(*parts: str) -> Path:
    """Return the path of a shipped table about recordings, for example the catalogue."""
    return _SHIPPED.joinpath("datasets", *parts)


@dataclass(frozen=True, slots=True)
class UserFolders:
    """Where the program keeps what belongs to its user.

    Attributes
    ----------
    data
        Answers, settings, recordings and strips: what must not be lost.
    cache
        Excerpts of recordings that can be read again: may be deleted at any time.
    """

    data: Path
    cache: Path

    @property
    def database(self) -> Path:
        """The file that remembers every answer."""
        return self.data / "answers.sqlite"

    @property
    def settings(self) -> Path:
        """The file of settings, plain text."""
        return self.data / "settings.ini"

    @property
    def recordings(self) -> Path:
        """The folder of whole recordings that were fetched, laid out as PhysioNet lays them out."""
        return self.data / "recordings"

    @property
    def catalogue(self) -> Path:
        """The folder of the user's own catalogue: tables beside the shipped ones."""
        return self.data / "catalogue"

    @property
    def packs(self) -> Path:
        """The folder of the user's own strips and of packs that were opened."""
        return self.data / "packs"

    @property
    def log(self) -> Path:
        """The log that a bug report needs."""
        return self.data / "rhythmtrainer.log"


def user_folders(data_dir: Path | None = None) -> UserFolders:
    """Return the user's folders, all inside `data_dir` where one is given.

    The folders are not created here: who writes a file makes its folder.
    """
    if data_dir is not None:
        return UserFolders(data=data_dir, cache=data_dir / "cache")
    dirs = PlatformDirs("rhythmtrainer", appauthor=False)
    return UserFolders(data=dirs.user_data_path, cache=dirs.user_cache_path)
