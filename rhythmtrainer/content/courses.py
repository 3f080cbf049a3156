"""Courses and the rhythms they ask for."""

from pathlib import Path

from rhythmtrainer.content.table import Faults, Row, load_toml
from rhythmtrainer.model import Course, CourseId, RhythmId


def load_courses(path: Path) -> dict[CourseId, Course]:
    """Read ``courses.toml``.

    Raises
    ------
    ContentError
        Listing every missing course or key, unknown id or source, and rhythm that is named twice.
    """
    faults = Faults(path)
    document = load_toml(path)
    file = Row(document, "file", faults)
    meta = document.get("meta", {})
    Row(meta, "meta", faults).text("guideline")
    known_sources = meta.get("sources", {})
    courses = {}
    for number, values in enumerate(file.tables("course"), start=1):
        row = Row(values, f"course {values.get('id', f'number {number}')}", faults)
        course = _course(row)
        courses[course.id] = course
        for source in course.sources:
            if source not in known_sources:
                row.fault("sources", f"{source!r} is not listed under meta.sources")
    for course_id in CourseId:
        if course_id not in courses:
            faults.add(f"course {course_id}", "is missing")
    faults.raise_any()
    return courses


def _course(row: Row) -> Course:
    rhythms = tuple(row.as_member("rhythms", name, RhythmId) for name in row.texts("rhythms"))
    if len(set(rhythms)) < len(rhythms):
        row.fault("rhythms", "names a rhythm twice")
    return Course(
        id=row.member("id", CourseId),
        title=row.text("title"),
        audience=row.text("audience"),
        rhythms=rhythms,
        sources=row.texts("sources"),
        ages=row.number_pair("ages"),
    )
