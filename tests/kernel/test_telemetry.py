"""Logs: one JSON object a line, with the request's id, without anybody's words."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from selfos.kernel.telemetry import (
    configure_logging,
    current_request_id,
    get_logger,
    request_id_bound,
)

PASSWORD = "a password in a local variable"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Give logging back as it was found."""
    root = logging.getLogger()
    handlers, level, configuration = root.handlers, root.level, structlog.get_config()
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**configuration)


def fail(password: str) -> None:
    raise ValueError(f"wrong length: {len(password)}")


def test_a_line_is_one_object_with_level_time_and_request_id(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("info", "json")
    with request_id_bound("request-1"):
        assert current_request_id() == "request-1"
        get_logger("test").info("calendar.synced", added=3)
        logging.getLogger("library").warning("told by a library")
    assert current_request_id() is None
    get_logger("test").debug("too.small")
    ours, theirs = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["added"], ours["level"]) == ("calendar.synced", 3, "info")
    assert (ours["request_id"], theirs["request_id"]) == ("request-1", "request-1")
    assert ours["timestamp"].endswith("Z")
    assert theirs["event"] == "told by a library"


@pytest.mark.parametrize("form", ["json", "text", "auto"])
def test_an_error_is_told_without_local_variables(
    capsys: pytest.CaptureFixture[str], form: str
) -> None:
    configure_logging("info", form)
    try:
        fail(PASSWORD)
    except ValueError:
        get_logger("test").exception("went.wrong")
    said = capsys.readouterr().err
    assert "wrong length" in said
    assert "ValueError" in said
    assert PASSWORD not in said
    if form == "json":
        assert json.loads(said)["exception"][0]["exc_type"] == "ValueError"


def test_the_engine_does_not_repeat_whom_a_dead_job_was_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("info", "json")
    engine = logging.getLogger("procrastinate.worker")
    engine.error("Job mail[1](to='ada@example.org') ended", extra={"action": "job_error"})
    engine.error("anything else")
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["event"] == "anything else"


def test_noisy_libraries_are_kept_down(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("debug", "json")
    logging.getLogger("sqlalchemy.engine").info("SELECT somebody's words")
    logging.getLogger("procrastinate.worker").info("args")
    assert capsys.readouterr().err == ""
