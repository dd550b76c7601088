"""Which schedules are taken, what is said of the others, and when the next run is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.facts.cron import CronError, check_schedule, parse_cron

NOW = datetime(2026, 11, 26, 11, 30, 5)  # a Thursday

NEXT = {
    "0 0 * * * *": "2026-11-26 12:00:00",
    "0 0/10 * * * *": "2026-11-26 11:40:00",
    "30 5-10/2 * * * *": "2026-11-26 12:05:30",
    "0 30 11 * * *": "2026-11-27 11:30:00",
    "*/20 30 11 * * *": "2026-11-26 11:30:20",
    "@hourly": "2026-11-26 12:00:00",
    "@daily": "2026-11-27 00:00:00",
    "@MIDNIGHT": "2026-11-27 00:00:00",
    "@weekly": "2026-11-29 00:00:00",
    "@monthly": "2026-12-01 00:00:00",
    "@yearly": "2027-01-01 00:00:00",
    "0 30 6 * * MON": "2026-11-30 06:30:00",
    "0 0 0 * * 0": "2026-11-29 00:00:00",
    "0 0 0 * * 7": "2026-11-29 00:00:00",
    "0 0 0 * * 7-1": "2026-11-29 00:00:00",
    "0 0 0 * * SAT,SUN": "2026-11-28 00:00:00",
    "0 0 0 1 jan ?": "2027-01-01 00:00:00",
    "0 0 0 L * ?": "2026-11-30 00:00:00",
    "0 0 0 L-3 * ?": "2026-11-27 00:00:00",
    "0 0 0 LW 2 ?": "2027-02-26 00:00:00",
    "0 0 0 1W 5 ?": "2027-05-03 00:00:00",
    "0 0 0 15W 5 ?": "2027-05-14 00:00:00",
    "0 0 0 31W * ?": "2026-12-31 00:00:00",
    "0 0 0 28W 2 ?": "2027-02-26 00:00:00",
    "0 0 0 2W 5 ?": "2027-05-03 00:00:00",
    "0 0 0 3,L * ?": "2026-11-30 00:00:00",
    "0 0 0 ? * MON#1": "2026-12-07 00:00:00",
    "0 0 0 ? * FRIL": "2026-11-27 00:00:00",
    "0 0 0 29 2 *": "2028-02-29 00:00:00",
}
REFUSED = {
    "": "Expression must not be empty",
    "bad": 'Cron expression must consist of 6 fields (found 1 in "bad")',
    "0 * * * *": 'Cron expression must consist of 6 fields (found 5 in "0 * * * *")',
    "0 0 25 * * *": ("Invalid value for HourOfDay (valid values 0 - 23): 25 '25' in cron expression \"0 0 25 * * *\""),
    "60 0 0 * * *": "Invalid value for SecondOfMinute (valid values 0 - 59): 60",
    "0 0 0 32 * *": "Invalid value for DayOfMonth (valid values 1 - 28/31): 32",
    "0 0 0 * 13 *": "Invalid value for MonthOfYear (valid values 1 - 12): 13",
    "0 0 0 * * 8": "Invalid value for DayOfWeek (valid values 1 - 7): 8",
    "0 x 0 * * *": "For input string: \"x\" 'x'",
    "0 0/0 0 * * *": "Incrementer delta must be 1 or higher '0/0'",
    "0 5-1 0 * * *": "Minimum value must be less than maximum value '5-1'",
    "0 , 0 * * *": "Empty list ','",
    "0 0 0 ? * MON#6": "Ordinal '6' in cron day of week must be 1-5",
    "0 0 0 X-L * ?": "For input string",
    "0 * * * * *": "Cron jobs can not be scheduled less than 1 minute",
    "* * * * * *": "Cron jobs can not be scheduled less than 1 minute",
    "0 0 0 30 2 *": 'because "temporal" is null',
}


@pytest.mark.parametrize(("text", "moment"), NEXT.items())
def test_the_next_run(text: str, moment: str) -> None:
    assert str(parse_cron(text).after(NOW)) == moment


@pytest.mark.parametrize(("text", "said"), REFUSED.items())
def test_it_is_refused(text: str, said: str) -> None:
    with pytest.raises(CronError) as caught:
        check_schedule(text, NOW)
    assert said in str(caught.value)


def test_two_minutes_next_to_each_other_depend_on_the_hour_of_asking() -> None:
    """Only the next two runs are compared."""
    assert check_schedule("0 30,31 * * * *", NOW).minutes == (30, 31)
    with pytest.raises(CronError, match="less than 1 minute"):
        check_schedule("0 30,31 * * * *", NOW.replace(minute=10))


@given(
    st.lists(st.sampled_from(["*", "0", "5", "1-3", "*/2", "?", "L", "MON", "7", "31", "x", "1#2", "15W"]), max_size=7)
)
def test_it_is_read_or_refused_and_runs_come_later(fields: list[str]) -> None:
    try:
        schedule = parse_cron(" ".join(fields))
    except CronError:
        return
    found = schedule.after(NOW)
    assert found is None or found > NOW
    if found and (second := schedule.after(found)):
        assert second > found
        assert schedule.after(second - timedelta(seconds=1)) == second
