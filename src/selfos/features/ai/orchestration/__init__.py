"""Which model is asked, for how long, and what happens when it fails. Knows no table.

`Orchestrator` walks the chain of a task: `chains` says who may be asked, `breaker` who is down,
`queueing` whose turn it is; `attempts` is one try under its deadlines, `structured` reads what has
to fit a schema, `hiding` puts names back, `keys` tells equal requests. Money and the ledger stand
behind `Books`.
"""
