"""docs/events.md: what each event does in each stage, and what becomes of late and odd ones; every row was played."""

from collections import Counter
from dataclasses import dataclass, replace

from schemas.base import PairEvent
from schemas.events import SIGNALS, UPDATES
from schemas.stages import Stage
from tools.docs import decision_reasons, late_events, without_pair
from tools.docs.example_pairs import SITUATIONS
from tools.docs.outcomes import IGNORED, changes, outcome
from tools.docs.sent_events import SENT_EVENTS, EventForState

HEAD = """# What an event does, and when

For authors of other services. Every row of this page was played through the code that decides in production
(`python -m tools.docs` writes it), and `make check` fails when it is out of date. How to send events:
[services.md](services.md). Stages and deadlines: [lifecycle.md](lifecycle.md).

Events may come late, early, twice and in any order. Each has one outcome: it changes the pair, or it changes nothing
for a reason that has a code. A **signal** (a fact) that changes nothing is dropped in silence: nobody has to look. An
**update** (a decision) that cannot be is refused, and the words of the refusal come back to whoever sent it.
"""
MARKS = """● changes the pair · ◐ does so in some situations, below · ○ changes nothing · ✕ refused, with words
"""
PAUSED = "paused"
"""Beside the stages in tables: what is different in a pause."""
WHEREVER = "wherever it stands"
ANY = "any"


@dataclass(frozen=True)
class Row:
    """One way to send an event, one situation, and what happened."""

    way: str
    stage: str
    situation: str
    outcome_text: str


def page() -> str:
    parts = [
        HEAD,
        *_overview(),
        *_reasons(),
        *decision_reasons.section(),
        *late_events.section(),
        *without_pair.section(),
    ]
    for title, models in (
        ("Signals, one by one", SIGNALS),
        ("Updates, one by one", UPDATES),
    ):
        parts += [f"## {title}", ""]
        parts += [line for model in models for line in _one(model)]
    return "\n".join(parts).rstrip() + "\n"


def played(kind: str, *, paused: bool = False) -> list[Row]:
    """Every way to send it, in every situation; `paused`: each of them paused before it comes."""
    return [
        Row(way, stage, situation, _outcome_text(stage, situation, aim, paused=paused))
        for way, aim in SENT_EVENTS[kind].items()
        for stage in SITUATIONS
        for situation in SITUATIONS[stage]
    ]


def _outcome_text(
    stage: str, situation: str, aim: EventForState, *, paused: bool = False
) -> str:
    pair = SITUATIONS[Stage(stage)][situation]()
    event = aim(pair.state)
    if paused:
        pair.paused()
    return outcome(pair.state, event, pair.now)


def _overview() -> list[str]:
    stages = [stage.value for stage in Stage]
    lines = [
        "## Every event in every stage",
        "",
        MARKS,
        f"| event | | {' | '.join(stages)} | {PAUSED} |",
        "|---|---" + "|---" * len(stages) + "|---|",
    ]
    for models, what in ((SIGNALS, "signal"), (UPDATES, "update")):
        for kind in [model.kind for model in models]:
            rows = played(kind)
            in_a_pause = [
                row for row in played(kind, paused=True) if row.stage != Stage.CLOSED
            ]
            marks = [
                *(
                    _mark([row for row in rows if row.stage == stage])
                    for stage in stages
                ),
                _mark(in_a_pause),
            ]
            lines.append(f"| [`{kind}`](#{kind}) | {what} | {' | '.join(marks)} |")
    return [
        *lines,
        "",
        "*paused* is any stage but the last. Notices that come up in a pause wait for its end.",
        "",
    ]


def _mark(rows: list[Row]) -> str:
    texts = [row.outcome_text for row in rows]
    if any(map(changes, texts)):
        return "●" if all(map(changes, texts)) else "◐"
    return "✕" if all(each.startswith("refused") for each in texts) else "○"


def _reasons() -> list[str]:
    return [
        "## Why an event changes nothing",
        "",
        "| code | meaning |",
        "|---|---|",
        *(f"| `{code}` | {words} |" for code, words in IGNORED.items()),
        "",
    ]


def _one(model: type[PairEvent]) -> list[str]:
    kind = model.kind
    usual = played(kind)
    in_a_pause = [
        replace(row, stage=PAUSED)
        for row, before in zip(played(kind, paused=True), usual, strict=True)
        if row.outcome_text != before.outcome_text
    ]
    rows = _whole_stages(
        _situations(_any_way([*usual, *in_a_pause], len(SENT_EVENTS[kind])))
    )
    how = len(SENT_EVENTS[kind]) > 1
    return [
        f"### {kind}",
        "",
        " ".join((model.__doc__ or "").split()),
        "",
        "| how " * how + "| stage | where the pair stands | what happens |",
        "|---" * how + "|---|---|---|",
        *(
            f"| {row.way} " * how
            + f"| {row.stage} | {row.situation} | {row.outcome_text} |"
            for row in rows
        ),
        "",
    ]


def _any_way(rows: list[Row], ways: int) -> list[Row]:
    """What is the same however it is sent, once."""
    same = Counter((row.stage, row.situation, row.outcome_text) for row in rows)
    return list(
        dict.fromkeys(
            replace(row, way=ANY)
            if same[row.stage, row.situation, row.outcome_text] == ways
            else row
            for row in rows
        )
    )


def _situations(rows: list[Row]) -> list[Row]:
    """Situations of a stage with the same outcome in one row, in the order of a pair's life."""
    merged: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        merged.setdefault((row.stage, row.way, row.outcome_text), []).append(
            row.situation
        )
    order = [*SITUATIONS, PAUSED]
    texts = sorted(merged.items(), key=lambda each: order.index(each[0][0]))
    return [
        Row(
            way,
            stage,
            _in_a_pause(situations)
            if stage == PAUSED
            else _where(Stage(stage), situations),
            what,
        )
        for (stage, way, what), situations in texts
    ]


def _where(stage: Stage, situations: list[str]) -> str:
    if len(situations) == len(SITUATIONS[stage]):
        return WHEREVER
    return (
        "otherwise"
        if len(situations) > len(SITUATIONS[stage]) / 2
        else "; ".join(situations)
    )


def _in_a_pause(situations: list[str]) -> str:
    """Returns the rows of paused pairs by stage, since a pair may be paused in any of
    them.
    """
    parts: list[str] = []
    for stage, known in SITUATIONS.items():
        here, rest = (
            [s for s in known if s in situations],
            [s for s in known if s not in situations],
        )
        if len(here) > len(rest):
            parts.append(
                f"in {stage}" + (f", but not where {' or '.join(rest)}" if rest else "")
            )
        else:
            parts += here
    return "; ".join(parts)


def _whole_stages(rows: list[Row]) -> list[Row]:
    """Whole stages with the same outcome in one row."""
    stages: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.situation == WHEREVER:
            stages.setdefault((row.way, row.outcome_text), []).append(row.stage)
    return list(
        dict.fromkeys(
            replace(row, stage=", ".join(stages[row.way, row.outcome_text]))
            if row.situation == WHEREVER
            else row
            for row in rows
        )
    )
