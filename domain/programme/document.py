"""Reading a programme document: everything that is wrong with it at once, and nothing of it repeated."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from domain.calls import LEAST_DRAWN_CALLS
from domain.programme.size import too_large
from domain.programme.templates import POLICY_SECTIONS, Templates, merged
from domain.wording import error_in_words, unknown_field_in_words
from schemas.ids import is_code
from schemas.programme import Problem, ProgrammeDocument, Region, out_of_order
from schemas.wording.hidden_characters import find_hidden

NEXT_STEP = "Nothing was sent. Choose *Start Workflow Like This One*, correct, start."
HOW_TO_START = NEXT_STEP.replace("correct", "take check_only out")
MOST_PROBLEMS = 30
MOST_NESTED_LEVELS = 12
LAST_YEAR = 2100
OVERRIDES = tuple(name for name in POLICY_SECTIONS if name in Region.model_fields)

_SECTIONS: dict[str, type[BaseModel]] = {
    name: type(ProgrammeDocument.model_fields[name].get_default())
    for name in POLICY_SECTIONS
}
_ELSEWHERE = {
    field: f"{name}.{field}"
    for name, section in _SECTIONS.items()
    for field in section.model_fields
}
_NAMES = frozenset(
    {
        *ProgrammeDocument.model_fields,
        *Region.model_fields,
        *_ELSEWHERE,
        "pace",
        "first",
        "last",
    }
)


def read_document(
    raw: object, templates: Templates
) -> tuple[ProgrammeDocument | None, list[Problem]]:
    """Read a document; without one, the problems say why. Never raises, whatever `raw` is.

    A problem's path is made of known names and indexes. The name of an unknown field is part of it only if
    it looks like a code.
    """
    if not isinstance(raw, Mapping):
        return None, [
            Problem(
                path="document",
                what='not a group of fields; write it like {"programme": "pilot"}',
            )
        ]
    if problem := too_large(raw):
        return None, [problem]
    if problems := list(islice(_personal(raw), MOST_PROBLEMS)):
        return None, problems
    template, problems = _template(raw, templates)
    document = None
    try:
        document = ProgrammeDocument.model_validate(merged(raw, template))
    except ValidationError as error:
        problems += problems_of(error, ProgrammeDocument)
    problems += islice(_overrides(raw), MOST_PROBLEMS)
    # the document looks at this itself, but only when every field is right
    order = out_of_order(
        [
            (region.get("region"), region.get("after"))
            for region in written_regions(raw.get("regions"))
        ]
    )
    problems += islice(order, MOST_PROBLEMS)
    if document is not None and not problems:
        problems += _sense(document)
    problems = list(dict.fromkeys(problems))
    return (None if problems else document), problems[:MOST_PROBLEMS]


def refusal(problems: Iterable[Problem]) -> str:
    """The text of a refusal: all problems, and what to do next."""
    return "\n".join([*(str(problem) for problem in problems), NEXT_STEP])


def _template(
    raw: Mapping[str, Any], templates: Templates
) -> tuple[Mapping[str, Any], list[Problem]]:
    name = raw.get("template")
    if not isinstance(name, str):
        return {}, []
    known = templates.names()
    if name not in known:
        return {}, [
            Problem(
                path="template",
                what=f"unknown; known: {', '.join(known) or 'none is shipped'}",
            )
        ]
    return templates.load(name), []


def _overrides(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """Regions keep their own values as they were written; here they are read as what they are."""
    for index, region in enumerate(written_regions(raw.get("regions"))):
        for name in OVERRIDES:
            own = region.get(name)
            if not isinstance(own, Mapping):
                continue
            try:
                _SECTIONS[name].model_validate(own)
            except ValidationError as error:
                yield from problems_of(error, _SECTIONS[name], ("regions", index, name))


def written_regions(regions: object) -> list[Mapping[str, Any]]:
    """The regions of a document as it was written; one that is no group of fields has none."""
    written = regions if isinstance(regions, list) else []
    return [region if isinstance(region, Mapping) else {} for region in written]


def _sense(document: ProgrammeDocument) -> Iterator[Problem]:
    """Problems of values that are allowed one by one, and not together."""
    out_of_range = f"out of range; allowed: years from 2000 to {LAST_YEAR}"
    if not 2000 <= document.starts_on.year <= LAST_YEAR:
        yield Problem(path="starts_on", what=out_of_range)
    for index, region in enumerate(document.regions):
        for place, period in enumerate(region.closed):
            if not 2000 <= period.first.year <= period.last.year <= LAST_YEAR:
                path = f"regions[{index}].closed[{place}]"
                yield Problem(path=path, what=out_of_range)
        policy = document.policy_of(region)
        if any(
            not 1 <= number <= policy.sessions.count
            for number in policy.feedback.pulse_after
        ):
            own = "pulse_after" in region.feedback or "count" in region.sessions
            path = (
                f"regions[{index}].feedback.pulse_after"
                if own
                else "feedback.pulse_after"
            )
            what = f"names a session that is not held; allowed: numbers from 1 to {policy.sessions.count}"
            yield Problem(path=path, what=what)
        if policy.feedback.drawn_calls < LEAST_DRAWN_CALLS:
            own = "drawn_calls" in region.feedback
            path = (
                f"regions[{index}].feedback.drawn_calls"
                if own
                else "feedback.drawn_calls"
            )
            what = f"a call would say that somebody wanted it; allowed: {LEAST_DRAWN_CALLS} or more"
            yield Problem(path=path, what=what)


def problems_of(
    error: ValidationError, model: type[BaseModel], at: tuple[str | int, ...] = ()
) -> list[Problem]:
    """Problems for the first errors of a validation, as many as are shown."""
    found = error.errors(include_input=False, include_url=False)
    holders = {one["loc"][:depth] for one in found for depth in range(len(one["loc"]))}
    # A list of wrong items is also called too short, since only right ones are counted.
    said = (
        _problem(one, model, at)
        for one in found
        if one["type"] != "too_short" or one["loc"] not in holders
    )
    return list(islice(said, MOST_PROBLEMS))


def _problem(
    error: ErrorDetails, model: type[BaseModel], at: tuple[str | int, ...]
) -> Problem:
    loc = error["loc"]
    if error["type"] == "extra_forbidden":
        return _unknown(model, at, loc)
    what = error_in_words(error, _field(model, loc))
    if (
        not loc and not at and ": " in what
    ):  # the document's own validators name the path themselves
        path, _, what = what.partition(": ")
        return Problem(path=path, what=what)
    return Problem(path=path_of((*at, *loc)), what=what)


def _unknown(
    model: type[BaseModel], at: tuple[str | int, ...], loc: tuple[str | int, ...]
) -> Problem:
    holder = _model(model, loc[:-1])
    known = list(holder.model_fields) if holder else []
    name = str(loc[-1])
    if is_code(
        name
    ):  # it may be repeated: it looks like the code of something, not like somebody
        return Problem(
            path=path_of((*at, *loc)),
            what=unknown_field_in_words(name, known, _ELSEWHERE),
        )
    return Problem(
        path=path_of((*at, *loc[:-1])),
        what=f"holds a field whose name is not known; allowed: {', '.join(known)}",
    )


def path_of(loc: Iterable[str | int]) -> str:
    """`regions[1].sessions.length`; a name that is not ours and does not look like a code becomes a question mark."""
    path = ""
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += ("." if path else "") + (
                part if part in _NAMES or is_code(part) else "?"
            )
    return path or "document"


def _model(
    model: type[BaseModel], loc: tuple[str | int, ...]
) -> type[BaseModel] | None:
    """The model at a place inside another."""
    for part in loc:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        inner = next(_models_in(field.annotation), None) if field else None
        if inner is None:
            return None
        model = inner
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _field(model: type[BaseModel], loc: tuple[str | int, ...]) -> FieldInfo | None:
    if not loc or isinstance(loc[-1], int):
        return None
    holder = _model(model, loc[:-1])
    return holder.model_fields.get(loc[-1]) if holder else None


def _personal(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """Values that look like an address or hide a character, and nesting that no document has.

    The walk itself has no depth.
    """
    left: list[tuple[tuple[str | int, ...], Any]] = [((), raw)]
    while left:
        at, value = left.pop()
        if len(at) > MOST_NESTED_LEVELS:
            yield Problem(
                path=path_of(at[:1]),
                what="nested too deep; see the page about the programme document",
            )
            return
        if isinstance(value, Mapping):
            left += [((*at, str(key)), inner) for key, inner in value.items()]
        elif isinstance(value, list | tuple):
            left += [((*at, index), inner) for index, inner in enumerate(value)]
        elif isinstance(value, str) and "@" in value:
            yield Problem(
                path=path_of(at),
                what="looks like an address; nothing personal may stand here: people are imported, and named by region",
            )
        elif isinstance(value, str) and (hidden := find_hidden(value)):
            yield Problem(path=path_of(at), what=str(hidden))
