"""What people read of a pair that was frozen or parted after a reorganisation says nothing of why."""

import re

import pytest

from activities.notifications.locales import LOCALES
from domain.notices.notice_questions import QUESTIONS
from schemas.notices import Recipient, Template
from tests.unit.notifications.test_rendering import mail

AFTER_A_REORGANISATION = (
    Template.PLANNED_ANEW,
    Template.KEEP_OR_PART,
    Template.DECISION_REMINDER,
    Template.SESSION_CANCELLED,
    Template.PARTNER_CHANGED,
    Template.MATCH_NOT_MADE,
)
CASES = [
    (template, to, locale)
    for template in AFTER_A_REORGANISATION
    for to in QUESTIONS[template]
    for locale in LOCALES
]
TELLING = re.compile(
    r"reorgani|réorgani|promot|promu|nommé|appointed|hierarch|hiérarch|report(s|ing|ed)? (to|line)|rattach|"
    r"manager|too close|trop proche|level|niveau|frozen|gelé|too_close|reorganised",
    re.IGNORECASE,
)


@pytest.mark.parametrize(("template", "to", "locale"), CASES)
def test_no_word_and_no_code_tells_why(
    template: Template, to: Recipient, locale: str
) -> None:
    content = mail(template, to, locale)
    assert (
        TELLING.findall("\n".join((content.subject, content.text, content.html))) == []
    )
