"""What somebody's own days say: what goes together, how they work, when a goal may be reached.

Statistics only, computed here, shown with their numbers. Associations are a member's alone.
Listens to nothing: a sweep each night looks at whoever has enough new days.
"""
