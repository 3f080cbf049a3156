"""What has to be said plainly wherever the program presents itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notices:
    """Sentences about what the program is, and is not.

    Attributes
    ----------
    summary
        One line for the first start; the others say it in full.
    """

    summary: str
    training_only: str
    not_reviewed: str
    not_affiliated: str
    recordings: str
    privacy: str

    @property
    def in_full(self) -> tuple[str, ...]:
        """Every sentence in the order in which it is read."""
        return (
            self.training_only,
            self.not_reviewed,
            self.not_affiliated,
            self.recordings,
            self.privacy,
        )
