"""Planning over HTTP: one line of work for each verb."""

from selfos.features.planning.routes import (
    areas,
    goals,
    labels,
    measuring,
    projects,
    series,
    tasks,
    templates,
    trash,
)

# Addresses are tried in this order, so the busiest come first.
ROUTERS = (
    tasks.router,
    goals.router,
    measuring.router,
    projects.router,
    areas.router,
    labels.router,
    templates.router,
    series.router,
    trash.router,
)
