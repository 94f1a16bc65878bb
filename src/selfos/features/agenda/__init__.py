"""The days as a person lives them: Today, and the calendar of what is dated.

Owns no rows; it lays side by side what other slices plan. Publishes nothing, listens to nothing.
"""
