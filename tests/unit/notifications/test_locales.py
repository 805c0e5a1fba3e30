"""Short texts and times in words."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from activities.notifications.locales import LOCALES, TEMPLATES, locale_texts
from schemas.links import Question
from schemas.wording.french import french_de

WINTER = datetime(2027, 2, 1, 9, 5, tzinfo=UTC)
SUMMER = datetime(2027, 7, 14, 22, 0, tzinfo=UTC)
ITEMS = ("volunteer", "windows", "module:a", "rehearsal", "sign_off", "charter")


def names(texts: dict[str, Any], within: str = "") -> set[str]:
    found: set[str] = set()
    for name, value in texts.items():
        if name != "zones":
            found |= (
                names(value, f"{within}{name}.")
                if isinstance(value, dict)
                else {f"{within}{name}"}
            )
    return found


def test_every_locale_has_the_same_texts() -> None:
    found = [
        names(json.loads((TEMPLATES / locale / "texts.json").read_text("utf-8")))
        for locale in LOCALES
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("name", "elided"),
    [
        ("Zoé Roy", "de Zoé Roy"),
        ("Anaïs Roy", "d’Anaïs Roy"),
        ("Élise Roy", "d’Élise Roy"),
        ("le mentor", "du mentor"),
        ("Hugo Roy", "de Hugo Roy"),
        ("Yann Roy", "de Yann Roy"),
        ("", "de "),
    ],
)
def test_french_elides_before_a_vowel(name: str, elided: str) -> None:
    assert french_de(name) == elided


@pytest.mark.parametrize("locale", LOCALES)
def test_every_question_has_a_label(locale: str) -> None:
    assert all(
        locale_texts(locale).get(f"questions.{question}") for question in Question
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_every_item_of_the_gate_has_words(locale: str) -> None:
    assert not [
        item
        for item in ITEMS
        if locale_texts(locale).gate_item(item) == item.replace("_", " ")
    ]


def test_a_code_without_words_stays_readable() -> None:
    assert locale_texts("en").gate_item("works_council") == "works council"


@pytest.mark.parametrize(
    ("locale", "at", "zone", "day", "hours"),
    [
        # winter time, and hours as each language writes them
        (
            "en",
            WINTER,
            "Europe/Paris",
            "Monday 1 February 2027",
            "10:05 to 11:05 (Paris time)",
        ),
        (
            "fr",
            WINTER,
            "Europe/Paris",
            "lundi 1er février 2027",
            "de 10 h 05 à 11 h 05 (heure de Paris)",
        ),
        # before ten, full hours
        (
            "en",
            datetime(2027, 2, 2, 7, tzinfo=UTC),
            "Europe/London",
            "Tuesday 2 February 2027",
            "07:00 to 08:00 (London time)",
        ),
        (
            "fr",
            datetime(2027, 2, 2, 7, tzinfo=UTC),
            "Europe/London",
            "mardi 2 février 2027",
            "de 7 h à 8 h (heure de Londres)",
        ),
        # summer time, and the next local day
        (
            "en",
            SUMMER,
            "Europe/Paris",
            "Thursday 15 July 2027",
            "00:00 to 01:00 (Paris time)",
        ),
        # a city of two words, a vowel, a zone without a city
        (
            "en",
            SUMMER,
            "America/New_York",
            "Wednesday 14 July 2027",
            "18:00 to 19:00 (New York time)",
        ),
        (
            "fr",
            SUMMER,
            "Africa/Abidjan",
            "mercredi 14 juillet 2027",
            "de 22 h à 23 h (heure d’Abidjan)",
        ),
        ("fr", SUMMER, "UTC", "mercredi 14 juillet 2027", "de 22 h à 23 h (UTC)"),
    ],
)
def test_a_time_is_shown_in_the_recipients_zone(
    locale: str, at: datetime, zone: str, day: str, hours: str
) -> None:
    texts = locale_texts(locale)
    assert texts.day(at, zone) == day
    assert texts.hours(at, 60, zone).replace("\u00a0", " ") == hours


def test_an_hour_that_the_clock_skips_is_shown_as_on_the_clock() -> None:
    before = datetime(
        2027, 3, 28, 0, 30, tzinfo=UTC
    )  # half past one in Paris; at two it is three
    assert (
        locale_texts("en").hours(before, 60, "Europe/Paris")
        == "01:30 to 03:30 (Paris time)"
    )


def test_french_spaces_before_signs_and_in_hours_do_not_break() -> None:
    assert (
        locale_texts("fr").typography("Qui ? « Moi » : 10 h 30 !")
        == "Qui\u00a0? «\u00a0Moi\u00a0»\u00a0: 10\u00a0h\u00a030\u00a0!"
    )


def test_an_unknown_locale_reads_english() -> None:
    assert locale_texts("de").locale == "en"
