"""The two kinds of model: strict for what people type, lenient for what the system carries."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A start document or an update: an unknown field is a mistake of the sender and is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False, use_attribute_docstrings=True)


class Carried(BaseModel):
    """An event or carried state: an unknown field comes from a newer release and is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, validate_default=False, use_attribute_docstrings=True)
