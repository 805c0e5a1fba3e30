"""The plan for tables about programmes, pairs and matches."""

from domain.erasure.table_plan import Fate, TablePlan, columns

_COHORT = "programme region wave"

PROGRAMME_TABLES = (
    TablePlan(
        "programmes",
        Fate.KEPT,
        "nothing personal may stand in a programme document",
        kept=columns(
            "programme workflow_id document plan state revision programme_epoch wall_epoch pace sender claimed_at"
        ),
        shown=False,
    ),
    TablePlan(
        "cohorts",
        Fate.KEPT,
        "about a region",
        kept=columns(
            f"{_COHORT} plan opens_at evidence closed_at newest_decision guard_checked guard_questions"
        ),
        shown=False,
    ),
    TablePlan(
        "enrolled_mentees",
        Fate.KEPT,
        "how many were enrolled; the random id only",
        kept=columns(f"{_COHORT} mentee"),
    ),
    TablePlan(
        "ticked_needs",
        Fate.KEPT,
        "about a region",
        kept=columns("programme region need ticked_at"),
        shown=False,
    ),
    TablePlan(
        "pairs",
        Fate.KEPT,
        "outcomes are counted, and the other of the two has the row too; random ids, codes, numbers and times",
        kept=columns(
            f"pair {_COHORT} mentor seat stage outcome reason health paused held mentee mentee_recorded next_step"
            " next_at first_in_line waiting_since revision state scopes started closed_at archived_at"
        ),
        hidden=columns(
            "health reason revision state next_step next_at scopes first_in_line"
        ),
    ),
    TablePlan(
        "sessions",
        Fate.KEPT,
        "sessions held are counted; random ids, numbers and times",
        kept=columns(
            "pair number attempt status sequence start_at minutes programme mentor mentee"
        ),
    ),
    TablePlan(
        "transitions",
        Fate.KEPT,
        "guards against recording twice; codes, numbers and times",
        kept=columns("pair revision digest event at recorded_at"),
        shown=False,
    ),
    *(
        TablePlan(
            table,
            Fate.KEPT,
            "the account of what happened; codes, numbers and times. An export leaves it out: it is about two people,"
            " and would tell one that the other asked for help",
            kept=columns(
                f"{month} pair revision position at what reason session decided_by"
            ),
            shown=False,
        )
        for table, month in (("ledger", ""), ("archived_ledger", "month"))
    ),
)

MATCHING_TABLES = (
    TablePlan(
        "match_runs",
        Fate.KEPT,
        "counts",
        kept=columns(f"{_COHORT} run made_at gains"),
        shown=False,
    ),
    TablePlan(
        "matches",
        Fate.ANONYMISED,
        "seats and decisions are counted; why two would fit is about what they can and want",
        emptied=columns("reasons"),
        kept=columns(f"{_COHORT} match run pair mentor mentee score decision"),
    ),
    TablePlan(
        "unmatched_people",
        Fate.DELETED,
        "why nobody was found for the person",
        emptied=columns(f"{_COHORT} run person side reasons"),
    ),
    TablePlan(
        "match_decisions",
        Fate.ANONYMISED,
        "the account of what ops decided; who decided is emptied where it names the person",
        emptied=columns("decided_by"),
        kept=columns(f"{_COHORT} revision position what run mentor mentee decided_at"),
        hidden=columns("decided_by"),
    ),
    TablePlan(
        "pins",
        Fate.DELETED,
        "a wish of ops about the person",
        emptied=columns("programme mentor mentee pinned_at pinned_by"),
        hidden=columns("pinned_by"),
    ),
    TablePlan(
        "bans",
        Fate.DELETED,
        "whom ops keep apart from the person; an export leaves it out: the other may have asked for it",
        emptied=columns("programme mentor mentee banned_by banned_at"),
        shown=False,
    ),
    TablePlan(
        "refusals",
        Fate.DELETED,
        "who refused whom; an export leaves it out: it may have been the other",
        emptied=columns("programme mentor mentee refused_at"),
        shown=False,
    ),
    TablePlan(
        "guard_findings",
        Fate.DELETED,
        "that two reporting lines are too close; an export leaves it out: a promotion must not become known so",
        emptied=columns(f"pair mentee {_COHORT} status checked reason found_at"),
        shown=False,
    ),
)
