"""Money, privacy and calls as they cross a door. Money counts in millionths of a dollar."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from selfos.features.ai.schemas.words import AiTask, Dial, Engine, Outcome
from selfos.kernel.documents import PageQuery
from selfos.kernel.schema import Input, Name, Page, Query, View

MOST_AREAS = 200
MOST_NAMES = 200
# A thousand dollars a token would be a typing error.
Micros = Annotated[int, Field(ge=0, le=10**15)]
PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)]


class AreaDial(Input):
    """How far the words of one life area may travel."""

    area_id: UUID
    dial: Dial


class PrivacyUpdate(Input):
    """What is absent stays; areas that are not named stay as they are."""

    dial: Dial = Dial.ANY
    hide_names: bool = False
    hide_numbers: bool = False
    hidden_names: Annotated[list[PersonName], Field(max_length=MOST_NAMES)] = []
    areas: Annotated[list[AreaDial], Field(max_length=MOST_AREAS)] = []


class AreaDialView(View):
    """One area that has a dial of its own."""

    area_id: UUID
    dial: Dial


class PrivacyView(View):
    """The workspace's dial, and the areas that are stricter or looser; the strictest counts."""

    dial: Dial
    hide_names: bool
    hide_numbers: bool
    hidden_names: Annotated[
        list[str], Field(description="Hidden besides the members' names, where names are hidden.")
    ]
    areas: list[AreaDialView]


class LimitsUpdate(Input):
    """What the workspace allows itself; null is no limit of its own, absent stays."""

    user_day_micros: Micros | None = None
    user_month_micros: Micros | None = None
    workspace_month_micros: Micros | None = None


class BudgetScope(StrEnum):
    """Whose spending a budget holds."""

    INSTANCE_MONTH = "instance_month"
    USER_DAY = "user_day"
    USER_MONTH = "user_month"
    WORKSPACE_MONTH = "workspace_month"


class BudgetView(View):
    """One budget: the limit that holds, the workspace's own, and how much of it is gone."""

    scope: BudgetScope
    period: str
    limit_micros: int | None
    own_limit_micros: int | None
    spent_micros: int
    reserved_micros: int


class BudgetsView(View):
    """The budgets a call of mine runs on; the instance's is there for its operator alone."""

    budgets: list[BudgetView]


class UsageGrouping(StrEnum):
    """What to add up by."""

    DAY = "day"
    TASK = "task"
    MODEL = "model"


class UsageQuery(Query):
    """Which calls to add up: mine, or everybody's here for those who manage AI."""

    by: UsageGrouping = UsageGrouping.DAY
    days: Annotated[int, Field(ge=1, le=400)] = 30
    everybody: bool = False


class UsageRow(View):
    """One day, task or model. `unpriced` counts calls of unknown price, which add no cost."""

    key: str
    calls: int
    failed: int
    cached: int
    input_tokens: int
    output_tokens: int
    cost_micros: int
    unpriced: int


class UsageView(View):
    """What was used since `since`, added up."""

    since: date
    by: UsageGrouping
    rows: list[UsageRow]


class CallQuery(PageQuery):
    """Narrow the list of my calls."""

    task: AiTask | None = None
    model: Annotated[Name | None, Field(description="As `provider/model`.")] = None
    outcome: Outcome | None = None
    generation_id: UUID | None = None


class CallView(View):
    """One attempt at one model. A null cost is an unknown price, not nothing."""

    id: UUID
    generation_id: UUID
    number: int
    at: datetime
    task: AiTask
    prompt_version: str
    engine: Engine
    provider: str
    model: str
    served_model: str | None
    outcome: Outcome
    detail: str
    input_tokens: int | None
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    estimated: bool
    price_version: str | None
    cost_micros: int | None
    latency_ms: int
    first_token_ms: int | None
    background: bool


class CallPage(Page):
    """My calls, newest first."""

    items: list[CallView]


class PromptView(View):
    """The very words that left, names hidden as they were, and what came back."""

    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]]
    answer: str


class CallWithPrompt(CallView):
    """One call; `prompt` is null once it is too old to be kept."""

    prompt: PromptView | None


class ModelState(StrEnum):
    """Whether a model is asked."""

    READY = "ready"
    RESTING = "resting"
    MISCONFIGURED = "misconfigured"


class RungView(View):
    """One model of a chain."""

    provider: str
    model: str
    local: bool
    state: ModelState
    rests_seconds: Annotated[int, Field(ge=0, description="For how long it is not asked.")]


class ChainView(View):
    """Whom a task asks, in order; after the last one rules answer."""

    task: AiTask
    rungs: list[RungView]


class ProviderView(View):
    """One provider, without its key."""

    name: str
    kind: str
    local: bool
    models: list[str]
    embedding_models: list[str]
    moderation_models: list[str]


class AiStatusView(View):
    """Who can answer here, and for which task in which order."""

    providers: list[ProviderView]
    chains: list[ChainView]
    by_meaning: Annotated[
        list[AiTask],
        Field(description="Tasks whose kept answers also serve the same question in other words."),
    ]
    enabled: Annotated[bool, Field(description="I let models answer me.")]
    operator: Annotated[bool, Field(description="I run this instance, and may set prices.")]


class ModelName(Query):
    """Which model is meant."""

    provider: Name
    model: Name


class PriceUpdate(Input):
    """What a million tokens of a model cost."""

    provider: Name
    model: Name
    input_micros: Micros
    output_micros: Micros
    cached_input_micros: Micros | None = None


class PriceView(View):
    """One price by the operator's word."""

    provider: str
    model: str
    input_micros: int
    output_micros: int
    cached_input_micros: int | None
    updated_at: datetime


class PriceList(View):
    """Every price by the operator's word."""

    items: list[PriceView]
