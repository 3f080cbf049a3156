"""Faults that the user can act on: each carries one clear sentence.

Anything else that is raised is a defect of the program, and is logged as such.
"""


class UserError(Exception):
    """A fault whose message is a sentence for the person at the screen."""


class RecordError(UserError):
    """A recording cannot be used: missing, damaged, or of a kind that is not read."""


class UnreachableError(UserError):
    """A recording is neither on this computer nor to be had over the network now."""


class StoreError(UserError):
    """The memory of answers cannot be opened or written."""


class ContentError(UserError):
    """Shipped or user-made content has faults; the message lists all of them."""


class CancelledError(Exception):
    """The work was called off; nobody waits for its result."""
