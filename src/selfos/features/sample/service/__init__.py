"""Founding a sample life, and living it up to the present."""

from selfos.features.sample.service.demo import DEMO_EMAIL, Demo, open_demo
from selfos.features.sample.service.founding import LIVE_JOB, create_sample_life
from selfos.features.sample.service.living import live

__all__ = ["DEMO_EMAIL", "LIVE_JOB", "Demo", "create_sample_life", "live", "open_demo"]
