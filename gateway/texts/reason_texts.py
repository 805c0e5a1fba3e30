"""Why a match is proposed or a person has none, in words: the one place for them. Matching keeps codes and numbers.

An unknown code is shown as it is.
"""

from gateway.texts.bilingual import BilingualText, Locale
from gateway.texts.topic_texts import topic_match_text
from schemas.matches.matching import MatchReason, RuleGain
from schemas.wording.counted import counted


def reason_text(reason: MatchReason, locale: Locale = "en") -> str:
    """Returns a reason as one short sentence."""
    words = _words(reason)
    if words is None:
        plain = reason.rule.replace("_", " ")
        return f"{plain}: {_list(reason, locale)}" if reason.items else plain
    text = words.in_locale(locale).format(
        items=_list(reason, locale),
        value=_number(reason.value or 0, locale),
        hours=_counted(reason.value or 0, HOUR, locale),
        levels=_counted(reason.value or 0, LEVEL, locale),
    )
    return (
        f"{text} ({reason.value:g})"
        if reason.rule in EXCLUDING_RULES and reason.value
        else text
    )


def gain_text(gain: RuleGain, locale: Locale = "en") -> str:
    """Returns a sentence on how many more people a looser rule would match."""
    rule = WITHOUT_RULE.get(
        gain.rule,
        BilingualText(gain.rule.replace("_", " "), gain.rule.replace("_", " ")),
    ).in_locale(locale)
    if gain.more_people is None:
        return BilingualText(
            f"{rule}: not counted, it would take too long",
            f"{rule} : pas compté, trop long",
        ).in_locale(locale)
    return BilingualText(
        f"{rule}: {counted(gain.more_people, 'more person', 'more people')}",
        f"{rule} : {counted(gain.more_people, 'personne')} de plus",
    ).in_locale(locale)


HOUR = BilingualText("hour", "heure")
LEVEL = BilingualText("level", "niveau")
REASON_TEXTS: dict[str, BilingualText] = {
    "swapped": BilingualText("put together by ops", "réunis par l’équipe du programme"),
    "pinned": BilingualText("pinned by ops", "fixé par l’équipe du programme"),
    "topics": BilingualText(
        "topics wanted and offered: {items}", "sujets demandés et proposés : {items}"
    ),
    "different_function": BilingualText(
        "different functions: {items}", "métiers différents : {items}"
    ),
    "common_hours": BilingualText(
        "{hours} a week in common", "{hours} par semaine en commun"
    ),
    "seniority": BilingualText(
        "mentor further from the head of the organisation, by {levels}",
        "mentor plus loin de la tête de l’organisation, de {levels}",
    ),
    "same_site": BilingualText("same site: {items}", "même site : {items}"),
    "levels_apart": BilingualText("{levels} apart", "{levels} d’écart"),
    "common_language": BilingualText(
        "common language: {items}", "langue commune : {items}"
    ),
    "refused_before": BilingualText("refused before", "déjà refusé"),
    "same_person": BilingualText("would coach themselves", "serait son propre mentor"),
    "manager_and_report": BilingualText(
        "manager and direct report", "responsable et collaborateur direct"
    ),
    "too_few_levels": BilingualText(
        "too few levels apart", "trop peu de niveaux d’écart"
    ),
    "same_team": BilingualText("same direct manager", "même responsable direct"),
    "supervisor_in_line": BilingualText(
        "the mentor's supervisor stands in the mentee's reporting line",
        "le superviseur du mentor est dans la ligne hiérarchique du mentoré",
    ),
    "no_common_language": BilingualText("no common language", "aucune langue commune"),
    "no_common_hours": BilingualText(
        "too few hours in common", "trop peu d’heures en commun"
    ),
    "other_site": BilingualText("another site", "un autre site"),
    "nobody_there": BilingualText(
        "nobody is there on the other side", "personne n’est là de l’autre côté"
    ),
    "all_taken": BilingualText(
        "all {value} possible are matched already",
        "les {value} possibles ont déjà un binôme",
    ),
}
EXCLUDING_RULES = frozenset({
    "refused_before", "same_person", "manager_and_report", "too_few_levels", "same_team", "supervisor_in_line",
    "no_common_language", "no_common_hours", "other_site",
})  # fmt: skip
"""Rules that stood in the way; their value is how many people they exclude by themselves."""
WITHOUT_RULE = {
    "too_few_levels": BilingualText(
        "with any number of levels between",
        "avec n’importe quel nombre de niveaux d’écart",
    ),
    "same_team": BilingualText("with people of one team", "au sein d’une même équipe"),
    "supervisor_in_line": BilingualText(
        "with any supervisor", "avec n’importe quel superviseur"
    ),
    "no_common_language": BilingualText(
        "without a common language", "sans langue commune"
    ),
    "no_common_hours": BilingualText("without common hours", "sans heures en commun"),
    "other_site": BilingualText("without the same site", "sans le même site"),
}


def _words(reason: MatchReason) -> BilingualText | None:
    match reason.rule, reason.value:
        case "levels_apart", None:
            return BilingualText(
                "different reporting lines", "lignes hiérarchiques différentes"
            )
        case "all_taken", 1:
            return BilingualText(
                "the only one possible is matched already",
                "la seule personne possible a déjà un binôme",
            )
        case rule, _:
            return REASON_TEXTS.get(rule)


def _number(value: float, locale: Locale) -> str:
    return f"{value:g}".replace(".", ",") if locale == "fr" else f"{value:g}"


def _counted(value: float, words: BilingualText, locale: Locale) -> str:
    if locale == "fr":
        one, many = words.fr, words.fr + ("x" if words.fr.endswith("au") else "s")
        return f"{_number(value, locale)} {one if value < 2 else many}"
    return counted(value, words.en)


def _list(reason: MatchReason, locale: Locale) -> str:
    if reason.rule == "topics":
        return ", ".join(topic_match_text(item, locale) for item in reason.items)
    items = [item.replace("_", " ") for item in reason.items]
    if reason.rule == "different_function":
        return (" et " if locale == "fr" else " and ").join(items)
    return ", ".join(items)
