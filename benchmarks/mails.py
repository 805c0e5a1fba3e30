"""Mails a second: written and encoded, then sent to a server on this machine.

Each has its floor in the same run: the standard library makes mails of the same ready
texts; the same sender sends the same ready bytes. Processor time of this process: other
work on the machine does not count.
"""

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from itertools import cycle, islice
from socket import AF_INET, SOCK_STREAM, socket
from time import process_time
from typing import Any

from aiosmtpd.controller import Controller

from activities.notifications.delivery import NoticeDelivery
from activities.notifications.interfaces import OutgoingMail
from activities.notifications.letters import Letter, LetterWriter
from activities.notifications.mime import encode
from activities.notifications.privacy import MailPrivacyNotices
from activities.notifications.slots import Slots
from activities.notifications.smtp import SmtpSender
from activities.notifications.smtp_connections import SmtpServer
from benchmarks.support.tables import table
from domain.notices.digest import digests
from domain.notices.notice_questions import QUESTIONS
from schemas.records.outbox import OutboxRow
from tests.support.notices import NOW, PlainLinks, person, row
from tests.unit.notifications.fakes import (
    MemoryOutbox,
    MemoryPrivacyNotices,
    SentSignals,
    WallClock,
    begin_nothing,
)

MAILS = 1_000
ROUNDS = 7
DOMAIN = "firm.example"
LONGEST_SECONDS = 60.0
HOST = "127.0.0.1"

Rates = tuple[float, float]
"""Rates of what is measured, and of its floor."""


def rows() -> list[OutboxRow]:
    """Every template, to everybody who gets it, in every locale, to distinct people."""
    cases = cycle(
        (template, to, locale)
        for template, recipients in QUESTIONS.items()
        for to in recipients
        for locale in ("en", "fr")
    )
    return [
        row(template, to, id=str(n), person=person(person=_person(n), locale=locale))
        for n, (template, to, locale) in enumerate(islice(cases, MAILS))
    ]


def _person(number: int) -> str:
    letters = "abcdefghij"
    return "p" + "".join(letters[int(digit)] for digit in f"{number:013}")


def best(work: Callable[[], object], floor: Callable[[], object]) -> Rates:
    """Mails per second of processor time in the fastest rounds, by turns."""
    rounds = [(_seconds(work), _seconds(floor)) for _ in range(ROUNDS)]
    fastest_work, fastest_floor = map(min, zip(*rounds, strict=True))
    return MAILS / fastest_work, MAILS / fastest_floor


def _seconds(work: Callable[[], object]) -> float:
    begin = process_time()
    work()
    return process_time() - begin


def plainly(letters: Sequence[Letter]) -> None:
    """The floor of writing: parts and headers of ready texts."""
    for letter in letters:
        mail = MIMEMultipart("alternative")
        mail["Subject"], mail["From"] = letter.subject, letter.sender
        mail["To"], mail["Message-ID"] = letter.recipient, letter.message_id
        mail.attach(MIMEText(letter.text, "plain", "utf-8"))
        mail.attach(MIMEText(letter.html, "html", "utf-8"))
        mail.as_bytes()


class Swallowing:
    """A mail server's handler that keeps nothing."""

    async def handle_DATA(self, *_: Any) -> str:
        return "250 taken"


def serve(port: int, ready: Any, over: Any) -> None:
    controller = Controller(Swallowing(), hostname=HOST, port=port)
    controller.start()
    ready.set()
    over.wait()
    controller.stop()


def free_port() -> int:
    with socket(AF_INET, SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


async def send_ready(sender: SmtpSender, mails: Sequence[OutgoingMail]) -> None:
    """The floor of sending."""
    slots = Slots()

    async def one(mail: OutgoingMail) -> None:
        async with slots.one():
            await sender.send(mail, begin_nothing)

    await asyncio.gather(*map(one, mails))


async def deliver(
    sender: SmtpSender, writer: LetterWriter, due: list[OutboxRow]
) -> None:
    clock = WallClock()
    outbox = MemoryOutbox(clock, *due)
    privacy = MailPrivacyNotices(MemoryPrivacyNotices(), clock)
    delivery = NoticeDelivery(
        outbox, writer, sender, SentSignals(), privacy, clock, Slots()
    )
    while await delivery.deliver_due("mail"):
        await delivery.in_hand.until_at_most(0, LONGEST_SECONDS)


def through_a_server(writer: LetterWriter, due: list[OutboxRow]) -> Rates:
    """Sent as delivery sends them, and sent ready."""
    mails = [encode(writer.write(each), NOW) for each in digests(due, DOMAIN)]
    ready, over = multiprocessing.Event(), multiprocessing.Event()
    port = free_port()
    server = multiprocessing.Process(target=serve, args=(port, ready, over))
    server.start()
    ready.wait()
    with asyncio.Runner() as runner:
        sender = SmtpSender(SmtpServer(HOST, port, DOMAIN))
        rates = best(
            lambda: runner.run(deliver(sender, writer, due)),
            lambda: runner.run(send_ready(sender, mails)),
        )
        runner.run(sender.close())
    over.set()
    server.join()
    return rates


def main() -> None:
    due, writer = rows(), LetterWriter(PlainLinks(), DOMAIN)
    letters = [writer.write(each) for each in digests(due, DOMAIN)]
    written = best(
        lambda: [encode(writer.write(each), NOW) for each in digests(due, DOMAIN)],
        lambda: plainly(letters),
    )
    sent = through_a_server(writer, due)
    table(
        f"Mails per second of processor time, best of {ROUNDS} rounds of {MAILS:,}",
        ("", "mails/s", "floor", "of the floor"),
        [
            (what, f"{rate:,.0f}", f"{floor:,.0f}", f"{rate / floor:.0%}")
            for what, (rate, floor) in (
                ("written and encoded", written),
                ("sent", sent),
            )
        ],
    )


if __name__ == "__main__":
    main()
