"""Topics and their levels in words."""

from collections.abc import Mapping

from gateway.texts.bilingual import Locale, Words
from schemas.topics import Topic, TopicMatch

OFFERED: Mapping[int, Words] = {
    1: Words("knows it", "le connaît"),
    2: Words("practises it", "le pratique"),
    3: Words("could teach it", "pourrait l’enseigner"),
}
WANTED: Mapping[int, Words] = {
    1: Words("to know it", "le connaître"),
    2: Words("to practise it", "le pratiquer"),
    3: Words("to teach it", "l’enseigner"),
}
MORE = Words("more is wanted", "davantage est souhaité")


def topics_text(
    topics: frozenset[str], levels: Mapping[int, Words], locale: Locale = "en"
) -> str:
    """Codes as in a people file, each with its level, if any, in words; nothing where there are none."""
    return ", ".join(
        _with(code, _level(level, levels, locale))
        for code, level in sorted(map(Topic.of, topics))
    )


def topic_match_text(item: str, locale: Locale) -> str:
    """A topic that brings two together, with how well it is met where levels were given."""
    (code, level), short_of = TopicMatch.of(item)
    more = MORE.told(locale) if short_of else ""
    return _with(
        code.replace("_", " "),
        ", ".join(filter(None, (_level(level, OFFERED, locale), more))),
    )


def _level(level: int | None, levels: Mapping[int, Words], locale: Locale) -> str:
    words = levels.get(level or 0)
    return words.told(locale) if words else ""


def _with(topic: str, more: str) -> str:
    return f"{topic} ({more})" if more else topic
