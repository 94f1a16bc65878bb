"""What every event about a task tells."""

from __future__ import annotations

from typing import Any

from selfos.features.planning.models import Task


def surroundings(task: Task) -> dict[str, Any]:
    """Return a task's id and the containers it lies in now."""
    return {
        "task_id": task.id,
        "parent_id": task.parent_id,
        "project_id": task.project_id,
        "goal_id": task.goal_id,
        "area_id": task.area_id,
    }
