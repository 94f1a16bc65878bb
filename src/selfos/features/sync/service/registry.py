"""Everything that can be synced, family by family."""

from __future__ import annotations

from selfos.features.sync.service.families import planning

FAMILIES = (planning,)
# In the order a device can take them in: what others point to comes first.
NOUNS = {noun.entity: noun for family in FAMILIES for noun in family.NOUNS}
SHOWN = tuple(noun for noun in NOUNS.values() if noun.shown)
POINTERS = {entity: columns for family in FAMILIES for entity, columns in family.POINTERS.items()}
