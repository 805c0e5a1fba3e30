"""Mails keep to themselves why a pair was frozen or parted, and why a mentor is to be called."""

import re

import pytest

from activities.notifications.locales import LOCALES
from domain.notices.notice_questions import QUESTIONS
from schemas.notices import Recipient, Template
from tests.support.mail.mails import CASES as ALL_CASES
from tests.support.mail.mails import mail

AFTER_A_REORGANISATION = (
    Template.PLANNED_AGAIN,
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
def test_no_text_and_no_code_reveals_the_reason(
    template: Template, to: Recipient, locale: str
) -> None:
    content = mail(template, to, locale)
    assert (
        TELLING.findall("\n".join((content.subject, content.text, content.html))) == []
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_a_concern_looks_to_a_supervisor_like_a_missed_session(locale: str) -> None:
    concern = mail(Template.CALL_MENTOR, Recipient.SUPERVISOR, locale)
    risk = mail(Template.PAIR_AT_RISK, Recipient.SUPERVISOR, locale)
    assert concern.subject == risk.subject
    assert concern.text == risk.text


WHY = {
    "en": r"score|comment|concern|pulse|survey|missed|cancel|low\b|need help|worr",
    "fr": r"note|commentaire|souci|alerte|manqu|annul|besoin d|inqui|questionnaire",
}


@pytest.mark.parametrize(
    ("template", "locale"),
    [(t, loc) for t, to, loc in ALL_CASES if to is Recipient.SUPERVISOR],
)
def test_a_supervisor_never_reads_why(template: Template, locale: str) -> None:
    content = mail(template, Recipient.SUPERVISOR, locale)
    lines = [
        line for line in content.text.splitlines() if not line.startswith("https://")
    ]
    assert not re.search(WHY[locale], "\n".join(lines), re.I)


NEUTRAL = (Template.MATCH_NOT_MADE, Template.PARTNER_CHANGED, Template.PAIR_ENDED)


@pytest.mark.parametrize("template", NEUTRAL)
@pytest.mark.parametrize("locale", LOCALES)
def test_when_two_part_the_mail_blames_nobody(template: Template, locale: str) -> None:
    text = mail(template, Recipient.MENTEE, locale).text
    assert not re.search(
        r"refus|declin|decided|left\b|silen|fault|unfortunately|malheureu|quitt|déclin",
        text,
        re.I,
    )
