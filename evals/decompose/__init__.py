"""Plans for goals, scored 0 to 100 in seven parts; the same scorer for whoever wrote the plan."""
