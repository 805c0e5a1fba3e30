"""Every notice, in every locale, to everybody who gets it."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from activities.notifications.locales import LOCALES, TEMPLATES
from domain.notices.notice_questions import CONSOLE_READERS, QUESTIONS
from schemas.notices import Recipient, Template
from schemas.records.outbox import PairMember
from tests.support.mail.mails import CASES, content_of, mail, section_of
from tests.support.notices import PlainLinks, notice, person, row

BARE = {"invite": None, "items": (), "session": None, "check": 0}

every_notice = pytest.mark.parametrize(("template", "to", "locale"), CASES)
every_locale = pytest.mark.parametrize("locale", LOCALES)


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        if self.lasttag != "style":
            self.found.append(data)


def words_of(html: str) -> str:
    """What a person reads of an HTML page, as one line."""
    reader = Reader()
    reader.feed(html)
    return " ".join(" ".join(reader.found).split())


def links_in(html: str) -> list[str]:
    return [
        a.attrib["href"]
        for a in ElementTree.fromstring(html).iter("{http://www.w3.org/1999/xhtml}a")
    ]


def test_every_notice_is_in_the_table_of_questions() -> None:
    assert set(QUESTIONS) == set(Template)


@every_locale
def test_every_notice_has_a_text_and_every_text_has_a_notice(locale: str) -> None:
    found = {
        path.name.removesuffix(".j2") for path in (TEMPLATES / locale).glob("*.j2")
    }
    assert found - {"certificate_page.html"} == {str(t) for t in Template}


@every_notice
def test_nothing_of_the_template_is_left_in_the_mail(
    template: Template, to: Recipient, locale: str
) -> None:
    content = mail(template, to, locale)
    for part in (content.subject, content.text, words_of(content.html)):
        assert not re.search(r"[{}]|None|Undefined|\bnull\b|%[sd]", part)


def test_a_french_subject_does_not_break_before_its_mark() -> None:
    assert mail(Template.HELD_UNKNOWN, Recipient.MENTOR, "fr").subject.endswith(
        "\u00a0?"
    )


def test_a_french_mail_elides_before_a_name_that_begins_with_a_vowel() -> None:
    anais = PairMember(
        person="paaaaaaaaaaaaa", name="Anaïs Roy", email="anais@firm.example"
    )
    one = row(
        Template.TRAINING_LATE,
        Recipient.SUPERVISOR,
        mentor=anais,
        person=person(locale="fr"),
    )
    assert "la préparation d’Anaïs Roy est" in content_of(one).text


@every_notice
def test_the_subject_is_one_short_line(
    template: Template, to: Recipient, locale: str
) -> None:
    subject = mail(template, to, locale).subject
    assert 5 < len(subject) < 110
    assert "\n" not in subject


@every_notice
def test_each_address_has_a_line_of_its_own_in_the_text(
    template: Template, to: Recipient, locale: str
) -> None:
    text = mail(template, to, locale).text
    assert re.findall(r"https?://\S+", text) == re.findall(
        r"^https?://\S+$", text, re.M
    )


@every_notice
def test_both_parts_lead_to_the_same_pages(
    template: Template, to: Recipient, locale: str
) -> None:
    content = mail(template, to, locale)
    assert links_in(content.html) == re.findall(r"^https?://\S+$", content.text, re.M)


@every_notice
def test_both_parts_say_the_same(
    template: Template, to: Recipient, locale: str
) -> None:
    one = row(template, to, person=person(locale=locale))
    content = mail(template, to, locale)
    html, text = words_of(content.html), " ".join(content.text.split())
    for line in (line for block in section_of(one).blocks for line in block.lines):
        assert " ".join(line.split()) in html
        assert " ".join(line.split()) in text


@every_notice
def test_each_question_of_the_table_is_asked(
    template: Template, to: Recipient, locale: str
) -> None:
    text = mail(template, to, locale).text
    for question in QUESTIONS[template][to]:
        assert f"/q/{question}." in text or (template, question) == (
            Template.TRAINING_REMINDER,
            "volunteer",
        )


@every_notice
def test_a_mail_speaks_one_language(
    template: Template, to: Recipient, locale: str
) -> None:
    foreign = {
        "en": ("Bonjour", "votre", "échange"),
        "fr": ("Hello", "your", "conversation", "Paris time"),
    }[locale]
    assert not [
        word
        for word in foreign
        if re.search(rf"\b{word}\b", mail(template, to, locale).text)
    ]


@every_notice
def test_text_lines_fit_a_narrow_window(
    template: Template, to: Recipient, locale: str
) -> None:
    text = mail(template, to, locale).text
    assert all(
        len(line) <= 76 for line in text.splitlines() if not line.startswith("https://")
    )


def is_well_formed(html: str) -> bool:
    try:
        ElementTree.fromstring(html)
    except ElementTree.ParseError:
        return False
    return True


@every_locale
@pytest.mark.parametrize("template", Template)
def test_a_notice_without_details_renders_for_anybody(
    template: Template, locale: str
) -> None:
    for to in Recipient:
        bare = row(
            template,
            to,
            person=person(locale=locale),
            mentor=None,
            mentee=None,
            notice=notice(template, to, **BARE),
        )
        content = content_of(bare)
        assert not re.search(r"[{}]|None|Undefined| ,|\( *\)", content.text), to
        assert is_well_formed(content.html), to


@pytest.mark.parametrize(
    ("template", "locale"), [(t, loc) for t, to, loc in CASES if to is Recipient.MENTOR]
)
def test_every_mail_to_a_mentor_ends_with_help(template: Template, locale: str) -> None:
    last = mail(template, Recipient.MENTOR, locale).text.splitlines()[-1]
    assert last.startswith("https://mentoring.example/q/help.mentor.")


@pytest.mark.parametrize(
    ("template", "to"),
    [(t, to) for t, to, loc in CASES if to in CONSOLE_READERS and loc == "en"],
)
def test_ops_and_sponsor_get_the_page_on_the_console(
    template: Template, to: Recipient
) -> None:
    one = row(template, to)
    page = "/matches" if template is Template.MATCHES_TO_REVIEW else ""
    assert links_in(mail(template, to, "en").html) == [
        PlainLinks().console_url(one.scope) + page
    ]


def test_names_are_text_in_html_whatever_they_hold() -> None:
    html = mail(Template.SESSION_AGREED, Recipient.MENTOR, "en").html
    assert "Noé &lt;Marchand&gt;" in html
    assert "<Marchand>" not in html


def test_a_name_with_line_breaks_stays_on_one_line() -> None:
    one = row(Template.READY, person=person(name="Camille\nBcc: x@y.example\n\nRoy"))
    content = content_of(one)
    assert "Hello Camille Bcc: x@y.example Roy," in content.text.splitlines()


FREE = (
    (Template.MENTOR_INVITATION, Recipient.MENTOR),
    (Template.MATCH_ANNOUNCED, Recipient.MENTEE),
    (Template.AGREEMENT_REMINDER, Recipient.MENTOR),
    (Template.SESSION_PROPOSED, Recipient.MENTEE),
    (Template.ANSWER_REMINDER, Recipient.DELEGATE),
)


@pytest.mark.parametrize(("template", "to"), FREE)
@pytest.mark.parametrize(
    ("locale", "words"), [("en", "costs nothing"), ("fr", "ne coûte rien")]
)
def test_a_mail_that_may_be_declined_says_that_it_costs_nothing(
    template: Template, to: Recipient, locale: str, words: str
) -> None:
    assert words in " ".join(mail(template, to, locale).text.split())


@pytest.mark.parametrize("template", [Template.PULSE_REQUEST, Template.FINAL_PULSE])
@pytest.mark.parametrize(
    ("locale", "words"), [("en", "Who reads what"), ("fr", "Qui lit quoi")]
)
def test_the_pulse_mail_says_who_reads_what(
    template: Template, locale: str, words: str
) -> None:
    text = mail(template, Recipient.MENTEE, locale).text
    assert words in text
    assert text.count("\n- ") == 4


def test_what_is_missing_is_listed_in_words() -> None:
    text = mail(Template.TRAINING_REMINDER, Recipient.MENTOR, "en").text
    assert "- the module “oser parler”" in text.splitlines()


def test_a_reminder_asks_to_volunteer_only_while_that_is_open() -> None:
    open_still = row(
        Template.TRAINING_REMINDER,
        notice=notice(Template.TRAINING_REMINDER, items=("volunteer",)),
    )
    assert [
        a.url.split("/q/")[1].split(".")[0] for a in section_of(open_still).links
    ] == [
        "volunteer",
        "modules",
    ]


@pytest.mark.parametrize(
    ("locale", "asks"),
    [("en", "region comex, wave 2"), ("fr", "région comex, vague 2")],
)
def test_a_sponsor_reads_which_wave_is_proposed(locale: str, asks: str) -> None:
    about = row(
        Template.EXTENSION_PROPOSED,
        Recipient.SPONSOR,
        scope="programme:mentorat-2027",
        person=person(locale=locale),
        notice=notice(
            Template.EXTENSION_PROPOSED, Recipient.SPONSOR, items=("comex", "wave:2")
        ),
    )
    assert asks in section_of(about).subject
