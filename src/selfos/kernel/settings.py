"""One `Settings`: environment variables `SELFOS_*`, then `selfos.toml`, then defaults."""

from __future__ import annotations

import ipaddress
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, FilePath, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from selfos.kernel.model_settings import AiBudgets, AiCache, AiKeeping, AiTimes, ProviderConfig

PREFIX = "SELFOS_"


class Registration(StrEnum):
    """Who may make an account."""

    OPEN = "open"
    FIRST_USER = "first_user"
    CLOSED = "closed"


class NotificationSettings(BaseModel):
    """How mail and pushes leave this instance."""

    model_config = ConfigDict(extra="forbid")

    smtp_host: str | None = Field(
        default=None,
        description="Mail server. Without one, mails are written to DATA/outbox as .eml.",
    )
    smtp_port: int = Field(default=587, ge=1, le=65_535, description="Port of the mail server.")
    smtp_username: str | None = Field(default=None, description="Account at the mail server.")
    smtp_password: SecretStr | None = Field(
        default=None, description="Password at the mail server."
    )
    smtp_security: str = Field(
        default="starttls", pattern="^(none|starttls|tls)$", description="none, starttls or tls."
    )
    sender: str = Field(default="SelfOS <selfos@localhost>", description="The From header.")
    bounce_secret: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="What a mail provider's webhook shows to report bounces.",
    )
    push_private_networks: bool = Field(
        default=False, description="Push to addresses of private networks as well."
    )
    chat_private_networks: bool = Field(
        default=False,
        description="Let ntfy, Matrix and their like be on private networks, and on any port.",
    )
    fcm_service_account: FilePath | None = Field(
        default=None, description="Key file (JSON) of a Firebase service account, for Android apps."
    )
    fcm_base_url: str = Field(
        default="https://fcm.googleapis.com", description="Root of Firebase Cloud Messaging."
    )
    apns_key: FilePath | None = Field(
        default=None, description="Key file (.p8) of Apple's push service, for apps on iPhones."
    )
    apns_key_id: str | None = Field(default=None, description="Id of that key.")
    apns_team_id: str | None = Field(default=None, description="The developer team it is of.")
    apns_topic: str | None = Field(default=None, description="Bundle id of the app.")
    apns_base_url: str = Field(
        default="https://api.push.apple.com",
        description="Apple's push service; the sandbox is https://api.sandbox.push.apple.com.",
    )

    @model_validator(mode="after")
    def need_all_of_apple(self) -> Self:
        """Stop at a key that could not be used."""
        parts = (self.apns_key_id, self.apns_team_id, self.apns_topic)
        if self.apns_key is not None and not all(parts):
            raise ValueError("apns_key needs apns_key_id, apns_team_id and apns_topic beside it")
        return self


def default_data_folder() -> Path:
    """Return where data lives unless told: a system folder for root, the user's own otherwise."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/selfos")
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/selfos"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "selfos"


class HelpLine(BaseModel):
    """Somebody who answers people in need."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=100, description="What it is called.")
    contact: str = Field(min_length=1, max_length=200, description="What to call, text or open.")
    region: str = Field(min_length=1, max_length=100, description="Where it answers.")


