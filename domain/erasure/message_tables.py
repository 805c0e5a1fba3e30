"""The plan for tables of messages, of what the system keeps for itself, and of erasures."""

from domain.erasure.table_plan import Fate, TablePlan, columns

_EVENT = (
    "key arrived source event_id type kind person pair payload occurred_at received_at state reason attempts"
    " next_try reached delivered_at programmes fact leased_until"
)

MESSAGE_TABLES = (
    *(
        TablePlan(
            table,
            Fate.ANONYMISED,
            "the key guards against sending twice; what was not sent is not sent any more",
            emptied=columns("body message_id address"),
            kept=columns(
                f"{month} notice scope programme region wave channel person mentor mentee created state reason due"
                " awaits_resume leased_until attempts sends_in_doubt finished_at"
            ),
        )
        for table, month in (("outbox", ""), ("archived_notices", "month"))
    ),
    *(
        TablePlan(
            table,
            Fate.DELETED,
            "what the person answered, and what services said; the key stays, so that a repeat still counts once",
            emptied=columns(f"{month} {_EVENT}"),
        )
        for table, month in (("events", ""), ("archived_events", "month"))
    ),
    TablePlan(
        "archived_event_keys",
        Fate.KEPT,
        "digests that guard against taking an event twice",
        kept=columns("key"),
        shown=False,
    ),
    TablePlan(
        "sources",
        Fate.KEPT,
        "about services",
        kept=columns(
            "name types columns programmes directory rules added_at revoked_at"
        ),
        shown=False,
    ),
    TablePlan(
        "source_credentials",
        Fate.KEPT,
        "about services",
        kept=columns(
            "credential source token_hash sealed_secret added_at ends_at last_used_at"
        ),
        shown=False,
    ),
    TablePlan(
        "refused_messages",
        Fate.ANONYMISED,
        "codes and times; who repaired one is emptied where it names the person",
        emptied=columns("resent_by"),
        kept=columns("workflow_id name reason at id resent_at locked_at"),
        shown=False,
    ),
)

OWN_TABLES = (
    TablePlan(
        "pair_counts",
        Fate.KEPT,
        "numbers of pairs, no person",
        kept=columns(
            "programme region wave stage outcome health claimed waits_for pairs held"
        ),
        shown=False,
    ),
    TablePlan(
        "notice_counts",
        Fate.KEPT,
        "numbers of notices, no person",
        kept=columns("programme state month notices"),
        shown=False,
    ),
    TablePlan(
        "event_counts",
        Fate.KEPT,
        "numbers of events, no person",
        kept=columns("state events"),
        shown=False,
    ),
    TablePlan(
        "people_counts",
        Fate.KEPT,
        "numbers of people, no person",
        kept=columns("region role people"),
        shown=False,
    ),
    TablePlan(
        "drift",
        Fate.KEPT,
        "about workflows: random ids, codes and times",
        kept=columns(
            "id workflow_id kind why run_id found_at repair repair_at revision resolved_at"
        ),
        shown=False,
    ),
    TablePlan(
        "reconciler_looks",
        Fate.KEPT,
        "how often the reconciler has looked",
        kept=columns("one look"),
        shown=False,
    ),
    TablePlan(
        "processes",
        Fate.KEPT,
        "workers and gateways, their machine's name and when they were last seen; a day",
        kept=columns("process part host release started_at seen_at"),
        shown=False,
    ),
    TablePlan(
        "installation",
        Fate.KEPT,
        "a random id of this installation",
        kept=columns("one id"),
        shown=False,
    ),
    TablePlan(
        "erasures",
        Fate.KEPT,
        "the receipt: a digest that only the installation's secret can compare, by whom, when, and counts",
        kept=columns("person digest requested_by requested_at finished_at counts"),
        shown=False,
    ),
    TablePlan(
        "payload_keys",
        Fate.KEPT,
        "which keys encrypt histories; about processes",
        kept=columns("part key_id use announced_at"),
        shown=False,
    ),
    TablePlan(
        "migrations",
        Fate.KEPT,
        "about this release",
        kept=columns("version digest applied_at"),
        shown=False,
    ),
)
