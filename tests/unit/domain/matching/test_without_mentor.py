"""What is known about matches before anything starts."""

from domain.matching.without_mentor import mentees_without_mentor
from schemas.matches.matching import MenteesWithoutMentor
from tests.support.pools import a_person, a_pool, who, window

TWO_HOURS = {"sessions": {"length": "2 hours"}}


def test_who_has_a_possible_mentor_is_not_named_even_without_enough_seats() -> None:
    assert (
        mentees_without_mentor(
            a_pool([a_person("m")], [a_person("x"), a_person("y")], seats=())
        )
        == MenteesWithoutMentor()
    )


def test_who_has_none_is_named_with_the_rule() -> None:
    found = mentees_without_mentor(
        a_pool([a_person("m")], [a_person("x", languages={"de"}), a_person("y")])
    )
    assert found == MenteesWithoutMentor(
        mentees=(who("x"),), reasons={who("x"): ("no_common_language",)}
    )


def test_sessions_that_fit_no_common_window_are_counted_with_the_length_that_would() -> (
    None
):
    short = (window(0, "9", "10:30"), window(1, "9", "10"))
    mentees = [
        a_person("x", windows=short),
        a_person("y", windows=(window(1, "9", "10:15"),)),
        a_person("z"),
    ]
    mentor = a_person("m", windows=(window(0, "9", "12"), window(1, "9", "12")))
    found = mentees_without_mentor(a_pool([mentor], mentees, TWO_HOURS))
    assert (found.without_long_window, found.longest_session_minutes) == (2, 75)


def test_where_no_length_would_fit_none_is_proposed() -> None:
    found = mentees_without_mentor(
        a_pool([a_person("m")], [a_person("x", windows=(window(2, "9", "10"),))])
    )
    assert (found.without_long_window, found.longest_session_minutes) == (1, 0)


def test_who_has_no_possible_mentor_for_another_reason_does_not_count_as_too_long() -> (
    None
):
    mentee = a_person("x", languages={"de"}, windows=(window(2, "9", "10"),))
    assert (
        mentees_without_mentor(a_pool([a_person("m")], [mentee])).without_long_window
        == 0
    )


def test_without_any_mentor_everybody_is_named() -> None:
    assert mentees_without_mentor(a_pool([], [a_person("x")])).reasons == {
        who("x"): ("nobody_there",)
    }
