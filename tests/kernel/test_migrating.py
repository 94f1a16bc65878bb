"""The schema is brought up to date by a process of its own."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from selfos.kernel.embedded import Embedded
from selfos.kernel.identifiers import new_id
from selfos.migrations.head import bring_up_to_date, is_current


def test_what_goes_wrong_there_is_raised_here(postgres: Embedded) -> None:
    name = f"test_{new_id().hex}"
    with psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = postgres.url("selfos_app", name)
    with pytest.raises(Exception, match="permission denied"):
        bring_up_to_date(url)
    assert not is_current(url)
