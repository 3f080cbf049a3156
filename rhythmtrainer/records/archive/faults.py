"""What goes wrong with the files of an archive, one sentence for each fault."""

from typing import Final

from rhythmtrainer.model import RecordError, UnreachableError

_ADVICE: Final = "Check the connection and try again, or use a copy of the record on this computer."


class MissingFileError(RecordError):
    """The archive has no such file."""


class BrokenOffError(UnreachableError):
    """A connection that had been made ended too early: the next one may do better."""


class Faults:
    """Words the faults of one archive.

    Parameters
    ----------
    host
        What the archive is called in a sentence: a host, or a folder.
    """

    def __init__(self, host: str) -> None:
        self._host = host

    def missing(self, path: str) -> MissingFileError:
        """Say that there is no such file."""
        return MissingFileError(f"{self._host} has no file {path}.")

    def too_short(self, path: str) -> RecordError:
        """Say that a file ends before the part that was asked for."""
        return RecordError(f"{path} is shorter at {self._host} than its header promises.")

    def too_long(self, path: str, limit: int) -> RecordError:
        """Say that a file is longer than what it should be."""
        return RecordError(f"{path} is longer than {limit} bytes, so it is not what it should be.")

    def other_bytes(self, path: str) -> RecordError:
        """Say that another part was sent than was asked for."""
        return RecordError(f"{self._host} sends other bytes of {path} than it was asked for.")

    def other_form(self, path: str) -> RecordError:
        """Say that a file was sent packed."""
        return RecordError(f"{self._host} sends {path} in another form than it was asked for.")

    def unknown_size(self, path: str) -> RecordError:
        """Say that nobody tells how long a file is."""
        return RecordError(f"{self._host} does not say how long {path} is.")

    def status(self, path: str, status: int) -> UnreachableError:
        """Say with what fault a server answers."""
        return self._not_read(
            path,
            f"{self._host} answers with fault {status}",
            "Try again later, or use a copy of the record on this computer.",
        )

    def locked(self, path: str, status: int) -> UnreachableError:
        """Say that a server does not give a file to everybody."""
        return self._not_read(
            path,
            f"{self._host} does not give it to everybody ({status}): is there a log-in page on"
            " this network",
            _ADVICE,
            end="?",
        )

    def web_page(self, path: str) -> UnreachableError:
        """Say that there is a web page where a file should be."""
        return self._not_read(
            path,
            f"{self._host} answers with a web page instead of the recording: is there a log-in"
            " page on this network",
            _ADVICE,
            end="?",
        )

    def unprotected(self, path: str) -> UnreachableError:
        """Say that a protected address leads to one that is not."""
        return self._not_read(path, f"{self._host} leads to an address that is not protected", "")

    def misled(self, path: str) -> UnreachableError:
        """Say that an address leads on to others that lead nowhere."""
        return self._not_read(
            path, f"{self._host} leads on to an address that cannot be used, or in circles", ""
        )

    def broken_off(self, path: str) -> BrokenOffError:
        """Say that a connection ended too early."""
        said = self._not_read(path, f"the connection to {self._host} broke off", _ADVICE)
        return BrokenOffError(str(said))

    def too_slow(self, path: str) -> UnreachableError:
        """Say that a file takes too long."""
        return self._not_read(path, f"{self._host} sends it too slowly", _ADVICE)

    def too_late(self, path: str) -> UnreachableError:
        """Say that an answer takes too long."""
        return self._not_read(path, f"{self._host} did not answer in time", _ADVICE)

    def untrusted(self, path: str) -> UnreachableError:
        """Say that nobody vouches for the server."""
        return self._not_read(
            path,
            f"no protected connection to {self._host} could be made, because its certificate is"
            " not trusted",
            "Where an institution looks into connections, the environment variable"
            " REQUESTS_CA_BUNDLE has to name its certificate.",
        )

    def no_tls(self, path: str) -> UnreachableError:
        """Say that TLS fails."""
        return self._not_read(
            path, f"no protected connection to {self._host} could be made", _ADVICE
        )

    def proxy(self, path: str) -> UnreachableError:
        """Say that the proxy is to blame."""
        return self._not_read(
            path, f"the proxy on the way to {self._host} does not pass it on", _ADVICE
        )

    def setting(self, path: str, why: str) -> UnreachableError:
        """Say that the environment asks for what cannot be done."""
        return self._not_read(
            path,
            f"its address or the environment's settings for the network do not work ({why})",
            _ADVICE,
        )

    def unreachable(self, path: str) -> UnreachableError:
        """Say that there is no way to the archive."""
        return self._not_read(path, f"{self._host} could not be reached", _ADVICE)

    def unreadable(self, path: str, why: str) -> UnreachableError:
        """Say what the operating system says."""
        return self._not_read(path, f"{self._host} cannot be read ({why})", _ADVICE)

    def _not_read(self, path: str, why: str, advice: str, *, end: str = ".") -> UnreachableError:
        return UnreachableError(f"{path} was not read: {why}{end} {advice}".rstrip())
