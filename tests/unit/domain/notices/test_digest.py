"""Which notices go out as one mail."""

from typing import Any

from domain.notices.digest import Digest, digests
from schemas.notices import Template
from schemas.records.outbox import OutboxRow
from tests.support.notices import notice, person, row

DOMAIN = "firm.example"


def ids(found: list[Digest]) -> list[list[str]]:
    return [[r.id for r in digest.rows] for digest in found]


def rows(*changes: dict[str, Any]) -> list[OutboxRow]:
    return [row(**{"id": str(n), **each}) for n, each in enumerate(changes, start=1)]


def test_several_notices_to_one_person_share_a_mail() -> None:
    other = person(person="pddddddddddddd")
    assert ids(digests(rows({}, {"person": other}, {}), DOMAIN)) == [
        ["1", "3"],
        ["2"],
    ]


def test_an_invite_has_a_mail_of_its_own() -> None:
    invite = {"notice": notice(Template.SESSION_PROPOSED)}
    assert ids(digests(rows({}, invite, {}, invite), DOMAIN)) == [
        ["1", "3"],
        ["2"],
        ["4"],
    ]


def test_programmes_do_not_share_a_mail() -> None:
    assert len(digests(rows({}, {"programme": "another"}), DOMAIN)) == 2


def test_what_goes_to_a_former_address_goes_alone() -> None:
    former = {"person": person(email="before@firm.example")}
    assert ids(digests(rows({}, former, {}), DOMAIN)) == [["1", "3"], ["2"]]


def test_a_repeat_is_the_same_mail_and_nothing_joins_it() -> None:
    again = {"message_id": "<1@firm.example>"}
    found = digests(rows(again, {}, again, {}), DOMAIN)
    assert ids(found) == [["1", "3"], ["2", "4"]]
    assert found[0].message_id == "<1@firm.example>" != found[1].message_id
