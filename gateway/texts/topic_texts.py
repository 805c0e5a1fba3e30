"""Topics and their levels in words."""

from collections.abc import Mapping

from gateway.texts.bilingual import BilingualText, Locale
from schemas.matches.topics import Topic, TopicMatch

LEVELS_OFFERED: Mapping[int, BilingualText] = {
    1: BilingualText("knows it", "le connaît"),
    2: BilingualText("practises it", "le pratique"),
    3: BilingualText("could teach it", "pourrait l’enseigner"),
}
LEVELS_WANTED: Mapping[int, BilingualText] = {
    1: BilingualText("to know it", "le connaître"),
    2: BilingualText("to practise it", "le pratiquer"),
    3: BilingualText("to teach it", "l’enseigner"),
}
MORE_IS_WANTED = BilingualText("more is wanted", "davantage est souhaité")


def topics_text(
    topics: frozenset[str], levels: Mapping[int, BilingualText], locale: Locale = "en"
) -> str:
    """Codes as in a people file, each with its level, if any, in words; nothing where there are none."""
    return ", ".join(
        _with(code, _level(level, levels, locale))
        for code, level in sorted(map(Topic.of, topics))
    )


def topic_match_text(item: str, locale: Locale) -> str:
    """A topic that brings two together, with how well it is met where levels were given."""
    (code, level), short_of = TopicMatch.of(item)
    more = MORE_IS_WANTED.in_locale(locale) if short_of else ""
    return _with(
        code.replace("_", " "),
        ", ".join(filter(None, (_level(level, LEVELS_OFFERED, locale), more))),
    )


def _level(
    level: int | None, levels: Mapping[int, BilingualText], locale: Locale
) -> str:
    words = levels.get(level or 0)
    return words.in_locale(locale) if words else ""


def _with(topic: str, more: str) -> str:
    return f"{topic} ({more})" if more else topic
