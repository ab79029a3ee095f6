"""Files and functions stay small enough to read in one go."""

from statistics import median

from tests.architecture.source import PACKAGES, functions, parse, python_files, shown

FILE_LINES = 300
FUNCTION_LINES = 60
MEDIAN_LINES = 120


def test_no_file_is_over_300_lines() -> None:
    lengths = {shown(path): len(path.read_text("utf-8").splitlines()) for path in python_files()}
    assert {name: length for name, length in lengths.items() if length > FILE_LINES} == {}


def test_every_function_is_under_60_lines() -> None:
    lengths = {
        f"{shown(path)}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in python_files()
        for function in functions(parse(path))
    }
    assert {name: length for name, length in lengths.items() if length >= FUNCTION_LINES} == {}


def test_the_typical_file_fits_on_two_screens() -> None:
    modules = [path for path in python_files(*PACKAGES) if path.name != "__init__.py"]
    assert median(len(path.read_text("utf-8").splitlines()) for path in modules) <= MEDIAN_LINES
