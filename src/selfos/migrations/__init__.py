"""The schema, step by step: expand, deploy, backfill, contract in the next release."""
