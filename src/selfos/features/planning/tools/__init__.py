"""What planning offers to assistants, noun by noun."""

from selfos.features.planning.tools import goals, places, tasks

TOOLS = (*tasks.TOOLS, *goals.TOOLS, *places.TOOLS)
