"""Counts what somebody sent before anything of it is read."""

from collections.abc import Mapping


def is_larger(raw: object, most_values: int, most_characters: int) -> bool:
    """Whether JSON holds more fields and items, or characters; the count ends as soon as it shows."""
    values = characters = 0
    left: list[object] = [raw]
    while left:
        value = left.pop()
        values += 1
        if isinstance(value, Mapping):
            characters += sum(len(str(key)) for key in value)
            left += value.values()
        elif isinstance(value, list | tuple):
            left += value
        elif isinstance(value, str):
            characters += len(value)
        if values + len(left) > most_values or characters > most_characters:
            return True
    return False
