"""Stories that cannot lie: told from events only, each sentence proved before it gets out.

`composition` tells, `checking` proves without knowing how it was told, `releasing` lets out
only what was proved. The ledger is where facts come from, and what stands in it alone decides: each
week and each reached goal is told unasked, and told again when a fact of it falls. Publishes
`story.generated`; listens to tasks and goals being completed, reopened, deleted and restored, and
to `changeset.undone`.
"""
