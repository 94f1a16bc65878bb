"""SelfOS: a self-hosted operating system for a life."""

__version__ = "0.1.0"
