"""The assistant behind the scenes: naming conversations."""

from __future__ import annotations

from selfos.features.assistant import service as assistant
from selfos.kernel.jobs import Job

JOBS = [Job(assistant.NAME_JOB, assistant.name_conversation)]
