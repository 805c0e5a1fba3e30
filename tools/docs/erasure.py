"""docs/erasure.md: what becomes of every table when somebody is erased, and what an export shows of it."""

from domain.erasure.plan import PLAN
from domain.erasure.table_plan import Fate, TablePlan

HEAD = """# What an erasure does, table by table

For data-protection officers and platform engineers. This page is generated from the plan that `binome erase` carries
out (`python -m tools.docs`); a test fails when the database has a table or a column that the plan does not name. How
to answer a request is in [ops.md](ops.md#when-somebody-asks-for-their-data-or-for-their-end).

Columns named as *sealed* are encrypted with a key of the person, which is destroyed before anything else; a sum of many
people with one of the cohort. See [decisions/sealed-answers.md](decisions/sealed-answers.md).

What stays holds random ids, codes, numbers and times. Once the row of a person in `people` is emptied, nothing says
whose id it was. Histories in Temporal, logs and metrics hold such ids only, so nothing in them has to be erased.
"""
TAIL = """## What an erasure cannot know

- **What others wrote.** A name may stand in somebody else's idea. Nobody looks for it: ideas are shown without a name,
  and whoever wrote one may take it back by an erasure of their own.
- **Mails that were sent.** They are in other people's mailboxes and on your mail server, and so are calendar entries;
  the partner's name is in both. `binome up` removes what its own catcher kept.
- **Backups of the whole database**, until they are thrown away, and PostgreSQL's own log of changes and dead rows,
  until it recycles them: they hold names, and the person's key as it was. What is sealed in them opens only with the
  secret of that time; once [the secret was changed](platform.md#changing-the-secret) and the old one thrown away,
  never again.
- **Your own files and services.** A person who is still in a people file, or whom a service still names, comes back as
  somebody new.
- **What was published.** A mean of at least five people stays what it was. A published idea of the person goes from
  the console, and those that were published with it go out of sight: whoever kept the list of before and knows who was
  erased cannot tell which one it was.
- **What you typed elsewhere**: the `reason` of a decision and the programme document are codes, and are not searched.
"""


def page() -> str:
    """Returns the whole page."""
    parts = [_part(fate) for fate in Fate]
    return "\n".join([HEAD, *parts, TAIL])


_TITLES = {
    Fate.DELETED: ("Deleted", "Every row about the person goes."),
    Fate.ANONYMISED: (
        "Anonymised",
        "The row stays; the columns named here hold nothing afterwards.",
    ),
    Fate.KEPT: ("Kept", "There is nothing in it that says who somebody is."),
}


def _part(fate: Fate) -> str:
    title, what = _TITLES[fate]
    rows = [_row(each) for each in PLAN.values() if each.fate is fate]
    head = "| table | why | emptied | in an export |\n|---|---|---|---|"
    return "\n".join([f"## {title}", "", what, "", head, *rows, ""])


def _row(each: TablePlan) -> str:
    emptied = "" if each.fate is Fate.DELETED else " ".join(_code(each.emptied))
    sealed = f"; sealed: {' '.join(_code(each.sealed))}" if each.sealed else ""
    return f"| `{each.table}` | {each.why}{sealed} | {emptied} | {_shown(each)} |"


def _shown(each: TablePlan) -> str:
    if not each.shown:
        return "no"
    if each.hidden:
        return f"all but {' '.join(_code(each.hidden))}"
    return "yes"


def _code(names: tuple[str, ...]) -> list[str]:
    return [f"`{name}`" for name in names]
