"""Deep modules that know nothing of tasks or goals.

The kernel turns a connection into a Context: one actor, one workspace, one transaction, one
changeset. Slices write rows and emit events through it; the kernel keeps tenants apart, records
every change, and hands events to jobs in the same transaction.
"""
