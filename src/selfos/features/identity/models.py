"""The tables of identity.

Password hashes, refresh and one-time tokens and guess counters belong to the system: the
application's role cannot read them, only code that says `SYSTEM` can.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.identity.schemas import ListStyle, QuickAddSigns, SessionKind, Tone, WeekStart
from selfos.kernel.database import Model, Personal, Versioned
from selfos.kernel.errors import RateLimited
from selfos.kernel.identifiers import new_id
from selfos.kernel.tables import of_user

# A client whose answer got lost may ask again within this time.
LOST_ANSWER = timedelta(seconds=10)
FREE_GUESSES = 5
# What plans, tasks and habits may take until somebody says how much they have.
USUAL_HOURS_PER_WEEK = 10.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 15, 900


class TokenPurpose(StrEnum):
    """What a single-use token is good for."""

    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a word, not a password


class User(Versioned, Model):
    """A person with an account. Seen by themselves and by those they share a workspace with."""

    __tablename__ = "users"
    __table_args__ = (Index("users_email_key_key", "email_key", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str]
    email_key: Mapped[str]
    email_verified: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str]
    time_zone: Mapped[str]
    locale: Mapped[str]
    week_start: Mapped[WeekStart] = mapped_column(default=WeekStart.MONDAY)
    day_start_minutes: Mapped[int] = mapped_column(default=0)
    is_operator: Mapped[bool] = mapped_column(default=False)

    def move_to(self, email: str) -> None:
        """Take a new address that has been proven."""
        self.email, self.email_key, self.email_verified = email, address_key(email), True


class ZoneChange(Model):
    """From this instant on, this person lived in this time zone. Rows are added, never changed."""

    __tablename__ = "zone_changes"
    __table_args__ = (of_user(), Index("zone_changes_user_id_idx", "user_id", "from_instant"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID]
    from_instant: Mapped[datetime]
    zone: Mapped[str]


class Preferences(Personal, Versioned, Model):
    """What one person likes; its id is the person's."""

    __tablename__ = "preferences"
    __table_args__ = (of_user(), Index("preferences_user_id_key", "user_id", unique=True))

    tone: Mapped[Tone] = mapped_column(default=Tone.FRIENDLY)
    default_view: Mapped[ListStyle] = mapped_column(default=ListStyle.LIST)
    notification_time: Mapped[time] = mapped_column(default=time(8, 0))
    ai_enabled: Mapped[bool] = mapped_column(default=True)
    media_enabled: Mapped[bool] = mapped_column(default=True)
    quick_add_signs: Mapped[QuickAddSigns] = mapped_column(default=QuickAddSigns.TODOIST)
    hours_per_week: Mapped[float] = mapped_column(default=USUAL_HOURS_PER_WEEK)


class PasswordCredential(Model):
    """How one person proves who they are: an argon2id hash."""

    __tablename__ = "password_credentials"
    __table_args__ = (of_user(),)

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str]
    changed_at: Mapped[datetime]


class CredentialSession(Personal, Model):
    """One signed-in browser, device or token. Deleting the row is revoking it."""

    __tablename__ = "credential_sessions"
    __table_args__ = (
        of_user(),
        ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="SET NULL"),
        Index("credential_sessions_token_hash_key", "token_hash", unique=True),
        Index("credential_sessions_user_id_idx", "user_id"),
        Index("credential_sessions_workspace_id_idx", "workspace_id"),
        Index("credential_sessions_expires_at_idx", "expires_at"),
    )

    kind: Mapped[SessionKind]
    name: Mapped[str]
    token_hash: Mapped[bytes | None]
    workspace_id: Mapped[UUID | None]
    read_only: Mapped[bool] = mapped_column(default=False)
    consent: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    idle_seconds: Mapped[int | None]
    expires_at: Mapped[datetime]

    def alive(self, now: datetime) -> bool:
        """Tell whether it is neither at its end nor idle for too long, as `open_door` does."""
        idle = self.idle_seconds
        rested = idle is not None and self.last_used_at + timedelta(seconds=idle) <= now
        return now < self.expires_at and not rested


