"""Logins for dashboards: they read the `analytics_*` views, and nothing else."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from selfos.kernel.core import Urls

Say = Callable[[str], None]
READERS, NAME_READERS = "selfos_analytics", "selfos_analytics_names"
NAMES = "analytics_names"
LOGIN = re.compile(r"[a-z][a-z0-9_]{0,62}")
RESERVED = ("pg_", "selfos_", "postgres")
# Dashboards ask again and again; one that asks too much must not hold up people.
MOST_CONNECTIONS = 10
SETTINGS = {"default_transaction_read_only": "on", "statement_timeout": "30s"}
VIEWS = (
    "SELECT viewname FROM pg_views WHERE schemaname = 'public' AND viewname LIKE 'analytics\\_%'"
    " ORDER BY viewname"
)
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s"


class NotGranted(Exception):
    """The login cannot be made or removed; the message says why."""


def grant(urls: Urls, login: str, say: Say, *, with_names: bool) -> str:
    """Make a login that reads the views, or give it a new password; returns how to connect.

    Names of workspaces, areas, goals, habits and people are in a view of their own, which it reads
    only `with_names`.
    """
    _check(login)
    password = secrets.token_urlsafe(24)
    who = sql.Identifier(login)
    names = sql.SQL("GRANT {} TO {}" if with_names else "REVOKE {} FROM {}")
    try:
        with psycopg.connect(urls.owner) as owner:
            _make_readers(owner)
            _make(owner, login, "LOGIN")
            owner.execute(
                sql.SQL("ALTER ROLE {} LOGIN CONNECTION LIMIT {} PASSWORD {}").format(
                    who, sql.Literal(MOST_CONNECTIONS), sql.Literal(password)
                )
            )
            for setting, value in SETTINGS.items():
                owner.execute(
                    sql.SQL("ALTER ROLE {} SET {} = {}").format(
                        who, sql.Identifier(setting), sql.Literal(value)
                    )
                )
            owner.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(READERS), who))
            owner.execute(names.format(sql.Identifier(NAME_READERS), who))
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotGranted(f"the owner of the database may not make logins ({error})") from error
    say(f"“{login}” reads the views analytics_*{'' if with_names else ' but analytics_names'}")
    return _address(urls, login, password)


def revoke(urls: Urls, login: str, say: Say) -> None:
    """Remove such a login; whoever is connected with it is cut off, as far as the owner may."""
    _check(login)
    try:
        with psycopg.connect(urls.owner) as owner:
            if not _reads(owner, login):
                raise NotGranted(f"there is no login “{login}” that reads the views")
            # Not every owner may cut connections; who stays in reads nothing any more.
            with suppress(psycopg.errors.InsufficientPrivilege), owner.transaction():
                owner.execute(CUT, [login])
            owner.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(login)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotGranted(f"the owner of the database may not remove logins ({error})") from error
    say(f"“{login}” is gone")


def _check(login: str) -> None:
    if not LOGIN.fullmatch(login) or login.startswith(RESERVED):
        raise NotGranted("a login is small letters, digits and _, and not PostgreSQL's or ours")


def _make_readers(owner: psycopg.Connection) -> None:
    for role in (READERS, NAME_READERS):
        _make(owner, role, "NOLOGIN")
    owner.execute("GRANT USAGE ON SCHEMA public TO selfos_analytics")
    views = [row[0] for row in owner.execute(VIEWS).fetchall()]
    # The views are the system's, so it grants.
    owner.execute("SET LOCAL ROLE selfos_system")
    for view in views:
        role = NAME_READERS if view == NAMES else READERS
        owner.execute(
            sql.SQL("GRANT SELECT ON {} TO {}").format(sql.Identifier(view), sql.Identifier(role))
        )
    owner.execute("RESET ROLE")


def _make(owner: psycopg.Connection, role: str, kind: LiteralString) -> None:
    if owner.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None:
        return
    # Roles are the server's: another database of it may make the same one at this moment.
    taken = (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation)
    with suppress(*taken), owner.transaction():
        owner.execute(sql.SQL("CREATE ROLE {} " + kind).format(sql.Identifier(role)))


def _reads(owner: psycopg.Connection, login: str) -> bool:
    found = owner.execute(
        "SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
        " JOIN pg_roles l ON l.oid = m.member WHERE r.rolname = %s AND l.rolname = %s",
        [READERS, login],
    )
    return found.fetchone() is not None


def _address(urls: Urls, login: str, password: str) -> str:
    if urls.embedded is not None:
        return f"postgresql://{login}:{password}@/selfos?host={urls.embedded.sockets}"
    parts = conninfo_to_dict(urls.owner)
    return make_conninfo("", **{**parts, "user": login, "password": password})
