"""Who answered: every operation of AI that makes or judges something says it."""

import re
from collections.abc import Callable

import httpx2
from fastapi import FastAPI

from selfos.kernel.core import Kernel
from tests.factories import Person, register
from tests.security.every_operation import BUILDERS
from tests.security.operations import operations
from tests.security.world import Owner, send

ABOUT_AI = {"ai", "assistant", "memory", "moderation", "proposals", "quick-add", "stories"}
# These show or change what is kept, as somebody said or set it, and make or judge nothing.
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
    " list_stories delete_story".split()
)
# The grammar alone reads a line while it is typed and when it is added; no model ever does.
READS = {"quick_add", "parse_quick_text"}


def about_ai(app: FastAPI) -> set[str]:
    return {
        details["operationId"]
        for methods in app.openapi()["paths"].values()
        for details in methods.values()
        if ABOUT_AI.intersection(details.get("tags", []))
    }


def engines(answer: httpx2.Response) -> set[str]:
    """Name who made the things in an answer; what a person said was made by nobody."""
    return set(re.findall(r'"engine"\s*:\s*"([^"]+)"', answer.text))


async def test_without_a_key_every_answer_of_ai_is_by_rules_and_says_so(
    app: FastAPI, kernel: Kernel, new_client: Callable[[], httpx2.AsyncClient]
) -> None:
    async def new_person() -> Person:
        return await register(kernel, new_client())

    person, known = await new_person(), about_ai(app)
    owner = Owner(person, str(person.workspace_id), person, new_person)
    assert known >= KEEPS | READS
    for operation in operations(app):
        if operation.id not in known - KEEPS - READS:
            continue
        for tree in await BUILDERS[operation.id](owner):
            answer = await send(person.client, operation.method, operation.path, tree)
            assert answer.is_success, f"{operation.id}: {answer.text}"
            assert engines(answer) == {"rules"}, operation.id