class RefreshToken(Model):
    """One link of a device's chain. A spent one that comes back betrays a thief."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        ForeignKeyConstraint(["session_id"], ["credential_sessions.id"], ondelete="CASCADE"),
        Index("refresh_tokens_session_id_idx", "session_id"),
    )

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[UUID]
    created_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
    successor: Mapped[bytes | None]
    repeated: Mapped[bool] = mapped_column(default=False)

    def spend(self, successor: bytes, now: datetime) -> None:
        """Hand over to the successor."""
        self.spent_at, self.successor = now, successor

    def repeat(self, lost: RefreshToken, successor: bytes, now: datetime) -> None:
        """Replace a successor whose delivery was lost; this happens once."""
        self.repeated, self.successor = True, successor
        lost.spent_at, lost.repeated = now, True

    def forgives(self, successor: RefreshToken | None, now: datetime) -> bool:
        """Tell whether being shown again, though spent, looks like a lost answer."""
        if self.spent_at is None or successor is None or self.repeated:
            return False
        return now - self.spent_at <= LOST_ANSWER and successor.spent_at is None


class OneTimeToken(Model):
    """A token from a mail, used up by deleting its row."""

    __tablename__ = "one_time_tokens"
    __table_args__ = (
        of_user(),
        Index("one_time_tokens_user_id_purpose_key", "user_id", "purpose", unique=True),
    )

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    purpose: Mapped[TokenPurpose]
    email: Mapped[str]
    expires_at: Mapped[datetime]


class GuessBucket(Model):
    """How often somebody has guessed, in a window that slides: this one and the one before."""

    __tablename__ = "guess_buckets"
    __table_args__ = (Index("guess_buckets_window_started_at_idx", "window_started_at"),)

    key: Mapped[bytes] = mapped_column(primary_key=True)
    guesses: Mapped[int] = mapped_column(default=0)
    guesses_before: Mapped[int] = mapped_column(default=0)
    window_started_at: Mapped[datetime]
    paused_until: Mapped[datetime | None]

    def charge(self, limit: int, window: timedelta, now: datetime) -> None:
        """Count one guess, or refuse it when the last window's worth has reached the limit."""
        self._slide(window, now)
        passed = (now - self.window_started_at) / window
        if self.guesses + self.guesses_before * (1 - passed) >= limit:
            raise too_many(self.window_started_at + window - now)
        self.guesses += 1

    def charge_with_pauses(self, window: timedelta, now: datetime) -> None:
        """Count one guess; after five, each takes twice the pause of the one before."""
        if self.paused_until is not None and now < self.paused_until:
            raise too_many(self.paused_until - now)
        self._slide(window, now)
        self.guesses += 1
        over = self.guesses - FREE_GUESSES
        if over >= 0:
            pause = min(FIRST_PAUSE_SECONDS * 2 ** min(over, 10), LONGEST_PAUSE_SECONDS)
            self.paused_until = now + timedelta(seconds=pause)

    def refund(self) -> None:
        """Take back a guess that was right."""
        self.guesses = max(0, self.guesses - 1)

    def _slide(self, window: timedelta, now: datetime) -> None:
        windows = int((now - self.window_started_at) / window)
        if windows > 0:
            self.guesses_before = self.guesses if windows == 1 else 0
            self.guesses = 0
            self.window_started_at += window * windows


def too_many(wait: timedelta) -> RateLimited:
    """Return the refusal of a guess, with the time to wait."""
    seconds = max(1, round(wait.total_seconds()))
    return RateLimited(
        f"Too many attempts; try again in {seconds} seconds.", headers={"Retry-After": str(seconds)}
    )


def address_key(email: str) -> str:
    """Return what makes two spellings of an address the same one."""
    return email.strip().casefold()
