"""The doors: HTTP, WebSocket, command line and worker. They connect verbs to the world."""
