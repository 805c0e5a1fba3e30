"""docs/matching.md: every rule of matching, what it does, why, and how to switch or weigh it."""

from activities.matching.steps import GAINS_SECONDS
from domain.matching.rules import HARD_RULES, SOFT_RULES, HardRule, SoftRule
from gateway.texts.reason_texts import REASON_TEXTS
from schemas.policy import Matching

HEAD = """# Matching

How mentors and mentees are matched. This page is generated from the rules themselves (`python -m tools.docs`).

A run takes every mentor with a free seat and every mentee who waits, leaves out the pairs that a hard rule excludes,
and scores the others by the soft rules. It then matches **as many people as possible**; of all ways to do so it takes
one with **the best total score**; of those the one in which whoever is first in line (their match came to nothing), and
then whoever has waited longest, has a turn. The result is exact: no other assignment is better, and the run proves it
for itself before it proposes anything. The same people give the same result, in whatever order they are read.
[solver.md](solver.md) explains how, with an example that can be followed with a pencil.

Who lends mentors to a region (`mentors_from`) is decided before: only they are looked at. The review page says for
every pair which rules counted; for everybody left, the fewest rules that exclude all they could have been matched
with; and for the cohort, how many more people each loosened rule would match.
"""
NEVER = "never"
"""How to switch off what nothing switches off."""
PINS = """## Pins and bans

A pin is a match that ops want to be made: a button of the review page, or `binome match pin PROGRAMME REGION
MENTOR=MENTEE` by the organisation's own ids; `binome match unpin PROGRAMME REGION MENTOR=MENTEE` takes it back, and
`binome match preview PROGRAMME REGION` shows what would come of it. A pin goes before every rule that can be switched
off and before any score; the others are matched around it. One that contradicts others (one mentee for two
mentors, more mentees than seats) is refused at once, with the pin to take back; so is one that breaks a rule which
nothing switches off. Where people change afterwards so that it breaks one, the run stops with both people's ids:
nothing is written, and it goes on by itself once the pin is taken back. A pin is over when one of the two refuses the
match. A ban keeps two people apart; what ops refuse is one. Ops take their own bans back; two of whom one refused are
never proposed to each other again in the programme.
"""
TAIL = """## What loosening would gain

The number beside a rule is exact: what a new run without it would match more, all else equal. It is counted from the
newest run: whoever was left looks for a free seat without the rule, through others who could move to another
mentor, until nobody finds one. Counting ends after {seconds:g} seconds, which only tens of thousands of people reach;
the rules that remain are said to be *not counted* rather than guessed.

## A new rule

One function and one row of `HARD_RULES` or `SOFT_RULES` in `domain/matching/rules.py`, its field
in `schemas/policy.py` (whose docstring says where the default comes from), and one line of words
in `gateway/texts/reason_texts.py`. The function looks at categories of people, not at people:
`candidates.by_category(what of the mentee, what of the mentor, how they compare)`, or
`candidates.all_but(pairs)` where it excludes a few. A row in
`tests/unit/domain/matching/test_rules.py` or `test_scoring.py` holds what it does. Its docstring
becomes this page.
"""


def page() -> str:

    return "\n".join(
        [
            HEAD,
            *_section(
                "Hard rules: nothing outweighs them",
                "switched off by",
                [_hard(rule) for rule in HARD_RULES],
            ),
            *_section(
                "Soft rules: they count by their weights",
                "weight",
                [_soft(rule) for rule in SOFT_RULES],
            ),
            "The weights are set in the policy, from 0 (off) to 10; a score is the mean of all rules by their weights,",
            "from 0 to 100.",
            "",
            PINS,
            TAIL.format(seconds=GAINS_SECONDS),
        ]
    )


def _section(title: str, how: str, rows: list[str]) -> list[str]:
    return [
        f"## {title}",
        "",
        f"| rule | what it says | why | {how} |",
        "|---|---|---|---|",
        *rows,
        "",
    ]


def _hard(rule: HardRule) -> str:
    field = rule.policy_field
    if field is None:
        return _row(rule, _WHY[rule.code], NEVER)
    default = Matching.model_fields[field].default
    off = "false" if isinstance(default, bool) else "0"
    note = "" if default else " (the default)"
    return _row(rule, _why(field), f"`matching.{field}`: `{off}`{note}")


def _soft(rule: SoftRule) -> str:
    field = rule.policy_field
    default = Matching.model_fields[field].default
    return _row(rule, _why(field), f"`matching.{field}`, default {default:g}")


_WHY = {
    "refused_before": "Declining costs nothing, and nobody has to decline twice.",
    "same_person": "A mentor may be coached, too, but by somebody else.",
    "manager_and_report": "Neither could speak freely.",
}
"""Why, for rules without a field of the policy that says it."""


def _why(field: str) -> str:
    return " ".join((Matching.model_fields[field].description or "").split())


def _row(rule: HardRule | SoftRule, why: str, how: str) -> str:
    words = (
        REASON_TEXTS[rule.code]
        .en.replace(": {items}", "")
        .replace("{hours} ", "hours ")
        .replace("{levels} ", "levels ")
    )
    says = " ".join((rule.apply.__doc__ or "").split())
    return f"| `{rule.code}`: {words} | {says} | {why} | {how} |"
