"""What a user can begin with in a client that shows prompts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompt:
    """A beginning, in the user's words."""

    name: str
    title: str
    description: str
    text: str


PROMPTS = {
    prompt.name: prompt
    for prompt in (
        Prompt(
            "plan_my_day",
            "Plan my day",
            "Look at today and propose an order that fits.",
            "Look at my day with get_today. Tell me in a few sentences what matters, what is "
            "overdue and what could wait. If something should move, propose it as one proposal "
            "with a reason for each change, and give me its address.",
        ),
        Prompt(
            "weekly_review",
            "Weekly review",
            "Look back on the week, and ahead.",
            "Let us review my week. Read list_history, list_goals and get_calendar for the next "
            "seven days. Say what moved, which goals are behind and why, and ask me one question. "
            "Then propose at most five changes as one proposal.",
        ),
        Prompt(
            "break_down_a_goal",
            "Break down a goal",
            "Turn a goal into steps that fit the weeks there are.",
            "Ask me which goal, then read it with get_goal. Ask what you need to know, at most "
            "three questions, and propose a plan with decompose_goal.",
        ),
    )
}
