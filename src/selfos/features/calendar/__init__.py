"""The appointments of each member: what takes place at a time, alone or again and again.

A row is shaped after RFC 5545's VEVENT, so that calendars of others can be kept in step with it. It
is its member's alone. In code it is a calendar event, for an event is a fact of the ledger.
Publishes what happens to them; listens to nothing.
"""
