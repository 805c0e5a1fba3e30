"""When a mail is tried again, and what becomes of one that may have gone out."""

from datetime import timedelta
from typing import Any

import pytest

from domain.notices.delivery_decision import (
    DeliveryDecision,
    DropNotice,
    LeaveUnconfirmed,
    PassOn,
    SendLater,
    SendNow,
    delivery_decision,
)
from domain.notices.retrying import (
    FIRST_CUT_DELAY,
    FIRST_RETRY_DELAY,
    LONGEST_RETRY_DELAY,
    MAX_ATTEMPTS,
    cut_delay,
    retry_delay,
)
from schemas.notices import Recipient, Template
from tests.support.notices import NOW, notice, person, row

TOO_LATE = notice(Template.READY, useful_until=NOW - timedelta(hours=1))
ELSEWHERE = person(zone="America/New_York")
LEFT = person(left=True)


@pytest.mark.parametrize(
    ("attempts", "deferred", "cut"),
    [
        (1, FIRST_RETRY_DELAY, FIRST_CUT_DELAY),
        (2, 2 * FIRST_RETRY_DELAY, 2 * FIRST_CUT_DELAY),
        (5, 16 * FIRST_RETRY_DELAY, 16 * FIRST_CUT_DELAY),
        (MAX_ATTEMPTS - 1, LONGEST_RETRY_DELAY, LONGEST_RETRY_DELAY),
        (MAX_ATTEMPTS, None, None),
    ],
)
def test_delays_grow_and_end(
    attempts: int, deferred: timedelta | None, cut: timedelta | None
) -> None:
    assert (retry_delay(attempts), cut_delay(attempts)) == (deferred, cut)


@pytest.mark.parametrize(
    ("sends", "changes", "kind"),
    [
        (0, {}, SendNow),
        (0, {"notice": TOO_LATE}, DropNotice),
        (0, {"person": LEFT}, DropNotice),
        # once in doubt: it is repeated, but not dropped
        (1, {}, SendNow),
        (1, {"person": ELSEWHERE}, SendLater),
        (1, {"notice": TOO_LATE}, LeaveUnconfirmed),
        (1, {"person": LEFT}, LeaveUnconfirmed),
        (1, {"person": LEFT, "notice": notice(Template.READY, Recipient.OPS)}, PassOn),
        # twice in doubt: never again
        (2, {}, LeaveUnconfirmed),
        (2, {"notice": TOO_LATE}, LeaveUnconfirmed),
    ],
)
def test_a_mail_that_may_have_gone_out_is_repeated_once_and_never_dropped(
    sends: int, changes: dict[str, Any], kind: type[DeliveryDecision]
) -> None:
    decided = delivery_decision(row(sends_in_doubt=sends, **changes), NOW)
    assert isinstance(decided, kind)
