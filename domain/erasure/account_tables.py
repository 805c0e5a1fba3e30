"""The plan for accounts, and for the account of who read and decided what."""

from domain.erasure.table_plan import Fate, TablePlan, columns

ACCOUNT_TABLES = (
    TablePlan(
        "accounts",
        Fate.ANONYMISED,
        "the random id stands beside what the account decided; it is revoked, and nobody's",
        emptied=columns("login name person password_hash token_hash openid_subject"),
        kept=columns("actor added_at revoked_at"),
        hidden=columns("password_hash token_hash openid_subject"),
    ),
    TablePlan(
        "account_grants",
        Fate.DELETED,
        "what the person's account might do",
        emptied=columns("actor role programme region"),
    ),
    TablePlan(
        "account_sessions",
        Fate.DELETED,
        "the person is signed out everywhere",
        emptied=columns("token_hash actor way started_at ended_at"),
        hidden=columns("token_hash"),
    ),
    TablePlan(
        "sign_in_links",
        Fate.DELETED,
        "nobody signs in with it any more",
        emptied=columns("token_hash actor made_at used_at"),
        hidden=columns("token_hash"),
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
        "who decided what: random ids, codes and times",
        kept=columns("id at actor about what reason outcome"),
        hidden=columns("actor reason"),
    ),
)
