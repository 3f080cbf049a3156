"""What the practice page says when there is no question on it."""

from typing import Final

from rhythmtrainer.gui.widgets.message_panel import Message
from rhythmtrainer.model import Course, UnreachableError, UserError
from rhythmtrainer.training.practice import Practice
from rhythmtrainer.training.preparation import Prepared

CHOOSE_FOLDER: Final = ("chooseFolderButton", "Choose a folder of recordings …")
TRY_AGAIN: Final = ("retryButton", "Try again")
GO_ONLINE: Final = ("goOnlineButton", "Use the network")
SIMULATE: Final = ("simulateButton", "Use simulated strips")
STAND_IN: Final = ("standInButton", "Take a simulated strip meanwhile")
STOP_WAITING: Final = ("stopWaitingButton", "Stop waiting")
ANOTHER_SESSION: Final = ("againButton", "Start another session")
TO_COURSE: Final = ("toCourseButton", "Back to the course")
SEE_REVIEW: Final = ("seeReviewButton", "See the review")
START_AGAIN: Final = ("startAgainButton", "Try again")

LOADING: Final = Message("One moment …")

STOPPED: Final = Message(
    "Stopped waiting",
    "The next strip was not read. Your answers are saved.",
    (TRY_AGAIN, CHOOSE_FOLDER),
)

_OFFLINE = (
    "The program works offline, and no recording that it could ask about is on this computer. "
    "Choose a folder that holds some, use the network, or practise on simulated strips."
)
_ONLINE = (
    "No recording that the program could ask about is on this computer, and the network gives "
    "none now. Choose a folder that holds some, try again, or practise on simulated strips."
)


def reading(*, can_simulate: bool) -> Message:
    """Say that a strip is waited for."""
    return Message(
        "Reading the next strip …",
        "It comes over the network. This takes half a minute at most.",
        (STAND_IN, STOP_WAITING) if can_simulate else (STOP_WAITING,),
        # An Enter too many must not call off what it asked for.
        focus=False,
    )


def cannot_start(fault: UserError) -> Message:
    """Say why the program itself cannot go on."""
    return Message("The program cannot start", str(fault), (START_AGAIN,))


def cannot_save(fault: UserError) -> Message:
    """Say why no session can begin: its answers would be lost."""
    return Message("Answers cannot be saved", str(fault), (TRY_AGAIN,))


def nothing_to_read(fault: UserError, advice: str, *, offline: bool) -> Message:
    """Say why there is no recording to ask about, and offer the ways on.

    Parameters
    ----------
    advice
        What is wrong with the settings, which then is the reason.
    offline
        Whether the network is left alone.
    """
    heading, text = "No recording can be read", str(fault)
    buttons: tuple[tuple[str, str], ...] = (CHOOSE_FOLDER, SIMULATE, TRY_AGAIN)
    if isinstance(fault, UnreachableError):
        heading = "No recording is within reach"
        text = _OFFLINE if offline else f"{_ONLINE} {fault}"
        buttons = (CHOOSE_FOLDER, GO_ONLINE, SIMULATE, TRY_AGAIN) if offline else buttons
        if advice:
            text = f"{advice} Put it right on the Settings page, or choose a folder of recordings."
    return Message(heading, text, buttons)


ONLY_SIMULATED: Final = Message(
    "Strips of children are simulated",
    "No recording of a child is in the catalogue, and the settings ask for real recordings only. "
    "Practise on simulated strips, or choose another course above.",
    (SIMULATE,),
)


def pack_unreadable(fault: UserError) -> Message:
    """Say why there is no strip of the pack that is practised, and offer the ways on."""
    return Message("This pack cannot be read", str(fault), (TO_COURSE, TRY_AGAIN))


def finished(practice: Practice, *, in_pack: bool) -> Message:
    """Say how a session went, and offer the way back from the strips of a pack."""
    right = sum(attempt.verdict.counts_as_right for attempt in practice.attempts)
    return Message(
        "Session finished",
        f"{right} of {practice.length} right. Every answer is saved.",
        (ANOTHER_SESSION, TO_COURSE, SEE_REVIEW) if in_pack else (ANOTHER_SESSION, SEE_REVIEW),
    )


def reason_for(prepared: Prepared, course: Course, *, offline: bool) -> str:
    """Say why a strip does not come from where it was to come from; nothing if it does."""
    if course.ages is not None:
        return "No recording of a child is in the catalogue: strips of this course are simulated."
    if prepared.from_hand and not prepared.recorded:
        return "No recording is within reach; strips are simulated."
    if prepared.from_hand and not offline:
        return "The network gives nothing now; strips come from this computer."
    if not prepared.recorded:
        return "The recording is still being read; this strip is simulated."
    return ""


def skipped(prepared: Prepared) -> list[str]:
    """Say which recordings could not be used on the way to a strip."""
    return [f"Skipped a recording: {sentence}" for sentence in prepared.skipped]
