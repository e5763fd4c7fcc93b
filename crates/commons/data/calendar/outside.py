"""Compares `mulin due` with two calendars of other people, chinesecalendar and holidays, on random cases.

    python3 -m venv /tmp/due && /tmp/due/bin/pip install chinesecalendar holidays
    /tmp/due/bin/python crates/commons/data/calendar/outside.py target/debug/mulin 10000
"""

import json
import random
import subprocess
import sys
from datetime import datetime, time, timedelta, timezone

import chinese_calendar
import holidays

OFFICE = [(time(9), time(12)), (time(13, 30), time(17, 30))]
ZONE = timezone(timedelta(hours=8))
CHINA = holidays.China(years=range(2023, 2028))


def works_by_chinesecalendar(day):
    return chinese_calendar.is_workday(day)


def works_by_holidays(day):
    return CHINA.is_working_day(day)


def spans(day, works):
    """When the office is open on a day."""
    if works(day):
        for begin, end in OFFICE:
            yield datetime.combine(day, begin, ZONE), datetime.combine(day, end, ZONE)


def due_hours(start, hours, works):
    left, day = timedelta(hours=hours), start.date()
    while True:
        for begin, end in spans(day, works):
            begin = max(begin, start)
            if begin < end and left <= end - begin:
                return begin + left
            left -= max(end - begin, timedelta())
        day += timedelta(days=1)


def due_days(start, days, works):
    day = start.date()
    while days:
        day += timedelta(days=1)
        days -= works(day)
    return datetime.combine(day, OFFICE[-1][1], ZONE)


def main(mulin, count):
    dice, cases = random.Random(3), []
    first = datetime(2024, 1, 1, tzinfo=ZONE)
    last = datetime(2026, 10, 31, tzinfo=ZONE)
    while len(cases) < count:
        start = first + timedelta(minutes=dice.randrange(int((last - first).total_seconds() // 60)))
        case = {"start": start.isoformat()}
        if dice.random() < 0.5:
            case["hours"] = dice.randrange(1, 400) / 4
        else:
            case["days"] = dice.randrange(1, 30)
        cases.append((start, case))
    lines = "\n".join(json.dumps(case) for _, case in cases)
    command = [mulin, "due", "--calendar", "cn", "--office", "09:00-12:00,13:30-17:30"]
    answers = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(answers) == count, f"{len(answers)} answers"
    differ = 0
    for (start, case), answer in zip(cases, answers):
        told = datetime.fromisoformat(json.loads(answer)["due"])
        for name, works in (("chinesecalendar", works_by_chinesecalendar), ("holidays", works_by_holidays)):
            if "hours" in case:
                expected = due_hours(start, case["hours"], works)
            else:
                expected = due_days(start, case["days"], works)
            if told != expected:
                differ += 1
                print(f"{case}: mulin {told}, {name} {expected}")
    print(f"{count} cases, {differ} differences")
    sys.exit(differ > 0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
