"""What a person wants to do: life areas, projects, goals, tasks, labels, and Today over them.

Areas hold projects and goals, projects hold goals, all of them hold tasks, tasks hold subtasks.
The four share one tree and one progress rule, so they are one slice. A row names all the
containers it lies in; a change of place is carried to everything inside. Publishes what happens
to tasks, goals and projects; listens to nothing.
"""
