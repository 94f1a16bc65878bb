"""Repeating, as pure functions: what a rule says, when it comes up, what follows a completion.

A rule is RFC 5545's RRULE, an anchor is the plan of the first occurrence. All of it happens on
naive local times, the way people plan; a zone is attached last.
"""
