"""Looks through the SQL of migrations for what would hold up or break a living database.

The first five are the ground that new databases start from; those after them meet people's data.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import import_module
from io import StringIO
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations

VERSIONS = Path(__file__).parent.parent / "src/selfos/migrations/versions"
GROUND = "0005"
SQUAWK = Path(sys.executable).with_name("squawk")
# Rules that do not hold here, and why.
EXCUSED = {
    "adding-foreign-key-constraint": "the server is stopped while its database is migrated",
    "ban-drop-default": "such a default only fills the rows that are there; models give their own",
    "constraint-missing-not-valid": "as the first",
    "disallowed-unique-constraint": "as the first",
    "prefer-bigint-over-int": "numbers count minutes, days and people; ids are UUIDs",
    "prefer-text-field": "a word of an enumeration is a varchar(40), as everywhere",
    "require-concurrent-index-creation": "a migration is one transaction, whole or not at all",
    "require-concurrent-index-deletion": "as above",
    "require-lock-timeout": "as the first",
    "require-statement-timeout": "as the first",
}


def newer() -> list[str]:
    """Names the migrations that meet living databases, oldest first."""
    names = sorted(path.stem for path in VERSIONS.glob("[0-9]*.py"))
    return [name for name in names if name[: len(GROUND)] > GROUND]


def sql_of(name: str) -> str:
    """Returns what a migration runs; it must be able to say so without a database."""
    written = StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={"as_sql": True, "output_buffer": written, "literal_binds": True},
    )
    with Operations.context(context):
        import_module(f"selfos.migrations.versions.{name}").upgrade()
    return written.getvalue()


def findings(sql: Mapping[str, str]) -> str:
    """Returns what is wrong in these texts, one finding a line; nothing, if all is well."""
    if not sql:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in sql.items():
            (Path(folder) / f"{name}.sql").write_text(text, encoding="utf-8")
        command = [
            *(SQUAWK, "--pg-version=15", "--assume-in-transaction", "--reporter=gcc"),
            *(f"--exclude={rule}" for rule in EXCUSED),
            *sorted(f"{name}.sql" for name in sql),
        ]
        found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return found.stdout if found.returncode else ""


def main() -> int:
    names = newer()
    wrong = findings({name: sql_of(name) for name in names})
    print(wrong or f"migrations: {len(names)} after {GROUND} are safe for living databases")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
