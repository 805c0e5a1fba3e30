import io
import json
import logging
from typing import Any

import pytest
import structlog
from pydantic import BaseModel

from workers.logging import configure_logging


class Scored(BaseModel):
    score: int


@pytest.fixture
def lines(logging_given_back: None) -> io.StringIO:
    stream = io.StringIO()
    configure_logging("info", "json", stream)
    return stream


def only(stream: io.StringIO) -> dict[str, Any]:
    (line,) = stream.getvalue().splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_line_says_when_who_and_how_grave(lines: io.StringIO) -> None:
    structlog.get_logger("binome.test").info("started", queue="binome")
    line = only(lines)
    assert (line["event"], line["level"], line["logger"], line["queue"]) == (
        "started",
        "info",
        "binome.test",
        "binome",
    )
    assert line["timestamp"].endswith("Z")


def test_a_library_s_line_looks_like_ours(lines: io.StringIO) -> None:
    logging.getLogger("library").warning("slow %s", "poll")
    assert only(lines)["event"] == "slow poll"


@pytest.mark.parametrize("key", ["email", "name", "comment", "payload", "score"])
def test_a_value_that_may_be_personal_is_left_out(lines: io.StringIO, key: str) -> None:
    structlog.get_logger().info("refused", **{key: "Zebulon"})
    assert "Zebulon" not in lines.getvalue()


def test_an_exception_s_message_does_not_quote_its_value(lines: io.StringIO) -> None:
    try:
        Scored.model_validate({"score": "Zebulon"})
    except ValueError:
        logging.getLogger("library").exception("failed")
    assert only(lines)["exception"] == "ValidationError"
    assert "Zebulon" not in lines.getvalue()


def test_an_exception_is_logged_with_its_place(lines: io.StringIO) -> None:
    try:
        raise ConnectionRefusedError("nobody listens")
    except OSError:
        structlog.get_logger().exception("failed")
    line = only(lines)
    assert line["exception"] == "ConnectionRefusedError: nobody listens"
    assert "test_logging.py" in line["places"][-1]


def test_an_object_is_logged_by_its_type_alone(lines: io.StringIO) -> None:
    structlog.get_logger().info("got", thing=Scored(score=3))
    assert only(lines)["thing"] == "<Scored>"


def test_lines_below_the_level_are_not_written(lines: io.StringIO) -> None:
    structlog.get_logger("quiet").debug("detail")
    assert lines.getvalue() == ""
