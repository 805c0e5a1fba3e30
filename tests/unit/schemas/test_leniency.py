"""What the system carries is read by older releases too; what people type is not guessed at."""

import json

import pytest
from pydantic import ValidationError

from schemas.pair import PairStart, PairState
from tests.support.lives import A_START, a_pair


def newer(model: PairState | PairStart) -> dict[str, object]:
    """As a newer release would write it: with fields that this one does not know."""
    written = model.model_dump(mode="json")
    written["policy"]["matching"]["of_a_newer_release"] = True
    return written


def test_a_state_whose_policy_is_newer_can_be_read() -> None:
    state = a_pair()
    assert PairState.model_validate(newer(state)) == state
    assert PairState.model_validate_json(json.dumps(newer(state))) == state


def test_a_start_document_with_an_unknown_field_within_is_refused() -> None:
    with pytest.raises(ValidationError, match="of_a_newer_release"):
        PairStart.model_validate(newer(A_START))
