"""The verbs of quick-add: read a line, add what it says."""

from selfos.features.capture.service.adding import add
from selfos.features.capture.service.reading import as_json, read, show

__all__ = ["add", "as_json", "read", "show"]
