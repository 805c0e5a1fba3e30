"""Receipts and exports as people read them."""

from datetime import UTC, datetime

from domain.erasure.digests import keyed_digest
from domain.erasure.wording import export_lines, receipt_lines
from schemas.records.erasures import Erasure

BEGUN = Erasure(
    person="paaaaaaaaaaaaa",
    digest="d1",
    requested_by="dpo",
    requested_at=datetime(2027, 3, 1, 9, tzinfo=UTC),
)


def test_a_receipt_says_what_was_done_to_how_many_rows() -> None:
    finished = BEGUN.having(
        finished_at=datetime(2027, 3, 1, 10, tzinfo=UTC),
        counts={"pulses": 2, "pins": 0, "people": 1},
    )
    text = "\n".join(receipt_lines(finished))
    assert "2 rows anonymised" in text
    assert "pins" not in text
    assert "d1" in text


def test_a_receipt_of_one_under_way_says_so() -> None:
    assert "nothing is erased yet" in "\n".join(receipt_lines(BEGUN))


def test_an_export_leaves_out_what_is_empty_and_says_what_an_erasure_does() -> None:
    row = {"person": "p1", "comment": "", "idea": "walk", "windows": [{"day": 0}]}
    text = "\n".join(export_lines({"pulses": [row]}))
    assert "- idea: walk" in text
    assert "comment" not in text
    assert "- windows: day 0" in text
    assert "anonymised" in text


def test_a_digest_needs_its_key() -> None:
    assert keyed_digest(b"one", "E1") == keyed_digest(b"one", "E1")
    assert keyed_digest(b"one", "E1") != keyed_digest(b"two", "E1")
    assert keyed_digest(b"one", "E1") != keyed_digest(b"one", "E2")
