"""The lasting key of a notice, which keeps it from being queued twice."""

from schemas.notices import Notice, Template


def notice_key(scope: str, revision: int, notice: Notice, region: str = "") -> str:
    """The key without its last part, the person.

    `scope` is a workflow id and `revision` the transition that asks for the notice. A
    programme may ask about several regions in one transition: then the region is part
    of the key.
    """
    about = f"{notice.session or 0}.{notice.attempt}.{notice.check}"
    parts = (scope, str(revision), notice.template, region, about)
    return ":".join(filter(None, parts))


def template_of(key: str, scope: str) -> Template | None:
    """Returns the template of a notice of this scope, from its key; None: it is no such key."""
    parts = key.removeprefix(f"{scope}:").split(":")
    found = parts[1] if key.startswith(f"{scope}:") and len(parts) > 1 else ""
    return Template(found) if found in set(Template) else None


def revision_of(key: str, scope: str) -> int:
    """Returns the transition of its scope that asked for the notice of this key.

    0: none did, since the notice is of a pair that has closed.
    """
    revision = key.removeprefix(f"{scope}:").partition(":")[0]
    return int(revision) if revision.isdecimal() else 0
