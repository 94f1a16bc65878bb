"""Habits: what somebody wants to do again and again, or to leave.

Stores habits, check-ins and pauses; verdicts, streaks and strength are derived from them in
`reckoning`, which touches no session. A check-in moves the linked goal in the same transaction.
Publishes habit and check-in events; listens to nothing.
"""
