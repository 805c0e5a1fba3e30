"""Reasons in words. A rule of matching has one line here in each language; an unknown code is shown as it is."""

from typing import Literal, NamedTuple

from schemas.matching import Reason

Locale = Literal["en", "fr"]


class _Phrase(NamedTuple):
    """What a code says of several, of exactly one, and without a value."""

    many: str
    one: str | None = None
    unvalued: str | None = None


_EN = {
    "topics": _Phrase("topics wanted and offered: {items}"),
    "different_function": _Phrase("different functions: {items}"),
    "common_hours": _Phrase("{value} hours a week in common", "{value} hour a week in common"),
    "same_site": _Phrase("same site: {items}"),
    "levels_apart": _Phrase(
        "{value} levels apart in a reporting line", "{value} level apart in a reporting line", "in different lines"
    ),
    "common_language": _Phrase("common language: {items}"),
    "refused_before": _Phrase("matches refused before: {value}"),
    "same_person": _Phrase("nobody but the same person"),
    "manager_and_report": _Phrase("manager and direct report, dotted lines included: {value}"),
    "too_few_levels": _Phrase("too few levels apart in a reporting line: {value}"),
    "no_common_language": _Phrase("no language in common: {value}"),
    "no_common_hours": _Phrase("too few weekly hours in common, or none that hold a session: {value}"),
    "all_taken": _Phrase(
        "{value} would suit and were matched with others", "one would suit and was matched with another"
    ),
    "nobody_there": _Phrase("nobody to be matched with"),
}
_FR = {
    "topics": _Phrase("thèmes souhaités et proposés : {items}"),
    "different_function": _Phrase("fonctions différentes : {items}"),
    "common_hours": _Phrase("{value} heures communes par semaine", "{value} heure commune par semaine"),
    "same_site": _Phrase("même site : {items}"),
    "levels_apart": _Phrase(
        "{value} niveaux d’écart dans une ligne hiérarchique",
        "{value} niveau d’écart dans une ligne hiérarchique",
        "dans des lignes différentes",
    ),
    "common_language": _Phrase("langue commune : {items}"),
    "refused_before": _Phrase("binômes refusés auparavant : {value}"),
    "same_person": _Phrase("personne d’autre que soi-même"),
    "manager_and_report": _Phrase("responsable et collaborateur directs, liens fonctionnels compris : {value}"),
    "too_few_levels": _Phrase("trop peu de niveaux d’écart dans une ligne hiérarchique : {value}"),
    "no_common_language": _Phrase("aucune langue commune : {value}"),
    "no_common_hours": _Phrase("trop peu d’heures communes, ou aucune plage qui contienne une séance : {value}"),
    "all_taken": _Phrase(
        "{value} conviendraient et sont associés à d’autres", "un seul conviendrait et est associé à quelqu’un d’autre"
    ),
    "nobody_there": _Phrase("personne à qui être associé"),
}
WORDS: dict[Locale, dict[str, _Phrase]] = {"en": _EN, "fr": _FR}


def reason_text(reason: Reason, locale: Locale = "en") -> str:
    """One short phrase, without a full stop."""
    phrase = WORDS[locale].get(reason.rule)
    items = ", ".join(_plain(item) for item in reason.items)
    if phrase is None:
        return f"{_plain(reason.rule)}: {items}" if items else _plain(reason.rule)
    return _form(phrase, reason.value).format(value=_number(reason.value, locale), items=items)


def _form(phrase: _Phrase, value: float | None) -> str:
    if value is None:
        return phrase.unvalued or phrase.many
    return phrase.one or phrase.many if value == 1 else phrase.many


def _plain(code: str) -> str:
    return code.replace("_", " ")


def _number(value: float | None, locale: Locale) -> str:
    text = f"{value or 0:g}"
    return text.replace(".", ",") if locale == "fr" else text
