"""Values that people write into Chinese and English sentences, with where they stand."""

from agents.planning.values.dates import read_dates
from agents.planning.values.durations import read_durations
from agents.planning.values.found import Found
from agents.planning.values.money import read_money
from agents.planning.values.numbers import read_numbers
from agents.planning.values.percents import read_percents
from agents.planning.values.periods import Period, read_periods
from agents.planning.values.times import read_times
from agents.planning.values.written import read_addresses, read_quoted

__all__ = [
    "Found",
    "Period",
    "read_addresses",
    "read_dates",
    "read_durations",
    "read_money",
    "read_numbers",
    "read_percents",
    "read_periods",
    "read_quoted",
    "read_times",
]
