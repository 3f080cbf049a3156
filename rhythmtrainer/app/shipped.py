"""Everything that comes with the program and is read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rhythmtrainer import paths
from rhythmtrainer.model import (
    Course,
    CourseId,
    Database,
    Half,
    Notices,
    Pack,
    Rhythm,
    RhythmId,
    Span,
)
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.selection import Material

if TYPE_CHECKING:
    from rhythmtrainer.records.tables.own_catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Shipped:
    """What the files beside the program hold."""

    rhythms: Mapping[RhythmId, Rhythm]
    courses: Mapping[CourseId, Course]
    notices: Notices
    guideline: str
    catalogue: "Catalogue"

    def material(self, course_id: CourseId = CourseId.ACLS) -> Material:
        """Return what practice asks about in a course.

        The other half of the patients is kept for exams. How old they are is not known, so a course
        about children has no recordings.
        """
        course = self.courses[course_id]
        spans = self.catalogue.spans if course.ages is None else ()
        practised = [span for span in spans if span.half is Half.PRACTICE]
        return Material(practised, course, self.rhythms)

    def material_of(self, pack: Pack, spans: Sequence[Span]) -> Material:
        """Return what practice asks about when it has only the strips of a pack.

        Parameters
        ----------
        spans
            The pack's strips in its own order.
        """
        acls = self.courses[CourseId.ACLS]
        rhythms = dict.fromkeys([*acls.rhythms, *(span.rhythm for span in spans)])
        title = f"{pack.title} · {pack.quiz.title}" if pack.quiz else pack.title
        course = replace(acls, title=title, rhythms=tuple(rhythms))
        examples = self.material().spans
        return Material(spans, course, self.rhythms, quiz=spans, examples=examples)

    @property
    def sources(self) -> list[Database]:
        """The databases that strips are taken from."""
        used = {
            (span.ref.record.database, span.ref.record.version) for span in self.catalogue.spans
        }
        return [database for key, database in self.catalogue.databases.items() if key in used]

    @property
    def asked(self) -> list[str]:
        """The names of the rhythms that recordings show."""
        with_strips = {span.rhythm for span in self.catalogue.spans}
        return [rhythm.name for rhythm in self.rhythms.values() if rhythm.id in with_strips]


def load_shipped(own_catalogue: Path, cancel: Cancel) -> Shipped:
    """Read content and catalogue, and load the libraries that reading and saving need.

    Parameters
    ----------
    own_catalogue
        The folder of the user's own tables; need not be there.
    """
    from rhythmtrainer.content import (
        load_courses,
        load_guideline,
        load_notices,
        load_rhythms,
    )
    from rhythmtrainer.records.tables.own_catalogue import load_catalogue

    rhythms = paths.asset("content", "rhythms.toml")
    shipped = Shipped(
        rhythms=load_rhythms(rhythms),
        courses=load_courses(paths.asset("content", "courses.toml")),
        notices=load_notices(paths.asset("content", "notices.toml")),
        guideline=load_guideline(rhythms),
        catalogue=load_catalogue(paths.dataset(), own_catalogue),
    )
    cancel.check()
    import rhythmtrainer.records.sources.local
    import rhythmtrainer.records.sources.physionet
    import rhythmtrainer.simulate.source
    import rhythmtrainer.store  # noqa: F401 - loaded here so that the window need not wait for them

    return shipped
