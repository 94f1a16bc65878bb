"""Planning over HTTP: one line of work for each verb."""

from selfos.features.planning.routes import areas, days, goals, labels, projects, tasks

ROUTERS = (
    areas.router,
    projects.router,
    goals.router,
    tasks.router,
    labels.router,
    days.router,
)
