"""What a call costs, in whole micro-units. An unknown price is None, never nothing.

The operator's override counts first, then what the settings declare, then the built-in list, which
is loaded with the first call. Amounts are rounded up: half a millionth is still spent.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from selfos.features.ai.orchestration.chains import Rung
from selfos.features.ai.schemas.generation import Usage
from selfos.kernel.model_settings import ProviderKind, TokenPrice

MILLION = 1_000_000
DECLARED, FREE = "settings", "free"


@dataclass(frozen=True, slots=True)
class Cost:
    """Micro-units, and by which list; None where no list knows."""

    micros: int | None
    version: str | None


UNKNOWN = Cost(None, None)


@dataclass(frozen=True, slots=True)
class Prices:
    """All there is to know of prices; `overrides` go by (provider, model) and carry a version."""

    assumed: TokenPrice
    overrides: Mapping[tuple[str, str], tuple[TokenPrice, str]] = field(
        default_factory=dict[tuple[str, str], tuple[TokenPrice, str]]
    )

    def cost(self, rung: Rung, usage: Usage) -> Cost:
        """Return what these tokens cost. Tokens that nobody counted cost nothing.

        OpenAI's endpoint for moderation is free for whoever has a key.
        """
        if usage.input_tokens is None and usage.output_tokens is None:
            return Cost(0, None)
        if (found := self.overrides.get((rung.provider, rung.model))) is not None:
            price, version = found
            return Cost(priced(price, usage), version)
        if rung.config.price is not None and not rung.only_moderates:
            return Cost(priced(rung.config.price, usage), DECLARED)
        if rung.config.free or rung.only_moderates:
            return Cost(0, FREE)
        if rung.config.kind is ProviderKind.OPENAI_COMPATIBLE:
            # Its names may be anybody's; a price by name would be a guess.
            return UNKNOWN
        return _listed(rung, usage)

    def charge(self, rung: Rung, usage: Usage) -> int:
        """Return what counts against budgets."""
        return self.charged(rung, usage, self.cost(rung, usage))

    def charged(self, rung: Rung, usage: Usage, cost: Cost) -> int:
        """Return what of this cost counts: an unknown price is taken for a high one."""
        if cost.micros is not None:
            return cost.micros
        return 0 if rung.unmetered else priced(self.assumed, usage)

    def most(self, rung: Rung, input_tokens: int, output_tokens: int) -> int:
        """Return the most a call may cost, to set aside."""
        return self.charge(rung, Usage(input_tokens=input_tokens, output_tokens=output_tokens))


def priced(price: TokenPrice, usage: Usage) -> int:
    """Return what these tokens cost at this price, rounded up."""
    cached = usage.cache_read_tokens or 0
    cached_price = price.cached_input_micros
    fresh = (usage.input_tokens or 0) - (0 if cached_price is None else cached)
    total = fresh * price.input_micros + (usage.output_tokens or 0) * price.output_micros
    if cached_price is not None:
        total += cached * cached_price
    return -(-total // MILLION)


def _listed(rung: Rung, usage: Usage) -> Cost:
    prices: Any = importlib.import_module("genai_prices")
    counted = prices.Usage(
        input_tokens=usage.input_tokens or 0,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        output_tokens=usage.output_tokens or 0,
    )
    try:
        found = prices.calc_price(counted, rung.model, provider_id=str(rung.config.kind))
    except LookupError:
        return UNKNOWN
    total: Decimal = found.total_price
    return Cost(math.ceil(total * MILLION), f"genai-prices {prices.__version__}")
