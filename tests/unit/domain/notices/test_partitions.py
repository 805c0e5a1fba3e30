"""Deliveries have names, and a name says whom it writes to."""

import pytest

from domain.notices.partitions import (
    MOST_PARTITIONS,
    channel_and_number,
    deliveries,
)


def test_the_first_delivery_of_a_channel_has_its_name() -> None:
    assert deliveries(1) == ["mail"]
    assert deliveries(3) == ["mail", "mail:1", "mail:2"]


@pytest.mark.parametrize("number", [0, 1, MOST_PARTITIONS - 1])
def test_a_name_is_taken_apart(number: int) -> None:
    name = deliveries(MOST_PARTITIONS)[number]
    assert channel_and_number(name) == ("mail", number)


@pytest.mark.parametrize("name", ["", "sms", "mail:0", "mail:01", "mail:16", 1, None])
def test_what_is_no_name_is_none(name: object) -> None:
    assert channel_and_number(name) is None
