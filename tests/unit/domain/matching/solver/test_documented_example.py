"""The tables of docs/solver.md are what the code computes."""

import re
from pathlib import Path

import numpy as np
import pytest

from domain.matching.arrays import UNMATCHED, IndexArray
from domain.matching.matching_run import match_pool
from domain.matching.scoring import BEST_SCORE, PairBlock
from domain.matching.solver.assignment import assign
from domain.matching.solver.problem import AssignmentProblem
from domain.matching.solver.scipy_solver import cheapest_seats
from domain.matching.solver.shadow_prices import PricedSolution, price_solution
from domain.matching.solver.turns import priced_by_turn, score_costs
from schemas.matches.matching import FreeSeat, RuleGain
from tests.support.pools import a_person, a_pool, blocks_of, seats_of

PAGE = (Path(__file__).parents[5] / "docs/solver.md").read_text("utf-8")
Table = dict[str, dict[str, str]]

MENTEES = ["Xavier", "Yara", "Zoé"]
MENTORS = ["Ana", "Ben", "Cléo"]
SEATS = ["Ana", "Ben, first seat", "Ben, second seat", "Cléo"]
SEAT_MENTORS = np.array([0, 1, 1, 2])


def table(name: str) -> Table:
    """A table of the page by its first heading: by row and column, without empty cells."""
    found = re.search(rf"^\| {name} \|.*\n(?:\|.*\n)+", PAGE, re.M)
    assert found, name
    header, _, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in found[0].splitlines()
    ]
    return {
        first: {
            name: cell for name, cell in zip(header[1:], cells, strict=True) if cell
        }
        for first, *cells in rows
    }


def scores() -> dict[tuple[int, int], int]:
    return {
        (MENTEES.index(mentee), MENTORS.index(mentor)): round(float(score) * BEST_SCORE)
        for mentee, row in table("scores").items()
        for mentor, score in row.items()
    }


def block() -> PairBlock:
    allowed, whole = np.zeros((3, 3), np.bool_), np.zeros((3, 3), np.intp)
    for pair, score in scores().items():
        allowed[pair], whole[pair] = True, score
    (found,) = blocks_of(allowed, whole, 3)
    return found


def problem(*left_out: tuple[str, str]) -> AssignmentProblem:
    pairs, some = block(), AssignmentProblem.without_pairs(3, 3, SEAT_MENTORS)
    chosen = [
        place
        for place, (mentee, mentor) in enumerate(
            zip(pairs.mentees, pairs.mentors, strict=True)
        )
        if (MENTEES[mentee], MENTORS[mentor]) not in left_out
    ]
    return some.with_pairs(
        pairs.mentees[chosen],
        pairs.mentors[chosen].astype(np.intp),
        score_costs(pairs)[chosen],
    )


def solution(*left_out: tuple[str, str]) -> PricedSolution:
    asked = problem(*left_out)
    return price_solution(asked, cheapest_seats(asked))


def written(cost: int) -> str:
    return f"{cost / BEST_SCORE:g}"


def rows_of(asked: AssignmentProblem, unit: int, some_seats: IndexArray) -> Table:
    """A table of costs as the page has them."""
    found = {
        mentee: {"no match": f"{cost / unit:g}"}
        for mentee, cost in zip(MENTEES, asked.unmatched_costs.tolist(), strict=True)
    }
    for mentee, seat, cost in zip(*asked.seat_pairs, strict=True):
        if seat in some_seats:
            found[MENTEES[mentee]][SEATS[seat]] = f"{cost / unit:g}"
    return found


def test_costs_follow_from_the_scores() -> None:
    assert table("costs") == rows_of(problem(), BEST_SCORE, np.arange(4))


def test_the_assignment_is_what_the_code_assigns() -> None:
    found = assign([block()], (3, 3), SEAT_MENTORS.tolist(), lambda: None)
    seats = {mentee: seat for seat, mentee in found}
    assert {mentee: row["seat"] for mentee, row in table("assignment").items()} == {
        name: SEATS[seats[mentee]] if mentee in seats else "no match"
        for mentee, name in enumerate(MENTEES)
    }


def test_what_the_assignment_costs_is_what_its_cells_cost() -> None:
    costs, total = table("costs"), 0.0
    for mentee, row in table("assignment").items():
        assert row["cost"] == costs[mentee][row["seat"]]
        total += float(row["cost"])
    assert (
        f"costs {' + '.join(r['cost'] for r in table('assignment').values())} = {total:g}"
        in PAGE
    )


def test_prices_are_those_of_the_code_and_add_up_to_what_it_costs() -> None:
    found = solution()
    prices = [*found.mentee_prices.tolist(), *found.mentor_prices.tolist()]
    written_prices = {name: row["price"] for name, row in table("prices").items()}
    assert written_prices == dict(
        zip([*MENTEES, *MENTORS], map(written, prices), strict=True)
    )
    assert sum(map(float, written_prices.values())) == pytest.approx(10.5)


def test_a_pair_left_out_is_shown_to_be_missing_by_the_prices() -> None:
    found, pairs = solution(("Xavier", "Ben")), block()
    reduced = found.reduced_costs(pairs.mentees, pairs.mentors, score_costs(pairs))
    rows = zip(pairs.mentees, pairs.mentors, score_costs(pairs), reduced, strict=True)
    assert table("without Xavier and Ben") == {
        f"{MENTEES[mentee]}, {MENTORS[mentor]}": {
            "cost": written(cost),
            "price of mentee": written(found.mentee_prices[mentee]),
            "price of mentor": written(found.mentor_prices[mentor]),
            "difference": written(difference),
        }
        for mentee, mentor, cost, difference in rows
    }


def test_turns_cost_what_the_code_makes_them_cost() -> None:
    tight = problem(("Xavier", "Ana"), ("Xavier", "Cléo"))
    free = tight.pair_costs * 0
    pairs = AssignmentProblem.without_pairs(3, 3, SEAT_MENTORS).with_pairs(
        tight.pair_mentees, tight.pair_mentors, free
    )
    asked = priced_by_turn(pairs, solution())
    assert table("turns") == rows_of(asked, 1, np.arange(3))
    assert cheapest_seats(asked).tolist() == [1, 0, UNMATCHED]


def test_the_gain_is_that_of_a_run_over_such_people() -> None:
    """Yara and Zoé speak only Ana's German; Xavier speaks French, as all mentors do."""
    mentors = [
        a_person("a", languages={"de", "fr"}),
        a_person("b", seats=2, windows=a_person("y").windows),
        a_person("c"),
    ]
    mentees = [
        a_person("x"),
        a_person("y", languages={"de"}),
        a_person("z", languages={"de"}),
    ]
    seats: tuple[FreeSeat, ...] = seats_of(mentors)
    run = match_pool(a_pool(mentors, mentees, seats=seats))
    assert table("rule") == {
        gain.rule: {"more people": str(gain.more_people)} for gain in run.gains
    }
    assert run.gains == (RuleGain(rule="no_common_language", more_people=1),)
