"""An assistant in process: it calls tools as the doors do, with the consent a test gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from selfos.features.ai import service as ai
from selfos.features.ai.schemas import Dial
from selfos.kernel.context import Actor, open_context
from selfos.kernel.ledger.models import ActorKind, Door
from selfos.kernel.permissions import Role, permissions_of
from selfos.kernel.tools import Consent, Group, Level
from tests.factories import Person

READER = dict.fromkeys(Group, Level.READ)
PROPOSER = dict.fromkeys(Group, Level.PROPOSE)
ACTOR = dict.fromkeys(Group, Level.ACT)


@dataclass(frozen=True)
class Assistant:
    """Acts for a person in their workspace, through the MCP door."""

    person: Person
    levels: dict[Group, Level]
    role: Role = Role.OWNER
    reach: Dial = Dial.ANY

    async def call(self, name: str, /, **arguments: Any) -> ai.ToolOutcome:
        """Call a tool in a transaction of its own."""
        async with open_context(
            self.person.kernel,
            workspace_id=self.person.workspace_id,
            actor=Actor(ActorKind.USER, self.person.user_id),
            permissions=permissions_of(self.role),
            door=Door.MCP,
        ) as ctx:
            consent = Consent("Robin", self.levels)
            tools = self.person.kernel.tools
            return await ai.call_tool(ctx, tools, name, arguments, consent, reach=self.reach)

    async def read(self, name: str, /, **arguments: Any) -> Any:
        """Call a tool that reads."""
        outcome = await self.call(name, **arguments)
        assert isinstance(outcome, ai.Told)
        return outcome.data

    async def propose(self, name: str, /, **arguments: Any) -> ai.Proposed:
        """Call a tool that is expected to propose."""
        outcome = await self.call(name, **arguments)
        assert isinstance(outcome, ai.Proposed)
        return outcome

    async def act(self, name: str, /, **arguments: Any) -> ai.Acted:
        """Call a tool that is expected to act."""
        outcome = await self.call(name, **arguments)
        assert isinstance(outcome, ai.Acted)
        return outcome
