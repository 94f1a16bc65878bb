"""One Settings; misspelt names and unsafe mixes stop the start."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from selfos.kernel.model_settings import ProviderConfig, ProviderKind
from selfos.kernel.settings import Settings


def test_the_environment_counts_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "selfos.toml").write_text('name = "File"\nport = 9000\n')
    monkeypatch.setenv("SELFOS_NAME", "Environment")
    settings = Settings()
    assert settings.name == "Environment"
    assert settings.port == 9000


def test_a_misspelt_variable_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFOS_PROT", "9000")
    with pytest.raises(ValueError, match="SELFOS_PROT"):
        Settings()


def test_an_unknown_key_in_the_file_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "selfos.toml").write_text("prot = 9000\n")
    with pytest.raises(ValidationError, match="prot"):
        Settings()


def test_nested_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFOS_NOTIFICATION_SETTINGS__SMTP_HOST", "mail.example.org")
    monkeypatch.setenv("SELFOS_AI_PROVIDERS__LOCAL__KIND", "openai_compatible")
    monkeypatch.setenv("SELFOS_AI_PROVIDERS__LOCAL__BASE_URL", "http://127.0.0.1:11434/v1")
    settings = Settings()
    assert settings.notification_settings.smtp_host == "mail.example.org"
    assert settings.ai_providers["local"].kind == "openai_compatible"


@pytest.mark.parametrize(
    ("mix", "reason"),
    [
        ({"host": "0.0.0.0", "debug": True, "public_url": "https://a.example"}, "tracebacks"),  # noqa: S104
        ({"host": "0.0.0.0"}, "unencrypted"),  # noqa: S104
        ({"host": "life.example"}, "unencrypted"),
        ({"cors_origins": ["*"]}, "full origins"),
        ({"trusted_proxies": ["not a network"]}, "not a network"),
        ({"secret_key": "short"}, "at least 32"),
        ({"password_minimum": 4}, "greater than or equal to 8"),
    ],
)
def test_an_unsafe_mix_stops_the_start(mix: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Settings.model_validate(mix)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_loopback_needs_no_tls(host: str) -> None:
    settings = Settings(host=host, debug=True)
    assert settings.on_loopback
    assert not settings.secure


def test_a_public_https_address_makes_cookies_secure() -> None:
    settings = Settings(host="0.0.0.0", public_url="https://life.example/")  # noqa: S104
    assert settings.secure
    assert settings.origin == "https://life.example"


def test_secrets_do_not_show() -> None:
    settings = Settings(secret_key="0123456789abcdef0123456789abcdef")  # pyright: ignore[reportArgumentType]
    assert "0123456789" not in repr(settings)


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest",
        "http://[::ffff:169.254.169.254]/v1",
        "http://[fd00:ec2::254]/v1",
        "https://metadata.google.internal/v1",
        "http://models.example.org/v1",
        "https://user:word@models.example.org/v1",
        "ftp://127.0.0.1/v1",
        "file:///etc/passwd",
        "127.0.0.1:11434",
    ],
)
def test_an_address_no_operator_means_stops_the_start(address: str) -> None:
    with pytest.raises(ValidationError, match=r"base_url|unencrypted"):
        ProviderConfig(kind=ProviderKind.OPENAI_COMPATIBLE, base_url=address)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:11434/v1",
        "http://192.168.1.20:8080/v1",
        "http://ollama:11434/v1",
        "http://box.local/v1",
        "https://models.example.org/v1",
    ],
)
def test_models_may_live_on_ones_own_network(address: str) -> None:
    assert ProviderConfig(kind=ProviderKind.OPENAI_COMPATIBLE, base_url=address).base_url == address
