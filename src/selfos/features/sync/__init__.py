"""Devices that work offline: what they did is merged, what others did is handed to them.

Publishes the protocol of `POST /sync` and the journal of writes that lost against others. It
listens to nothing: what has changed is read from the ledger, and what a device sends goes through
the verbs of the other slices, which know nothing of it.
"""
