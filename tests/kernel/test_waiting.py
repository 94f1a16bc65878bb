"""What others say about coming back."""

from datetime import UTC, datetime, timedelta

from selfos.kernel.waiting import wait_in


def test_a_service_is_believed_for_a_day() -> None:
    now = datetime(2026, 3, 29, 12, tzinfo=UTC)
    said = {
        "90": 90,
        "0": 0,
        "86401": 86_400,
        "999999999": 86_400,
        "Sun, 29 Mar 2026 12:01:30 GMT": 90,
        "Sun, 29 Mar 2026 11:00:00 GMT": 0,
        "Sun, 29 Mar 2026 12:01:30 -0000": 90,
        "Wed, 29 Mar 2028 12:00:00 GMT": 86_400,
    }
    assert {text: wait_in(text, now) for text in said} == {
        text: timedelta(seconds=seconds) for text, seconds in said.items()
    }
    for nonsense in (
        None,
        "",
        "-5",
        "soon",
        "9" * 5_000,
        "\u0665",
        "Sun, 99 Mar 2026 12:00:00 GMT",
        "Sun, 29 Mar 99999999999 12:00:00 GMT",
        f"Sun, 29 Mar 2026 12:00:00 +{'9' * 20}",
    ):
        assert wait_in(nonsense, now) is None
