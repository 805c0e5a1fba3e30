"""What a new source is granted: presets, and what is added to them or left out."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from enum import StrEnum

from domain.inbox.delivery import IN_FORCE_WHEN_STORED
from schemas.cloud_events import CATALOGUE, PersonColumns, PersonData
from schemas.records.sources import SourceScope

COLUMNS = frozenset(PersonData.model_fields) - {"effective"}
"""Everything that an event may say of a person."""
IDENTITY_COLUMNS = frozenset({"email", "roles", "supervisor", "delegate"})
"""Who gets a person's mail and links, and who may do what: a directory's alone."""


class Preset(StrEnum):
    """What a kind of service usually sends."""

    LEARNING_PLATFORM = "learning-platform"
    DIRECTORY = "directory"
    SURVEY = "survey"
    CALENDAR = "calendar"


def _types(*names: str) -> frozenset[str]:
    return frozenset(f"binome.{name}.v1" for name in names)


PRESETS = {
    Preset.LEARNING_PLATFORM: SourceScope(types=_types("module_completed")),
    Preset.DIRECTORY: SourceScope(
        types=_types(
            "person_upserted",
            "manager_changed",
            "person_moved",
            "person_left",
            "person_paused",
            "person_resumed",
        ),
        columns=COLUMNS,
        directory=True,
    ),
    Preset.SURVEY: SourceScope(types=_types("pulse_received")),
    Preset.CALENDAR: SourceScope(types=_types("answered", "windows_given")),
}
EVERYTHING = SourceScope(types=frozenset(CATALOGUE), columns=COLUMNS, directory=True)
"""For whoever owns the machine anyway: a stack to try things on."""


class GrantInvalid(ValueError):
    """A source cannot be granted this; the text says what to do instead."""


def scope_of(
    presets: Collection[Preset] = (),
    types: Collection[str] = (),
    columns: Collection[str] = (),
    programmes: Iterable[str] = (),
) -> SourceScope:
    """Returns what was asked for; nothing at all asks for a learning platform.

    Args:
        types: names of events beside those of the presets, such as `held` or `binome.held.v1`.
        columns: only these columns of people; none: those of the presets.

    Raises:
        GrantInvalid: an unknown name, or one that would grant nothing or too much.
    """
    if not presets and not types:
        presets = (Preset.LEARNING_PLATFORM,)
    chosen = [PRESETS[preset] for preset in presets]
    granted = frozenset(event_type(name, "--type") for name in types)
    directory = any(scope.directory for scope in chosen)
    scope = SourceScope(
        types=granted.union(*(scope.types for scope in chosen)),
        columns=_columns(columns)
        or frozenset[str]().union(*(scope.columns for scope in chosen)),
        programmes=frozenset(programmes),
        directory=directory,
    )
    _refuse_columns(scope)
    _refuse_programmes(scope)
    return scope


def short_name(event_type: str) -> str:
    """Returns the name without what all types share."""
    return event_type.removeprefix("binome.").removesuffix(".v1")


def event_type(name: str, place: str) -> str:
    """Returns the full type of an event that is named by its short name or its full one.

    Raises:
        GrantInvalid: there is none; `place` is where it was named.
    """
    full = name if name in CATALOGUE else f"binome.{name}.v1"
    if full not in CATALOGUE:
        known = [short_name(each) for each in CATALOGUE]
        raise GrantInvalid(f"{place}: {_unknown(name, known)}")
    return full


def _columns(names: Collection[str]) -> frozenset[str]:
    for name in names:
        if name not in COLUMNS:
            raise GrantInvalid(f"--column: {_unknown(name, sorted(COLUMNS))}")
    return frozenset(names)


def _unknown(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, 1)
    return (
        f"unknown; did you mean {near[0]}?"
        if near
        else (f"unknown; allowed: {', '.join(known)}")
    )


def _refuse_columns(scope: SourceScope) -> None:
    names_columns = any(
        issubclass(CATALOGUE[each].data, PersonColumns) for each in scope.types
    )
    if scope.columns and not names_columns:
        raise GrantInvalid(
            "--column: no type that is granted has columns of people;"
            " add --type person_upserted, or leave it out"
        )
    if names_columns and not scope.columns:
        raise GrantInvalid(
            "--type: this one changes people; say what of them with --column"
        )
    if not scope.directory and (identity := scope.columns & IDENTITY_COLUMNS):
        raise GrantInvalid(
            f"--column: {', '.join(sorted(identity))} decides who gets mail and may do"
            " what; only a directory may change it: add --directory"
        )


def _refuse_programmes(scope: SourceScope) -> None:
    """What holds for a person holds in every programme."""
    everywhere = sorted(
        short_name(each)
        for each in scope.types
        if CATALOGUE[each].kind in IN_FORCE_WHEN_STORED
    )
    if scope.programmes and everywhere:
        raise GrantInvalid(
            f"--programme: {', '.join(everywhere)} holds in every programme of the"
            " person; leave out --programme, or grant other types"
        )
