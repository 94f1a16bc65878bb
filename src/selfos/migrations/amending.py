"""Functions that are changed in a later migration: what stood there, and what stands there now."""

from __future__ import annotations

from alembic import op


def amend(signature: str, *passages: tuple[str, str]) -> None:
    """Replace passages of a function's text, each of which must be there; the rest stays.

    Whose it is, who may call it and where it looks for tables stay as they were.
    """
    steps = "".join(
        f" IF position($amend${old}$amend$ in was) = 0 THEN"
        f" RAISE EXCEPTION 'there is no such passage in {signature}'; END IF;"
        f" was := replace(was, $amend${old}$amend$, $amend${new}$amend$);"
        for old, new in passages
    )
    op.execute(
        f"DO $do$ DECLARE was text := pg_get_functiondef('{signature}'::regprocedure);"
        f" BEGIN{steps} EXECUTE was; END $do$"
    )
