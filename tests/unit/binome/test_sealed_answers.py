"""What `binome doctor` says of the keys of sealed answers."""

import pytest

from binome.doctor.sealed_answers import diagnosis
from schemas.records.sealing import DataKeyCount

CASES = [
    # keys by secret             healthy  words
    ({}, True, "nothing is sealed yet"),
    ({"new": 3}, True, "3 keys, all wrapped by BINOME_SECRET"),
    ({"new": 3, "old": 1}, True, "1 key of 4 still wrapped by an older secret"),
    ({"old": 2}, True, "2 keys of 2 still wrapped by an older secret"),
    ({"new": 3, "gone": 2}, False, "2 keys wrapped by a secret that is not set here"),
]


@pytest.mark.parametrize(("keys", "healthy", "words"), CASES)
def test_it_says_whether_an_older_secret_may_go(
    keys: dict[str, int], healthy: bool, words: str
) -> None:
    counts = [DataKeyCount(wrapped_by=by, keys=count) for by, count in keys.items()]
    found = diagnosis(counts, ["new", "old"])
    assert (found.healthy, words in found.found) == (healthy, True), found.found
    assert healthy or "BINOME_OLDER_SECRETS" in found.remedy
