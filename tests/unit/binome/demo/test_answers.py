"""What the participants of the demo answer, page by page."""

from pathlib import Path

import pytest

from binome.demo.answers import OFFICE_HOURS, OpenedPage, answer
from binome.demo.forms import Form, forms_of, question_of
from binome.demo.participants import Participant, Participants, Trait, read_people
from schemas.links import Question

PEOPLE = (Path(__file__).parents[4] / "examples/people.csv").read_bytes()

VOLUNTEER = """
<form method="post"><input type="time" name="from-0-0" value="09:00"><input type="time" name="to-0-0" value="12:00">
<input type="checkbox" name="charter" value="yes"><button name="action" value="volunteer">Yes</button></form>
<form method="post"><button name="action" value="decline">No</button></form>"""
PROPOSED = """
<form method="post"><button name="answer" value="yes">Yes</button><button name="answer" value="half_hour">Half</button>
<button name="answer" value="another_time@2027-01-20T09:00:00+00:00">Wed</button>
<button name="answer" value="another_time">None</button></form>"""
PULSE = """
<form method="post"><label><input type="radio" name="score" value="1"></label>
<input type="radio" name="score" value="5"><textarea name="idea">so far</textarea>
<input type="checkbox" name="help" value="yes"><button>Send</button></form>"""


def asked(
    page: str,
    *traits: Trait,
    times: int = 1,
    chance: float = 0.5,
    has_delegate: bool = False,
) -> OpenedPage:
    person = Participant(
        "E1",
        "e1@example.org",
        "idf",
        frozenset({"mentor"}),
        "en",
        has_delegate,
        frozenset(traits),
    )
    forms = forms_of(page)
    question = question_of(forms[0])
    assert question is not None
    return OpenedPage(person, question, forms, times, chance)


def test_a_field_is_sent_as_it_stood_when_nobody_touched_it() -> None:
    assert forms_of(PULSE)[0].filled(score="5") == {"idea": "so far", "score": "5"}


def test_a_page_without_a_button_asks_nothing() -> None:
    assert forms_of("<form><input name='from-0-0'></form><p>Too late.</p>") == []


def test_a_button_that_mails_links_answers_nothing() -> None:
    assert forms_of("<form action='/q/x/links'><button>Mail me</button></form>") == []


@pytest.mark.parametrize(
    ("page", "question"),
    [
        (VOLUNTEER, Question.VOLUNTEER),
        (PROPOSED, Question.ANSWER),
        (PULSE, Question.PULSE),
        ("<form><button name=action value=agree>Yes</button></form>", Question.AGREE),
        ("<form><button name=held value=yes>Yes</button></form>", Question.HELD),
        ("<form><button name=well value=yes>Yes</button></form>", Question.CHECK_IN),
        (
            "<form><input type=radio name=offer value=rest><button>Save</button></form>",
            Question.NEXT,
        ),
        (
            "<form><input type=checkbox name=charter value=yes><button>Sign</button></form>",
            Question.CHARTER,
        ),
        (
            "<form><input type=time name=from-0-0><button>Save</button></form>",
            Question.WINDOWS,
        ),
        (
            "<form><input type=hidden name=once value=a1><button name=call value=yes>Help</button></form>",
            Question.HELP,
        ),
        ("<form><button name=ready value=yes>Ready</button></form>", Question.SIGN_OFF),
        ("<form><button>What is this?</button></form>", None),
    ],
)
def test_a_page_is_known_by_what_can_be_filled_in(
    page: str, question: Question | None
) -> None:
    assert question_of(forms_of(page)[0]) is question


def test_a_mentor_volunteers_with_the_windows_shown() -> None:
    expected = {
        "from-0-0": "09:00",
        "to-0-0": "12:00",
        "action": "volunteer",
        "charter": "yes",
    }
    assert answer(asked(VOLUNTEER)) == expected


def test_a_mentor_without_windows_gives_office_hours() -> None:
    filled = answer(asked(VOLUNTEER.replace("09:00", "").replace("12:00", "")))
    assert filled is not None
    assert filled.items() >= OFFICE_HOURS.items()


def test_somebody_declines() -> None:
    assert answer(asked(VOLUNTEER, Trait.DECLINES)) == {"action": "decline"}


@pytest.mark.parametrize(
    ("chance", "chosen"),
    [
        (0.5, "yes"),
        (0.01, "another_time"),
        (0.1, "another_time@2027-01-20T09:00:00+00:00"),
        (0.99, "half_hour"),
    ],
)
def test_an_invitation_is_answered_in_every_way(chance: float, chosen: str) -> None:
    assert answer(asked(PROPOSED, chance=chance)) == {"answer": chosen}


def test_what_is_agreed_is_not_cancelled() -> None:
    assert (
        answer(asked("<form><button name=answer value=no>Cancel</button></form>"))
        is None
    )


def test_whoever_has_a_delegate_leaves_invitations_to_them() -> None:
    assert answer(asked(PROPOSED, has_delegate=True)) is None


def test_a_silent_one_overlooks_the_first_invitation_and_answers_the_reminder() -> None:
    first, second = (
        answer(asked(PROPOSED, Trait.SILENT, times=times)) for times in (1, 2)
    )
    assert (first, second) == (None, {"answer": "yes"})


def test_a_match_is_refused_once_and_the_next_one_agreed_to() -> None:
    page = "<form><button name=action value=agree>Yes</button><button name=action value=refuse>No</button></form>"
    first, second = (
        answer(asked(page, Trait.REFUSES, times=times)) for times in (1, 2)
    )
    assert (first, second) == ({"action": "refuse"}, {"action": "agree"})


def test_a_worried_one_asks_for_help_in_the_first_pulse_only() -> None:
    first, second = (
        answer(asked(PULSE, Trait.WORRIED, times=times)) for times in (1, 2)
    )
    assert first is not None and second is not None
    assert ("help" in first, "help" in second) == (True, False)


def test_a_supervisor_says_that_they_rehearsed_where_the_page_asks_for_it() -> None:
    page = "<form><input type=checkbox name=rehearsed value=yes><button name=ready value=yes>Ready</button></form>"
    assert answer(asked(page)) == {"ready": "yes", "rehearsed": "yes"}


def cast() -> Participants:
    return Participants(read_people(PEOPLE), ("idf", "ouest"), 2027)


@pytest.mark.parametrize("trait", Trait)
def test_every_kind_of_person_is_in_the_cast(trait: Trait) -> None:
    assert [p for p in cast().by_email.values() if trait in p.traits]


def test_the_same_seed_makes_the_same_people() -> None:
    assert cast().by_email == cast().by_email


def test_only_few_people_are_difficult() -> None:
    assert sum(bool(person.traits) for person in cast().by_email.values()) <= 10


def test_a_chance_is_the_persons_own() -> None:
    first, second = list(cast().by_email.values())[:2]
    assert (
        cast().chance(first, "x")
        == cast().chance(first, "x")
        != cast().chance(second, "x")
    )


def test_a_button_is_offered_by_name_and_value() -> None:
    form: Form = forms_of(PROPOSED)[0]
    assert (form.offers("answer", "yes"), form.offers("answer", "no")) == (True, False)
