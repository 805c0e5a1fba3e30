"""The lasting key of a notice."""

import pytest

from domain.notices.keys import notice_key, revision_of, template_of
from schemas.notices import Notice, Recipient, Template

READY = Notice(template=Template.READY, to=Recipient.MENTOR)
SECOND = READY.model_copy(update={"session": 2, "attempt": 3})
CHECKED = READY.model_copy(update={"check": 4})


@pytest.mark.parametrize(
    ("notice", "region", "key"),
    [
        (READY, "", "pair:x:7:ready:0.1.0"),
        (SECOND, "", "pair:x:7:ready:2.3.0"),
        (CHECKED, "", "pair:x:7:ready:0.1.4"),
        (READY, "idf", "pair:x:7:ready:idf:0.1.0"),
    ],
)
def test_a_key_names_its_transition_and_what_the_notice_is_about(
    notice: Notice, region: str, key: str
) -> None:
    assert notice_key("pair:x", 7, notice, region) == key


@pytest.mark.parametrize(
    ("key", "scope", "revision"),
    [
        ("pair:x:12:ready:0.1.0:p1", "pair:x", 12),
        ("cohort:y:1:3:ready:idf:0.1.0:p1", "cohort:y:1", 3),
        # a call that was asked for after the pair had closed
        ("pair:x:jw3n5kq:p1", "pair:x", 0),
    ],
)
def test_the_transition_is_read_back_from_a_key(
    key: str, scope: str, revision: int
) -> None:
    assert revision_of(key, scope) == revision


@pytest.mark.parametrize(
    ("key", "template"),
    [
        ("pair:x:12:call_mentor:0.1.3:p1", Template.CALL_MENTOR),
        ("pair:x:jw3n5kq:p1", None),
        ("pair:y:12:call_mentor:0.1.3:p1", None),
        ("n1", None),
    ],
)
def test_the_template_is_read_back_from_a_key_of_the_scope(
    key: str, template: Template | None
) -> None:
    assert template_of(key, "pair:x") is template
