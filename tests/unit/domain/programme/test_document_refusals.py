"""Every refusal of a programme document: in full, all at once, and nothing repeated."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.programme.document import read_document, refusal
from schemas.programme import Problem, ProgrammeDocument
from tests.unit.domain.programme.documents import OneTemplate, raw, refused

REFUSALS = [
    (
        {"sessions": {"lenght": "2 hours"}},
        "sessions.lenght: unknown; did you mean length?",
    ),
    ({"sesions": {}}, "sesions: unknown; did you mean sessions?"),
    ({"modules": []}, "modules: unknown here; did you mean training.modules?"),
    ({"template": "shrt"}, "template: unknown; known: short"),
    ({"template": 3}, "template: not a text"),
    (
        {"programme": "Pilot 2027"},
        "programme: not a code; allowed: lower-case letters, digits, - and _, at most 40",
    ),
    ({"programme": 7}, "programme: not a text"),
    ({"starts_on": "11/01/2027"}, "starts_on: not a date; write it like 2027-01-11"),
    (
        {"starts_on": "2127-01-11"},
        "starts_on: out of range; allowed: years from 2000 to 2100",
    ),
    (
        {"sessions": {"length": "3 hours"}},
        "sessions.length: out of range; allowed: from 30 minutes to 2 hours",
    ),
    (
        {"sessions": {"length": "long"}},
        "sessions.length: not a duration; allowed: such as '2 hours'",
    ),
    ({"sessions": {"length": -1}}, "sessions.length: not a duration"),
    ({"sessions": {"count": 0}}, "sessions.count: out of range; allowed: from 1 to 24"),
    (
        {"sessions": {"count": "many"}},
        "sessions.count: not a whole number; allowed: from 1 to 24",
    ),
    (
        {"sessions": {"count": 10**400}},
        "sessions.count: out of range; allowed: from 1 to 24",
    ),
    ({"sessions": {"half_hour": "perhaps"}}, "sessions.half_hour: not true or false"),
    ({"sessions": []}, "sessions: not a group of fields"),
    (
        {"matching": {"approval": "quick"}},
        "matching.approval: not allowed; allowed: reviewed or automatic",
    ),
    (
        {"feedback": {"drawn_calls": 0.01}},
        "feedback.drawn_calls: a call would say that somebody wanted it; allowed: 0.05",
    ),
    (
        {"regions": [{"region": "a", "feedback": {"drawn_calls": 0}}]},
        "regions[0].feedback.drawn_calls: a call would say",
    ),
    (
        {"feedback": {"low_score": 4}},
        "feedback.low_score: ",
    ),
    (
        {"feedback": {"pulse_after": [9]}},
        "feedback.pulse_after: names a session that is not held; allowed: numbers from 1",
    ),
    (
        {"training": {"modules": "one"}},
        'training.modules: not a list; write it like ["one", "two"]',
    ),
    ({"training": {"modules": ["a b"]}}, "training.modules[0]: not a code"),
    (
        {"rehearsal": {"pace": 0}},
        "rehearsal.pace: out of range; allowed: above 0, to 1000000",
    ),
    ({"regions": []}, "regions: too few; allowed: at least 1"),
    ({"regions": [{}]}, "regions[0].region: missing; it is needed"),
    (
        {"regions": [{"region": "a"}, {"region": "a"}]},
        "regions: the same region stands twice",
    ),
    (
        {"regions": [{"region": "a", "after": "b"}]},
        "regions[0].after: names no region before it",
    ),
    (
        {"regions": [{"region": "a", "zone": "Mars/Base"}]},
        "regions[0].zone: unknown time zone; allowed: an IANA name",
    ),
    (
        {"regions": [{"region": "a", "country": "France"}]},
        "regions[0].country: not a country; allowed: two capital",
    ),
    (
        {"regions": [{"region": "a", "locale": "de"}]},
        "regions[0].locale: not allowed; allowed: en or fr",
    ),
    (
        {"regions": [{"region": "a", "closed": ["August"]}]},
        "regions[0].closed[0]: not a period; write it like 2027-08-02/",
    ),
    (
        {"regions": [{"region": "a", "closed": ["2027-08-20/2027-08-02"]}]},
        "regions[0].closed[0]: not a period",
    ),
    (
        {"regions": [{"region": "a", "closed": ["2027-08-20/9999-12-31"]}]},
        "regions[0].closed[0]: out of range",
    ),
    (
        {"regions": [{"region": "a", "sessions": {"lenght": 1}}]},
        "regions[0].sessions.lenght: unknown; did you mean length?",
    ),
    (
        {"regions": [{"region": "a", "sessions": {"length": 1}}]},
        "regions[0].sessions.length: not a duration",
    ),
    (
        {"regions": [{"region": "a", "feedback": {"pulse_after": [7]}}]},
        "regions[0].feedback.pulse_after: names a session",
    ),
    (
        {"sender": "jean@example.org"},
        "sender: looks like an address; nothing personal may stand here",
    ),
]


@pytest.mark.parametrize(
    ("changes", "expected"), REFUSALS, ids=[expected[:40] for _, expected in REFUSALS]
)
def test_a_refusal_says_where_what_and_what_is_allowed(
    changes: dict[str, Any], expected: str
) -> None:
    (only,) = refused(raw(**changes))
    assert only.startswith(expected)


@pytest.mark.parametrize("document", [None, [], "pilot", 3, True])
def test_what_is_no_group_of_fields_is_refused(document: object) -> None:
    assert refused(document) == [
        'document: not a group of fields; write it like {"programme": "pilot"}'
    ]


def test_everything_needed_is_named_at_once() -> None:
    assert [problem.split(":")[0] for problem in refused({})] == [
        "programme",
        "starts_on",
        "regions",
    ]


def test_problems_of_several_places_come_at_once() -> None:
    wrong = raw(
        template="shrt",
        sessions={"count": 99},
        regions=[{"region": "a", "sessions": {"count": 99}}],
    )
    assert [p.split(":")[0] for p in refused(wrong)] == [
        "template",
        "sessions.count",
        "regions[0].sessions.count",
    ]


def test_the_name_of_an_unknown_field_is_not_repeated_when_it_may_be_a_persons() -> (
    None
):
    (only,) = refused(raw(**{"Jean Dupont": 1}))
    assert only.startswith(
        "document: holds a field whose name is not known; allowed: programme, "
    )


def test_a_document_nested_without_end_is_refused() -> None:
    nested: Any = []
    for _ in range(5_000):
        nested = [nested]
    assert refused(raw(training=nested)) == [
        "training: nested too deep; see the page about the programme document"
    ]


def test_the_text_of_a_refusal_ends_with_what_to_do_next() -> None:
    text = refusal(
        [Problem(path="a", what="wrong"), Problem(path="b", what="wrong too")]
    )
    assert text.splitlines() == [
        "a: wrong",
        "b: wrong too",
        "Nothing was sent. Choose *Start Workflow Like This One*, correct, start.",
    ]


SECRET = "Zzyzx"
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.just(f"{SECRET} x")
    | st.just(f"{SECRET}@x.y"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.just(f"{SECRET} y"), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [*ProgrammeDocument.model_fields, "lenght", f"{SECRET} z", f"{SECRET}@z"]
)
INNER = st.sampled_from(
    [
        "region",
        "after",
        "closed",
        "count",
        "length",
        "modules",
        "pace",
        "sessions",
        f"{SECRET} q",
    ]
)
NEARLY = st.dictionaries(
    FIELDS,
    VALUES | st.dictionaries(INNER, VALUES) | st.lists(st.dictionaries(INNER, VALUES)),
)


@given(VALUES | NEARLY | NEARLY.map(lambda changes: raw(**changes)))
def test_anything_is_read_or_refused_and_never_repeated(document: object) -> None:
    read, problems = read_document(document, OneTemplate())
    assert (read is None) == bool(problems)
    assert SECRET not in refusal(problems)
