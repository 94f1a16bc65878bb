"""What was done, planned and put off, in numbers that follow the ledger.

Everything here is a projection: counts of tasks by day are folded from changesets, the rest is read
from habits and goals. Listens to whatever finishes or reopens something, and to undo; changes
nothing of others.
"""
