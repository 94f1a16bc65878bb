"""Suites that count how good the parts are that answer in words; `python -m evals` runs them.

Every score is deterministic and has a pinned threshold below which `make test` fails.
"""
