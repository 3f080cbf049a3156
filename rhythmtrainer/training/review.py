"""What a learner's answers add up to."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rhythmtrainer.model import Attempt, Origin, RhythmId, Session


@dataclass(frozen=True, slots=True)
class Score:
    """Answers counted together.

    Attributes
    ----------
    right
        Answers that were right or accepted.
    median_s
        Median response time in seconds, over all answers.
    """

    asked: int
    right: int
    median_s: float

    @property
    def accuracy(self) -> float:
        """Share of the answers that were right, from 0 to 1."""
        return self.right / self.asked


@dataclass(frozen=True, slots=True)
class RhythmScore:
    """The score of one rhythm; real and simulated strips are never counted together."""

    rhythm: RhythmId
    origin: Origin
    score: Score


@dataclass(frozen=True, slots=True)
class SessionScore:
    """The score of one session."""

    session: Session
    score: Score


@dataclass(frozen=True, slots=True)
class Review:
    """Everything the review page shows.

    Attributes
    ----------
    overall
        None while nothing has been answered.
    by_rhythm
        The weakest first.
    sessions
        The newest first; sessions without an answer are left out.
    missed
        Wrong answers, the newest first.
    """

    overall: Score | None
    by_rhythm: tuple[RhythmScore, ...]
    sessions: tuple[SessionScore, ...]
    missed: tuple[Attempt, ...]


def review(attempts: Sequence[Attempt], sessions: Sequence[Session]) -> Review:
    """Sum up answers, which come oldest first, and the sessions they were given in."""
    by_rhythm: dict[tuple[RhythmId, Origin], list[Attempt]] = defaultdict(list)
    by_session: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_rhythm[attempt.answer, attempt.origin].append(attempt)
        by_session[attempt.session].append(attempt)
    scores = [RhythmScore(*key, score(group)) for key, group in by_rhythm.items()]
    return Review(
        overall=score(attempts) if attempts else None,
        by_rhythm=tuple(sorted(scores, key=lambda s: (s.score.accuracy, -s.score.asked, s.rhythm))),
        sessions=tuple(
            SessionScore(session, score(by_session[session.id]))
            for session in sessions
            if session.id in by_session
        ),
        missed=tuple(a for a in reversed(attempts) if not a.verdict.counts_as_right),
    )


def score(attempts: Sequence[Attempt]) -> Score:
    """Count answers.

    Raises
    ------
    ValueError
        If there are none.
    """
    if not attempts:
        raise ValueError("attempts must hold at least one answer, got none")
    return Score(
        asked=len(attempts),
        right=sum(attempt.verdict.counts_as_right for attempt in attempts),
        median_s=median(attempt.response_s for attempt in attempts),
    )
