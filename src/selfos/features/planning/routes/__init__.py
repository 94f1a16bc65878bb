"""Planning over HTTP: one line of work for each verb."""

from selfos.features.planning.routes import (
    areas,
    days,
    goals,
    labels,
    measuring,
    projects,
    tasks,
)

# Addresses are tried in this order, so the busiest come first.
ROUTERS = (
    tasks.router,
    days.router,
    goals.router,
    measuring.router,
    projects.router,
    areas.router,
    labels.router,
)
