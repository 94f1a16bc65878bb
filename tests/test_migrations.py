"""Migrations are looked through before they meet people's data."""

from tools.migrations import GROUND, findings, newer, sql_of


def test_what_breaks_a_living_database_is_found() -> None:
    found = findings(
        {
            "0042_rename": "ALTER TABLE tasks RENAME COLUMN title TO name;",
            "0043_safe": "ALTER TABLE tasks ADD COLUMN mood text;",
        }
    )
    assert "0042_rename.sql" in found
    assert "renaming-column" in found
    assert "0043_safe.sql" not in found


def test_every_migration_after_the_ground_says_its_sql_without_a_database() -> None:
    assert all(name > GROUND for name in newer())
    assert "CREATE TABLE notes" in sql_of(next(name for name in newer() if "notes" in name))
