"""How many people may leave with one people file."""

from schemas.people import ImportPreview
from schemas.wording.counted import counted

MOST_LEAVERS = 0.1
"""Share of a file's regions that may leave without anybody confirming how many: a
truncated file looks like that."""


def refuse_leavers(preview: ImportPreview, leavers: int | str) -> str:
    """Returns why the absent people are not taken to have left; empty: they are.

    Args:
        leavers: how many somebody confirmed, or any text: nobody did.
    """
    absent = counted(preview.absent, "person", "people")
    if isinstance(leavers, int):
        if leavers == preview.absent:
            return ""
        return f"{absent} would leave, not {leavers}; nothing was imported"
    if preview.absent <= preview.present * MOST_LEAVERS:
        return ""
    share = f"{preview.absent / preview.present:.0%} of those in the file's regions"
    return (
        f"{absent} would leave, {share}; a file cut off looks like that."
        " Nothing was imported; confirm the number"
    )
