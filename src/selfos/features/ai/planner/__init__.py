"""The built-in planner: turns a goal in the user's words into dated steps, without a model.

Pure: no database, no clock, no network; `plan_goal(request)` is the one entry point. It reads the
words (`reading`), picks a playbook (`matching`), fills its slots (`slots`), sizes the numbers
(`progressions`), writes the steps (`drafting`) and lays them on the calendar (`scheduling`).
`validation` holds the rules that every plan must pass, whichever rung wrote it.
"""

from selfos.features.ai.planner.model import (
    Infeasible,
    PlanDraft,
    PlanRequest,
    PlanStep,
    Question,
    WeekLoad,
)
from selfos.features.ai.planner.proposing import plan_goal
from selfos.features.ai.planner.validation import plan_faults

__all__ = [
    "Infeasible",
    "PlanDraft",
    "PlanRequest",
    "PlanStep",
    "Question",
    "WeekLoad",
    "plan_faults",
    "plan_goal",
]
