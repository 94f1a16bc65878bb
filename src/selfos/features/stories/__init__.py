"""Stories that cannot lie: told from events only, each sentence proved before it gets out.

`composition` tells, `checking` proves without knowing how it was told, `releasing` lets out
only what was proved.
"""
