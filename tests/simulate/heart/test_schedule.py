from rhythmtrainer.simulate.heart.schedule import Alarm, Schedule


def test_what_is_due_first_happens_first() -> None:
    schedule, seen = Schedule(), list[tuple[float, str]]()

    def note(at_s: float, name: str) -> None:
        seen.append((at_s, name))
        if name == "first":
            schedule.at(at_s + 1.5, note, "follows")

    schedule.at(2.0, note, "second")
    schedule.at(1.0, note, "first")
    schedule.at(2.0, note, "third")
    schedule.at(9.0, note, "too late")
    schedule.run(9.0)
    assert seen == [(1.0, "first"), (2.0, "second"), (2.0, "third"), (2.5, "follows")]


def test_of_an_alarm_only_the_last_time_counts() -> None:
    schedule, rung = Schedule(), list[float]()
    alarm = Alarm(schedule, rung.append)
    alarm.set(1.0)
    alarm.set(3.0)
    schedule.run(10.0)
    assert rung == [3.0]


def test_an_alarm_that_was_stopped_is_silent() -> None:
    schedule, rung = Schedule(), list[float]()
    alarm = Alarm(schedule, rung.append)
    alarm.set(1.0)
    alarm.stop()
    schedule.run(10.0)
    assert rung == []
