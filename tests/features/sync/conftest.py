"""Devices that the tests of sync have in common."""

import pytest

from tests.factories import Person
from tests.features.sync.devices import Device


@pytest.fixture
async def devices(person: Person) -> tuple[Device, Device]:
    """Two devices of one person that are up to date."""
    phone, laptop = Device(person), Device(person)
    await phone.sync()
    await laptop.sync()
    return phone, laptop
