"""Settings of model providers: where they are, what they can and cost, and how long they may take.

Their addresses are the operator's word alone, so private networks are allowed; what no operator
means is not: link-local addresses, where clouds keep credentials, and keys in the clear.
"""

from __future__ import annotations

import ipaddress
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

# Names that clouds give to the service that hands out a machine's credentials.
METADATA_NAMES = frozenset({"metadata", "metadata.google.internal", "instance-data"})
METADATA_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in ("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "100.100.100.200/32")
)


class ProviderKind(StrEnum):
    """The wire format a model provider speaks."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    OPENAI_COMPATIBLE = "openai_compatible"


class Capability(StrEnum):
    """What a provider's models can, beyond text."""

    JSON_SCHEMA = "json_schema"
    TOOLS = "tools"


class TokenPrice(BaseModel):
    """What a million tokens cost, in micro-units (millionths of a dollar)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input_micros: int = Field(ge=0, description="A million tokens read, in micro-units.")
    output_micros: int = Field(ge=0, description="A million tokens written, in micro-units.")
    cached_input_micros: int | None = Field(
        default=None, ge=0, description="A million tokens read from the provider's cache."
    )


class ProviderConfig(BaseModel):
    """One model provider. None is needed: the built-in rung always answers."""

    model_config = ConfigDict(extra="forbid")

    kind: ProviderKind = Field(description="openai, anthropic or openai_compatible.")
    base_url: str | None = Field(
        default=None, description="Root of the API; required for compatible ones."
    )
    api_key: SecretStr | None = Field(default=None, description="The provider's key.")
    models: list[str] = Field(default_factory=list, description="Model names, best first.")
    embedding_models: list[str] = Field(
        default_factory=list, description="Names of models that turn text into vectors."
    )
    moderation_models: list[str] = Field(
        default_factory=list,
        description="Models behind OpenAI's endpoint for moderation: omni-moderation-latest.",
    )
    local: bool = Field(
        default=False, description="It runs on your own hardware: words marked local may go there."
    )
    free: bool = Field(default=False, description="Its calls cost nothing.")
    price: TokenPrice | None = Field(
        default=None, description="Price of all its models, where the built-in list has none."
    )
    capabilities: list[Capability] | None = Field(
        default=None, description="What its models can; empty means what is known of them."
    )
    context_window: int | None = Field(
        default=None, ge=512, description="Tokens its models can take in and give out."
    )
    concurrency: int = Field(default=8, ge=1, le=1_000, description="Calls at once.")

    @model_validator(mode="after")
    def _refuse_unsafe_addresses(self) -> Self:
        if self.base_url is None:
            if self.kind is ProviderKind.OPENAI_COMPATIBLE:
                raise ValueError("an openai_compatible provider needs a base_url")
        else:
            check_address(self.base_url)
        if self.moderation_models and self.kind is ProviderKind.ANTHROPIC:
            raise ValueError("moderation_models speak OpenAI's language; anthropic has none")
        return self


class AiTimes(BaseModel):
    """How long a model may take before the next rung is asked, in seconds."""

    model_config = ConfigDict(extra="forbid")

    total_seconds: float = Field(default=60.0, gt=0, le=600, description="All attempts together.")
    first_token_seconds: float = Field(default=20.0, gt=0, description="Until it begins to answer.")
    idle_seconds: float = Field(default=15.0, gt=0, description="Silence in the middle of one.")
    buffer_seconds: float = Field(
        default=0.25, ge=0, le=5, description="Text held back, so that early failures do not show."
    )


class AiBudgets(BaseModel):
    """The most that models may cost, in micro-units (1,000,000 is a dollar); empty is no limit."""

    model_config = ConfigDict(extra="forbid")

    user_day_micros: int | None = Field(
        default=2_000_000, ge=0, description="One person in a day, in all workspaces."
    )
    user_month_micros: int | None = Field(
        default=20_000_000, ge=0, description="One person in a month, in all workspaces."
    )
    workspace_month_micros: int | None = Field(
        default=50_000_000, ge=0, description="One workspace in a month."
    )
    instance_month_micros: int | None = Field(
        default=200_000_000, ge=0, description="Everybody here in a month."
    )
    assumed_price: TokenPrice = Field(
        default=TokenPrice(input_micros=15_000_000, output_micros=75_000_000),
        description="What counts against budgets where a model's price is unknown.",
    )


class AiCache(BaseModel):
    """When an answer is used twice."""

    model_config = ConfigDict(extra="forbid")

    semantic_tasks: list[str] = Field(
        default_factory=list,
        description="Tasks (decompose, summarise, classify) whose kept answers also serve the same"
        " question in other words; needs an embedding model. Empty: only the very same question.",
    )


class AiKeeping(BaseModel):
    """How long what was asked and answered is kept."""

    model_config = ConfigDict(extra="forbid")

    prompt_days: int = Field(
        default=30, ge=0, le=3_650, description="Days a prompt can be read again; 0 keeps none."
    )
    call_days: int = Field(
        default=400, ge=31, le=3_650, description="Days a line of the ledger is kept."
    )


def check_address(url: str) -> None:
    """Raise ValueError for an address no operator means, or one that would show the key."""
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("base_url is an http or https address")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("base_url takes no user, password, query or fragment; use api_key")
    address = _address(host)
    if host.rstrip(".") in METADATA_NAMES or (address is not None and is_metadata(address)):
        raise ValueError("base_url points at the credentials of the machine")
    if parts.scheme == "http" and not _stays_near(host, address):
        raise ValueError("the key would travel unencrypted: use https beyond your own network")


def is_metadata(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Tell whether an address is one where clouds keep credentials, also in disguise."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return any((mapped or address) in network for network in METADATA_NETWORKS)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _stays_near(host: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> bool:
    if address is not None:
        return address.is_private or address.is_loopback
    # A bare name is a container's or this network's; these endings never leave it.
    return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan"))
