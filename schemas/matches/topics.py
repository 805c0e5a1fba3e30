"""Topics as people files write them: a code, with a level behind a colon where one is given."""

from functools import lru_cache
from typing import NamedTuple, Self

LEVELS = (1, 2, 3)
"""Knows it, practises it, could teach it; of a wish, how far somebody wants to get."""
OFFERED = 2
"""The level of an offer that gives none: ours, since who offers a topic practises it, and may never have taught it."""
WANTED = 1
"""The level of a wish that gives none: any offer meets it."""


class Topic(NamedTuple):
    """A topic that somebody offers or wants. `level` is None where none was given."""

    code: str
    level: int | None = None

    @classmethod
    def of(cls, text: str) -> Self:
        """Reads a text that was checked when it came in."""
        code, _, level = text.partition(":")
        return cls(code, int(level) if level else None)

    def __str__(self) -> str:
        return self.code if self.level is None else f"{self.code}:{self.level}"


class TopicMatch(NamedTuple):
    """A topic as it is offered to somebody who wants it, written like `ai:1/3` among the reasons of a match."""

    topic: Topic
    short_of: int | None = None
    """The level wanted, where the offer does not get there."""

    @classmethod
    def of(cls, text: str) -> Self:
        topic, _, wanted = text.partition("/")
        return cls(Topic.of(topic), int(wanted) if wanted else None)

    def __str__(self) -> str:
        return (
            str(self.topic)
            if self.short_of is None
            else f"{self.topic}/{self.short_of}"
        )


@lru_cache(maxsize=20_000)
def levels_of(topics: frozenset[str], default: int) -> dict[str, int]:
    """The level of each topic by its code. Many people have the same; what it answers is not to be changed."""
    return {topic.code: topic.level or default for topic in map(Topic.of, topics)}


@lru_cache(maxsize=20_000)
def matching_topics(
    offers: frozenset[str], wants: frozenset[str]
) -> tuple[TopicMatch, ...]:
    """The topics that are both offered and wanted, by code."""
    reached, wanted = levels_of(offers, OFFERED), levels_of(wants, WANTED)
    return tuple(
        TopicMatch(
            topic,
            wanted[topic.code] if reached[topic.code] < wanted[topic.code] else None,
        )
        for topic in sorted(map(Topic.of, offers))
        if topic.code in wanted
    )
