"""What crosses the doors of identity."""

from __future__ import annotations

from datetime import datetime, time
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from selfos.kernel.schema import Input, Name, Prose, View
from selfos.kernel.tools import Group, Level

PASSWORD_MAXIMUM = 256
API_TOKEN_DAYS, API_TOKEN_DAYS_MAXIMUM = 90, 366
LATEST_DAY_START_MINUTES = 360


class WeekStart(StrEnum):
    """The first day of somebody's week."""

    MONDAY = "monday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class SessionKind(StrEnum):
    """What a session was opened for."""

    API = "api"
    ASSISTANT = "assistant"
    DEVICE = "device"
    WEB = "web"


class Tone(StrEnum):
    """How SelfOS speaks to somebody."""

    COACH = "coach"
    FRIENDLY = "friendly"
    MINIMAL = "minimal"
    PROFESSIONAL = "professional"


class QuickAddSigns(StrEnum):
    """Whose signs somebody types for projects, labels, people and habits."""

    TODOIST = "todoist"
    VIKUNJA = "vikunja"


class ListStyle(StrEnum):
    """How somebody likes their lists."""

    CARD = "card"
    LIST = "list"
    TIMELINE = "timeline"


def _deliverable_address(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError("this is not an e-mail address") from error


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError("this is not a time zone, such as Europe/Berlin") from error
    return value


def _not_null(value: object, name: str) -> None:
    if value is None:
        raise ValueError(f"{name} cannot be empty")


Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=254),
    AfterValidator(_deliverable_address),
]
TypedAddress = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=PASSWORD_MAXIMUM)]
Zone = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_known_zone)]
Locale = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}$")]
Token = Annotated[str, StringConstraints(min_length=1, max_length=200)]
FreeHours = Annotated[
    float,
    Field(
        ge=0.5,
        le=112,
        allow_inf_nan=False,
        description="What there is in a week for tasks, habits and plans.",
    ),
]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Registration(Input):
    """A new account; an invitation opens the door where registration is closed."""

    email: Email
    password: Password
    name: Name
    time_zone: Zone = "UTC"
    locale: Locale = "en"
    invitation_token: Token | None = None


class Login(Input):
    """Somebody at the door."""

    email: TypedAddress
    password: Password


class DeviceLogin(Login):
    """An app at the door."""

    device_name: Name


class RefreshTokenUse(Input):
    """A refresh token, to be spent."""

    refresh_token: Token


class TokenPair(View):
    """What an app keeps: a signed token for minutes and an opaque one to get the next."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a word of RFC 6750
    expires_in_seconds: int


class PasswordForgotten(Input):
    """Whom to send a way back in."""

    email: TypedAddress


class PasswordReset(Input):
    """The way back in, and the new password."""

    token: Token
    password: Password


class PasswordChange(Input):
    """The old password proves who asks."""

    current_password: Password
    new_password: Password


class EmailChange(Input):
    """The new address; the password proves who asks."""

    email: Email
    password: Password


class TokenUse(Input):
    """A single-use token from a mail."""

    token: Token


class ProfileUpdate(Input):
    """What somebody may change about themselves; absent means unchanged."""

    name: Name | None = None
    time_zone: Zone | None = None
    locale: Locale | None = None
    week_start: WeekStart | None = None
    day_start_minutes: Annotated[int, Field(ge=0, le=LATEST_DAY_START_MINUTES)] | None = None

    @model_validator(mode="after")
    def _keep_filled(self) -> ProfileUpdate:
        for name, value in self.given().items():
            _not_null(value, name)
        return self


class PreferencesUpdate(Input):
    """What somebody likes; absent means unchanged."""

    tone: Tone | None = None
    default_view: ListStyle | None = None
    notification_time: Clock | None = None
    ai_enabled: bool | None = None
    media_enabled: bool | None = None
    quick_add_signs: QuickAddSigns | None = None
    hours_per_week: FreeHours | None = None

    @model_validator(mode="after")
    def _keep_filled(self) -> PreferencesUpdate:
        for name, value in self.given().items():
            _not_null(value, name)
        return self

    def columns(self) -> dict[str, object]:
        """Return what to store."""
        values = self.given()
        if self.notification_time is not None:
            values["notification_time"] = time.fromisoformat(self.notification_time)
        return values


ConsentGiven = Annotated[
    dict[Group, Level],
    Field(description="How far an assistant may go, group by group; it gets no other group."),
]


class ApiTokenCreate(Input):
    """A named token for scripts and integrations; with `consent`, one for an assistant.

    An assistant's token opens the tools at `/mcp` and nothing else.
    """

    name: Name
    read_only: bool = False
    consent: ConsentGiven | None = None
    expires_in_days: Annotated[int, Field(ge=1, le=API_TOKEN_DAYS_MAXIMUM)] = API_TOKEN_DAYS

    @model_validator(mode="after")
    def _say_it_once(self) -> ApiTokenCreate:
        if self.consent is not None and self.read_only:
            raise ValueError("consent says what an assistant may only read; leave read_only out")
        if self.consent == {}:
            raise ValueError("choose at least one thing the assistant may do")
        return self


class ApiTokenView(View):
    """A new token; it is shown this once."""

    id: UUID
    name: str
    token: str
    expires_at: datetime


class SessionView(View):
    """One signed-in browser, device or token."""

    id: UUID
    kind: SessionKind
    name: Prose
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    current: bool
    consent: Annotated[
        dict[Group, Level] | None, Field(description="What an assistant's token was given.")
    ]


class SessionList(View):
    """All sessions of one person."""

    items: list[SessionView]


class PreferencesView(View):
    """What somebody likes."""

    tone: Tone
    default_view: ListStyle
    notification_time: Clock
    ai_enabled: bool
    media_enabled: bool
    quick_add_signs: QuickAddSigns
    hours_per_week: float


class UserView(View):
    """Somebody, as they see themselves."""

    id: UUID
    email: str
    name: str
    time_zone: str
    locale: str
    week_start: WeekStart
    day_start_minutes: int
    email_verified: bool
    created_at: datetime


class InstanceView(View):
    """What a stranger may know of this instance."""

    version: str
    name: str
    registration: Literal["open", "first_user", "closed"]
    has_users: bool
    password_minimum: int
