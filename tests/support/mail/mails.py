"""Every notice as its readers read it."""

from functools import cache

from activities.notifications.layout import MailContent, lay_out
from activities.notifications.locales import LOCALES, locale_texts
from activities.notifications.rendering import (
    MailSection,
    NoticeRenderer,
    template_environment,
)
from domain.notices.notice_questions import QUESTIONS
from schemas.notices import Recipient, Template
from schemas.records.outbox import OutboxRow
from tests.support.notices import PlainLinks, person, row

ENVIRONMENT = template_environment()
RENDERER = NoticeRenderer(ENVIRONMENT, PlainLinks())
CASES = [
    (template, to, locale)
    for template, who in QUESTIONS.items()
    for to in who
    for locale in LOCALES
]
"""Each notice to everybody who gets it, in each locale."""


@cache
def mail(template: Template, to: Recipient, locale: str) -> MailContent:
    one = row(template, to, person=person(locale=locale))
    return content_of(one)


def section_of(one: OutboxRow) -> MailSection:
    return RENDERER.render([one], locale_texts(one.person.locale))


def content_of(one: OutboxRow) -> MailContent:
    texts = locale_texts(one.person.locale)
    return lay_out(ENVIRONMENT, one, [section_of(one)], texts)
