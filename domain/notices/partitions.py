"""Who is written to by which delivery, where there are several for a channel.

A delivery has a name: `mail` is the first, `mail:1` the second. Each person is written to
by one, which so can put all that is due to them into one mail.
"""

from typing import NamedTuple

CHANNELS = ("mail",)
"""Ways by which notices go out."""
MOST_PARTITIONS = 16
"""Most deliveries of a channel. Each looks by itself for what is due."""


class Partition(NamedTuple):
    """The people whose number, made of their id, leaves this remainder."""

    number: int = 0
    of: int = 1


EVERYBODY = Partition()


def deliveries(partitions: int) -> list[str]:
    """Returns the names of all deliveries where each channel has so many."""
    return [_name(channel, n) for channel in CHANNELS for n in range(partitions)]


def channel_and_number(delivery: object) -> tuple[str, int] | None:
    """Take a name apart; None: it is none."""
    for channel in CHANNELS:
        for number in range(MOST_PARTITIONS):
            if delivery == _name(channel, number):
                return channel, number
    return None


def _name(channel: str, number: int) -> str:
    return f"{channel}:{number}" if number else channel
