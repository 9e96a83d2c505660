"""What every tenant table has in common: a random key, its unit, and the unit's path under a composite key."""

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from units.scoping import HolderPathField, ScopedManager, UnitPathField


class TenantModel(models.Model):
    """A row that belongs to one unit.

    `council_lookups` names, for each notion granted to a council, the lookup from this table to it; an empty mapping
    keeps the table out of every council's sight. `council_writes` does the same for rows that a council's member may
    change. Both fences read them. `council_hidden` names fields of a visible table that a council still never reads.
    `kept_by_database` names columns that a trigger writes and nothing else may, past the policies where the writer need
    not see the row (`units.fence.KEEPING_FUNCTIONS`).
    `own_of` names the field of the account whose own a row is: that person alone, acting in a council, reads and writes
    it; no unit does, whatever its range, and jobs only to clear it away.
    A table that `is_rewritten` may be vacuumed in full by jobs, because its old row versions tell what nobody may know.
    """

    council_lookups: ClassVar[Mapping[str, str]] = {}
    council_writes: ClassVar[Mapping[str, str]] = {}
    council_hidden: ClassVar[tuple[str, ...]] = ()
    kept_by_database: ClassVar[tuple[str, ...]] = ()
    own_of: ClassVar[str] = ""
    is_rewritten: ClassVar[bool] = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị")
    unit_path = UnitPathField()

    objects = ScopedManager()

    class Meta:
        abstract = True


class PersonalRow(TenantModel):
    """A row about a person that stays with the unit where it happened, and is read where the person works today.

    So each unit keeps its own period when somebody leaves, and the new unit has the whole record; only the unit of the
    row may change it. A subclass has a foreign key `person`, and its table `follow_person` in a migration.
    """

    holder_path = HolderPathField()

    class Meta:
        abstract = True
