"""The bottom rung: playbooks and arithmetic. Always there, same answer every time."""

from __future__ import annotations

from selfos.features.ai.planner import PlanDraft, PlanRequest, plan_goal
from selfos.features.ai.schemas import Engine


class RulesProvider:
    """The built-in planner."""

    engine = Engine.RULES

    def plan(self, request: PlanRequest) -> PlanDraft:
        """Plan by playbook."""
        return plan_goal(request)
