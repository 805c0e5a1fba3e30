"""One row of a people file from the values of its cells."""

from typing import Any

from pydantic import ValidationError

from domain.wording import error_in_words
from schemas.people import PersonRow

_STAND_INS = {"name": "?", "email": "?", "region": "unknown"}
"""Valid values in place of required cells that are wrong, so that the rest can be
checked."""


def validate_row(values: dict[str, Any]) -> tuple[PersonRow | None, dict[str, str]]:
    """Returns the row with stand-ins for needed cells that are missing or wrong, and by
    column what else is wrong; no row without an id.
    """
    try:
        return PersonRow.model_validate({**_STAND_INS, **values}), {}
    except ValidationError as error:
        problems = column_problems(error)
    if "external_id" in problems:
        return None, problems
    kept = {column: value for column, value in values.items() if column not in problems}
    return PersonRow.model_validate({**_STAND_INS, **kept}), problems


def column_problems(error: ValidationError) -> dict[str, str]:
    """Returns what is wrong, by column, without the values."""
    found = {
        str(one["loc"][0]): one
        for one in error.errors(include_input=False, include_url=False)
    }
    return {
        column: error_in_words(one, PersonRow.model_fields.get(column))
        for column, one in found.items()
    }
