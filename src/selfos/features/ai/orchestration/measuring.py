"""What operators can watch: Prometheus metrics and OpenTelemetry spans. Never a user, never a word.

The names of the OpenTelemetry conventions for GenAI are still in development; they stand here only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry import trace
from prometheus_client import Counter, Gauge, Histogram

from selfos.features.ai.orchestration.breaker import BreakerState

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from selfos.features.ai.schemas.generation import Attempt
    from selfos.features.ai.schemas.words import AiTask, Engine, Reason

LABELS = ("task", "provider", "model", "outcome")
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120)
BREAKER_VALUES = {BreakerState.CLOSED: 0, BreakerState.HALF_OPEN: 1, BreakerState.OPEN: 2}

CALLS = Counter("selfos_ai_calls", "Attempts at models.", LABELS)
DURATION = Histogram("selfos_ai_call_seconds", "How long an attempt took.", LABELS, buckets=SECONDS)
FIRST_TOKEN = Histogram(
    "selfos_ai_first_token_seconds", "Until a model began.", LABELS[:3], buckets=SECONDS
)
TOKENS = Counter("selfos_ai_tokens", "Tokens read and written.", (*LABELS[:3], "direction"))
COST = Counter("selfos_ai_cost_micros", "Cost in micro-units, where known.", LABELS[:3])
UNPRICED = Counter("selfos_ai_unpriced_calls", "Answers of unknown price.", LABELS[:3])
ANSWERS = Counter("selfos_ai_answers", "Answers by rung.", ("task", "engine", "reason"))
BREAKER = Gauge("selfos_ai_breaker", "0 closed, 1 half-open, 2 open.", ("provider", "model"))
QUEUE = Gauge("selfos_ai_queue", "Questions at a provider.", ("provider", "state"))

_tracer = trace.get_tracer("selfos.ai")


def begin_span(task: AiTask, provider: str, model: str) -> Span:
    """Begin the span of an attempt."""
    return _tracer.start_span(
        f"chat {model}",
        kind=trace.SpanKind.CLIENT,
        attributes={
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": provider,
            "gen_ai.request.model": model,
            "selfos.ai.task": task,
        },
    )


def end_span(span: Span, made: Attempt, served: str | None) -> None:
    """End it with what is known."""
    usage = made.usage
    span.set_attributes(
        {
            "gen_ai.response.model": served or made.model,
            "gen_ai.usage.input_tokens": usage.input_tokens or 0,
            "gen_ai.usage.output_tokens": usage.output_tokens or 0,
            "selfos.ai.outcome": made.outcome,
        }
    )
    span.end()


def count_attempt(task: AiTask, made: Attempt) -> None:
    """Count one attempt."""
    which = (task, made.provider, made.model)
    CALLS.labels(*which, made.outcome).inc()
    DURATION.labels(*which, made.outcome).observe(made.latency_ms / 1_000)
    if made.first_token_ms is not None:
        FIRST_TOKEN.labels(*which).observe(made.first_token_ms / 1_000)
    TOKENS.labels(*which, "input").inc(made.usage.input_tokens or 0)
    TOKENS.labels(*which, "output").inc(made.usage.output_tokens or 0)
    if made.cost_micros is None:
        UNPRICED.labels(*which).inc()
    else:
        COST.labels(*which).inc(made.cost_micros)


def count_answer(task: AiTask, engine: Engine, reason: Reason | None) -> None:
    """Count one answer, by whom and why not by somebody better."""
    ANSWERS.labels(task, engine, reason or "").inc()


def show_queue(provider: str, *, inside: int, waiting: int) -> None:
    """Show how many questions a provider is answering, and how many wait for a place."""
    QUEUE.labels(provider, "inside").set(inside)
    QUEUE.labels(provider, "waiting").set(waiting)


def show_breaker(provider: str, model: str, state: BreakerState) -> None:
    """Show whether a model is asked."""
    BREAKER.labels(provider, model).set(BREAKER_VALUES[state])
