"""Without a key every operation about AI answers by rules, says so, and loads no library."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from selfos.kernel.embedded import Embedded

HERE = Path(__file__)
# These show or change what is kept, as somebody said or set it, and make or judge nothing; or they
# reckon alone, and no model ever does that for them.
KEEPS = set(
    "show_ai_budgets update_ai_budgets list_ai_calls get_ai_call delete_ai_price list_ai_prices"
    " set_ai_price show_ai_privacy update_ai_privacy show_ai_status show_ai_usage"
    " list_assistant_profiles create_assistant_profile get_assistant_profile_options"
    " delete_assistant_profile get_assistant_profile update_assistant_profile"
    " make_assistant_profile_default list_conversations create_conversation"
    " analyse_conversations delete_conversation get_conversation update_conversation correct_intent"
    " forget_everything list_facts remember_fact forget_fact get_fact confirm_fact correct_fact"
    " list_fact_uses get_memory_profile update_memory_profile list_listed_words create_listed_word"
    " delete_listed_word list_nudges show_calm update_calm hear_again accept_nudge dismiss_nudge"
    " get_onboarding update_onboarding reset_onboarding skip_onboarding list_messages erase_message"
    " list_stories delete_story list_feedback give_feedback give_feedback_in_bulk"
    " take_feedback_back show_feedback_stats get_feedback_consent update_feedback_consent"
    " show_insights time_task recommend forecast_goal show_reliability".split()
)
# The grammar alone reads a line while it is typed and when it is added; no model ever does.
READS = {"quick_add", "parse_quick_text"}


@pytest.fixture(scope="module")
def served(
    postgres: Embedded, database: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What an instance without a key did in a process of its own."""
    script, url = "tests.features.ai.without_a_key", postgres.url("selfos_app", database)
    command = [sys.executable, "-m", script, str(tmp_path_factory.mktemp("keyless")), url]
    done = subprocess.run(
        command, cwd=HERE.parents[3], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_without_a_key_no_library_of_a_vendor_is_loaded(served: dict[str, Any]) -> None:
    assert served["loaded"] == []


def test_without_a_key_every_answer_of_ai_is_by_rules_and_says_so(served: dict[str, Any]) -> None:
    answered = served["engines"]
    assert answered.keys() >= KEEPS | READS
    others = {name: by for name, by in answered.items() if name not in KEEPS | READS}
    assert {name: by for name, by in others.items() if by != ["rules"]} == {}