class Settings(BaseSettings):
    """Everything an operator can set. Unknown `SELFOS_*` names and unsafe mixes stop the start."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        toml_file="selfos.toml",
        validate_default=True,
    )

    data: Path = Field(
        default_factory=default_data_folder,
        description="Folder for the embedded database, files, keys and outgoing mail.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65_535, description="Port to listen on.")
    public_url: str | None = Field(
        default=None, description="The address people type, when it is not http://HOST:PORT."
    )
    name: str = Field(
        default="SelfOS", max_length=80, description="What this instance calls itself."
    )
    database_url: SecretStr | None = Field(
        default=None, description="PostgreSQL >= 15 with pgvector; empty means the embedded server."
    )
    migration_database_url: SecretStr | None = Field(
        default=None, description="The owner's URL for `selfos migrate`, when it differs."
    )
    database_pool_size: int = Field(
        default=16, ge=1, le=500, description="Connections per process."
    )
    database_wait_seconds: float = Field(
        default=5.0,
        gt=0,
        le=60,
        description="How long a request waits for a connection before 503.",
    )
    database_prepared_statements: bool = Field(
        default=True, description="Turn off behind PgBouncer in transaction mode."
    )
    storage_url: str | None = Field(
        default=None, description="Where files go: file:///path or s3://bucket; default DATA/files."
    )
    secret_key: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Master key; default: DATA/secret.key, made at first start.",
    )
    registration: Registration = Field(
        default=Registration.OPEN, description="Who may make an account."
    )
    password_minimum: int = Field(default=8, ge=8, le=64, description="Shortest accepted password.")
    trusted_proxies: list[str] = Field(
        default_factory=list, description="Networks whose X-Forwarded-For is believed."
    )
    cors_origins: list[str] = Field(
        default_factory=list, description="Other origins that may call the API with tokens."
    )
    rate_limit_per_minute: int = Field(
        default=600,
        ge=1,
        description="Requests per minute for one account (reads cost 1, writes 2).",
    )
    rate_limit_url: str = Field(
        default="async+memory://", description="Where counters live: memory, or async+redis://host."
    )
    worker_in_server: bool = Field(default=True, description="Run jobs inside `selfos serve`.")
    worker_concurrency: int = Field(default=4, ge=1, le=64, description="Jobs at once per process.")
    log_level: str = Field(
        default="info", pattern="^(debug|info|warning|error)$", description="Verbosity."
    )
    log_format: str = Field(
        default="auto", pattern="^(auto|json|text)$", description="json, text or auto."
    )
    debug: bool = Field(default=False, description="Show tracebacks in answers. Only on loopback.")
    allow_insecure_http: bool = Field(
        default=False,
        description="Serve plain http beyond loopback (a private network, a TLS proxy).",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="What Prometheus shows at /metrics; empty means there is no such page.",
    )
    mcp_token: SecretStr | None = Field(
        default=None, description="The token that `selfos mcp` signs in with."
    )
    crisis_lines: dict[str, HelpLine | None] = Field(
        default_factory=dict[str, HelpLine | None],
        description="Help lines by country (`DE`), instead of the built-in ones; null takes away.",
    )
    ai_providers: dict[str, ProviderConfig] = Field(
        default_factory=dict[str, ProviderConfig], description="Model providers by name."
    )
    ai_chains: dict[str, list[str]] = Field(
        default_factory=dict[str, list[str]],
        description="For a task (coach, story ...) the models to ask, in order: PROVIDER/MODEL.",
    )
    ai_times: AiTimes = AiTimes()
    ai_budgets: AiBudgets = AiBudgets()
    ai_keeping: AiKeeping = AiKeeping()
    ai_cache: AiCache = AiCache()
    notification_settings: NotificationSettings = NotificationSettings.model_validate({})

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - given by the base
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: arguments, environment, file."""
        _refuse_unknown_names(settings_cls)
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @model_validator(mode="after")
    def refuse_unsafe_mixes(self) -> Self:
        """Stop before serving secrets in the clear or tracebacks to strangers."""
        if not self.on_loopback and self.debug:
            raise ValueError("debug shows tracebacks; it is only allowed on a loopback host")
        if not self.on_loopback and not self.secure and not self.allow_insecure_http:
            raise ValueError(
                "passwords would travel unencrypted: set SELFOS_PUBLIC_URL to the https address of "
                "your proxy, or SELFOS_ALLOW_INSECURE_HTTP=true on a network you trust"
            )
        if "*" in self.cors_origins:
            raise ValueError("cors_origins needs full origins; '*' is never allowed")
        for network in self.trusted_proxies:
            ipaddress.ip_network(network)
        return self

    @property
    def on_loopback(self) -> bool:
        """Tell whether only this machine can reach us."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def origin(self) -> str:
        """Return the origin people use, such as https://life.example."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Tell whether people reach us over TLS."""
        return urlsplit(self.origin).scheme == "https"


def _refuse_unknown_names(settings: type[BaseSettings]) -> None:
    """A misspelt SELFOS_ variable is an error, not a silent default."""
    known = {f"{PREFIX}{name}".upper() for name in settings.model_fields}
    for name in os.environ:
        if name.startswith(PREFIX) and name.split("__")[0].upper() not in known:
            raise ValueError(f"unknown setting {name}; see docs/reference/configuration.md")
