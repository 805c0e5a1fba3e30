"""A number and what it counts, as every part says it to people in English."""


def counted(count: float, one: str, many: str | None = None) -> str:
    """Returns such as `1 problem` and `2,000 problems`.

    `many` is the plural where an s is not enough.
    """
    number = f"{count:,}" if isinstance(count, int) else f"{count:,g}"
    return f"{number} {one if count == 1 else many or one + 's'}"
