"""The demo around its players: mails, the wait for an absent part, what is shown, and when it is over."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from binome.demo.http_client import RetryingTransport
from binome.demo.mailbox import Mailbox
from binome.demo.progress import is_over, line, mean
from schemas.ids import CohortRef
from schemas.records.releases import Release
from schemas.records.status import ProgrammeStatus, RegionStatus
from schemas.stages import Stage

PATH = "/q/abc.def"
LINK = f"http://127.0.0.1:8080{PATH}"


def deliver(folder: Path, name: str, text: str) -> None:
    mail = EmailMessage()
    mail["To"] = "Jade Marchetti <jade@example.org>"
    mail.set_content(text)
    mail.add_alternative("<p>the same</p>", subtype="html")
    (folder / name).write_bytes(mail.as_bytes())


def test_a_mail_is_read_with_its_reader_and_links(tmp_path: Path) -> None:
    deliver(tmp_path, "1.eml", f"Hello\n\nAnswer here:\n{LINK}\n")
    assert [(mail.to, mail.links) for mail in Mailbox(tmp_path).arrived()] == [
        ("jade@example.org", (PATH,))
    ]


def test_links_below_the_line_are_not_followed(tmp_path: Path) -> None:
    deliver(tmp_path, "1.eml", f"{LINK}\n\n{'-' * 40}\nI need help:\n{LINK}x\n")
    assert Mailbox(tmp_path).arrived()[0].links == (PATH,)


def test_a_mail_that_is_still_being_written_is_not_there_yet(tmp_path: Path) -> None:
    deliver(tmp_path, ".1.eml", LINK)
    deliver(tmp_path, "2.eml", LINK)
    assert [mail.name for mail in Mailbox(tmp_path).arrived()] == ["2.eml"]


def test_only_what_was_answered_stays_read_after_a_restart(tmp_path: Path) -> None:
    deliver(tmp_path, "1.eml", LINK)
    deliver(tmp_path, "2.eml", LINK)
    before = Mailbox(tmp_path)
    before.done(before.arrived()[0])
    assert [mail.name for mail in Mailbox(tmp_path).arrived()] == ["2.eml"]


async def test_an_unreachable_gateway_is_asked_until_it_answers() -> None:
    answers: Iterator[int | None] = iter([None, 503, 200])

    def gateway(_: httpx.Request) -> httpx.Response:
        code = next(answers)
        if code is None:
            raise httpx.ConnectError("refused")
        return httpx.Response(code)

    transport = RetryingTransport(httpx.MockTransport(gateway), pause=0)
    async with httpx.AsyncClient(transport=transport) as client:
        assert (await client.get("http://gateway/")).status_code == 200


def region(
    name: str, status: str, held: int = 0, pulse: float | None = None
) -> RegionStatus:
    stages = {Stage.SESSIONS: 3} if status == "open" else {}
    return RegionStatus(
        region=name,
        wave=1,
        status=status,
        stages=stages,
        sessions_held=held,
        release=_release(name, pulse) if pulse else None,
    )


def _release(name: str, mean: float) -> Release:
    cohort = CohortRef(programme="demo", region=name)
    at = datetime(2027, 1, 18, tzinfo=UTC)
    return Release(cohort=cohort, number=1, at=at, people=8, lowest=mean, highest=mean)


def programme(*regions: RegionStatus, queued: int = 0) -> ProgrammeStatus:
    return ProgrammeStatus(
        programme="demo",
        status="running",
        now=datetime(2027, 1, 19, tzinfo=UTC),
        pace=43200,
        regions=regions,
        notices={"queued": queued},
        waiting_for={"answer_due": 2, "proposal_lapses": 3},
    )


@pytest.mark.parametrize(
    ("statuses", "over"),
    [
        (("closed", "closed"), True),
        (("open", "closed"), False),
        (("closed", "waiting"), False),  # opens by itself in a moment
        (("closed", "proposed"), True),  # waits for the sponsor
        (
            ("closed", "proposed", "waiting"),
            True,
        ),  # and what comes after that waits too
        (("waiting",), False),  # has not begun
        (("closed", "opening"), False),
    ],
)
def test_the_demo_ends_when_nothing_moves_by_itself_any_more(
    statuses: tuple[str, ...], over: bool
) -> None:
    assert is_over(programme(*(region("comex", status) for status in statuses))) is over


def test_the_last_mail_goes_out_before_the_end() -> None:
    assert not is_over(programme(region("comex", "closed"), queued=1))


def test_a_line_says_all_of_it() -> None:
    shown = line(
        programme(region("comex", "open", held=4, pulse=4.5), region("idf", "waiting")),
        mails=7,
    )
    assert (
        "comex open: 3 sessions, 4 held, pulse 4.5; idf waiting  | 7 mails | waits for answer to an invitation (5)"
        in shown
    )


def test_a_line_of_a_region_without_pairs_says_what_was_held() -> None:
    opened = region("comex", "open").model_copy(update={"stages": {}})
    assert "comex open: 0 held, pulse –" in line(programme(opened), mails=0)


def test_a_mean_of_too_few_is_a_dash() -> None:
    assert mean(region("comex", "open")) == "–"
