from activities.executions.starting import attributes_of
from binome.stack.temporal import SEARCH_ATTRIBUTES
from schemas.ids import PairRef


def test_a_pair_is_found_by_every_search_attribute_from_its_start() -> None:
    pair = PairRef(programme="pilot", region="comex", mentor="p" + "a" * 13)
    found = {each.key.name: each.value for each in attributes_of(pair)}
    assert set(found) == set(SEARCH_ATTRIBUTES)
    assert (found["Stage"], found["Health"], found["SessionsHeld"]) == (
        "training",
        "on_course",
        0,
    )
