"""The two kinds of model: strict for what people type, lenient for what the system carries."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, StringConstraints

_new, _set = object.__new__, object.__setattr__


class StrictModel(BaseModel):
    """A start document or an update: an unknown field is a mistake of the sender and is refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_default=False,
        use_attribute_docstrings=True,
    )


class LenientModel(BaseModel):
    """An event or carried state: an unknown field comes from a newer release and is ignored."""

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """Validate, ignoring unknown fields at every depth, as a newer release adds them."""
        return super().model_validate(obj, **{"extra": "ignore", **options})

    @classmethod
    def model_validate_json(
        cls, json_data: str | bytes | bytearray, **options: Any
    ) -> Self:
        """Validate JSON text, ignoring unknown fields at every depth."""
        return super().model_validate_json(json_data, **{"extra": "ignore", **options})

    def having(self, **changes: object) -> Self:
        """A copy with unchecked changes, for code that made them itself: `model_copy` at a third of its cost."""
        new = _new(type(self))
        # of a frozen model it never changes, so that two may share it
        known = self.__pydantic_fields_set__
        _set(new, "__dict__", self.__dict__ | changes)
        _set(
            new,
            "__pydantic_fields_set__",
            known if changes.keys() <= known else known | changes.keys(),
        )
        _set(new, "__pydantic_extra__", None)
        _set(new, "__pydantic_private__", None)
        return new

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
        validate_default=False,
        use_attribute_docstrings=True,
    )


class PairEvent(LenientModel):
    """What a pair reacts to; its `kind` is the name of its signal or update."""

    kind: ClassVar[str]

    def __init_subclass__(cls, *, kind: str, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.kind = kind


DeciderId = Annotated[str, StringConstraints(pattern=r"^[ap][a-z2-7]{13}$")]
"""Whoever decided, opaque: an account (a…), or a person on their own page (p…)."""


class PairDecision(PairEvent, kind="decision"):
    """An update of a pair."""

    by: DeciderId | None = None
    """Who decided, as an opaque id; None: somebody in the Temporal Web UI."""


class StrictDecision(StrictModel):
    """An update of a cohort or a programme."""

    by: DeciderId | None = None
    """Who decided, as an opaque id; None: somebody in the Temporal Web UI."""
