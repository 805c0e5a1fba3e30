"""The plan for tables about accounts, and for the record of who read and decided what."""

from domain.erasure.table_plan import Fate, TablePlan, columns

ACCOUNT_TABLES = (
    TablePlan(
        "accounts",
        Fate.ANONYMISED,
        "the opaque id stands beside what the account decided; without name and login it is nobody's",
        emptied=columns("login name person password_hash token_hash openid_subject"),
        kept=columns("actor added_at revoked_at"),
        hidden=columns("password_hash token_hash openid_subject"),
    ),
    TablePlan(
        "account_grants",
        Fate.KEPT,
        "codes, beside an opaque id",
        kept=columns("actor role programme region"),
        shown=False,
    ),
    TablePlan(
        "account_sessions",
        Fate.KEPT,
        "digests, times and an opaque id; gone after 90 days",
        kept=columns("token_hash actor way started_at ended_at"),
        shown=False,
    ),
    TablePlan(
        "sign_in_links",
        Fate.KEPT,
        "a digest, times and an opaque id",
        kept=columns("token_hash actor made_at used_at"),
        shown=False,
    ),
    TablePlan(
        "sign_in_attempts",
        Fate.KEPT,
        "digests and times; gone after minutes",
        kept=columns("key at"),
        shown=False,
    ),
    TablePlan(
        "openid_requests",
        Fate.KEPT,
        "digests, drawn numbers and times; gone after minutes",
        kept=columns("state_hash nonce verifier page made_at"),
        shown=False,
    ),
    TablePlan(
        "access_log",
        Fate.KEPT,
        "who read about whom, by random ids; an export shows when and what, not who",
        kept=columns("id at actor what about"),
        hidden=columns("id actor"),
    ),
    TablePlan(
        "decisions",
        Fate.KEPT,
        "who decided what, by opaque ids and codes",
        kept=columns("id at actor about what reason outcome"),
        shown=False,
    ),
)
