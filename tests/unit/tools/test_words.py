"""What `python -m tools.words` finds."""

from pathlib import Path

import pytest

from tools import words
from tools.words import Source, problems

FUNCTION = "def long():\n" + "    x = 1\n" * 40


def source(path: str, text: str) -> Source:
    return Source(Path(path), text)


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("domain/x.py", "x = 1\n" * 301, "domain/x.py: 301 lines; allowed: 300"),
        ("domain/x.py", FUNCTION, "domain/x.py:1: long has 41 lines; allowed: 40"),
        (
            "tests/x.py",
            '"""Of a pair."""',
            'tests/x.py:1: a docstring begins with "Of"; say what the thing is',
        ),
        (
            "domain/x.py",
            f"x = {'1' * 100}",
            "one line in ten has 104 characters or more; allowed: 80",
        ),
    ],
    ids=["file", "function", "docstring", "line"],
)
def test_what_exceeds_a_limit_is_named(path: str, text: str, problem: str) -> None:
    assert problems([source(path, text)]) == [problem]


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n" * 300,
        FUNCTION.removesuffix("    x = 1\n"),
        '"""Offers a session."""',
        'text = "Of a pair"',
        f"x = {'1' * 76}",
    ],
    ids=["file", "function", "docstring", "text", "line"],
)
def test_what_keeps_a_limit_is_not(text: str) -> None:
    assert problems([source("domain/x.py", text)]) == []


def test_a_class_name_is_used_once_in_the_product() -> None:
    twice = [source(f"domain/{name}.py", "class Known: ...") for name in "ab"]
    assert problems(twice) == [
        "domain/a.py:1, domain/b.py:1: Known is the name of 2 classes; allowed: one"
    ]


def test_tests_may_repeat_a_class_name() -> None:
    assert problems([source(f"tests/{n}.py", "class Known: ...") for n in "ab"]) == []


def test_a_folder_holds_twenty_modules_beside_its_init() -> None:
    modules = [source(f"domain/m{number}.py", "") for number in range(20)]
    full = [*modules, source("domain/__init__.py", "")]
    assert problems(full) == []
    assert problems([*full, source("domain/m20.py", "")]) == [
        "domain/: 21 modules; allowed: 20"
    ]


@pytest.mark.parametrize(("arguments", "code"), [([], 1), (["--report"], 0)])
def test_it_fails_unless_it_is_only_to_report(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int
) -> None:
    monkeypatch.setattr(words, "read", lambda: [source("domain/x.py", FUNCTION)])
    assert words.main(arguments) == code
