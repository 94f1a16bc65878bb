"""What check-ins amount to: verdicts, streaks, strength. Pure: no session, no clock.

The same check-ins on the same day give the same answer, whatever the order they arrived in;
nothing here is stored.
"""

from selfos.features.habits.reckoning.reckoner import Reckoning, reckon
from selfos.features.habits.reckoning.records import Calendar, Mark, Obligation

__all__ = ["Calendar", "Mark", "Obligation", "Reckoning", "reckon"]
