"""Migrating from nothing without drawing the whole house anew for every brick.

Django keeps a picture of all models as of each operation. When an operation touches one of them, it renders that
model again and everything that is related to it by any number of steps, so that the classes of the picture refer to
each other as of that moment. Here every row belongs to a unit and is written by an account: all models are related,
and nine tenths of a first start went into drawing them some seven hundred times.

Most operations read one model of the picture and send SQL. For these, only the model that is touched is rendered
again. Whatever may look around (a changed key, rows written by Python, an operation not named here) finds a picture
drawn afresh, and is then treated as Django treats it. That both ways end in the same schema is held by
`tests/units/test_migrated_schema.py`, which compares the tables with the models.
"""

from copy import copy
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# What they do to the database follows from the model and the field or index that they name.
LOOK_AT_ONE_MODEL = (
    operations.CreateModel,
    operations.AddField,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.AddConstraint,
    operations.RemoveConstraint,
    operations.AlterModelOptions,
    operations.RunSQL,
)


def looks_at_one_model(one: Operation) -> bool:
    """A changed field too, unless keys of other tables may refer to it or it refers to another table itself."""
    if isinstance(one, operations.AlterField):
        return not (one.field.primary_key or one.field.unique or one.field.is_relation)
    return isinstance(one, LOOK_AT_ONE_MODEL)


class SparingState(ProjectState):
    """A picture in which only what is touched is rendered again, while `is_sparing`."""

    is_sparing = False
    # Whether a class may refer to one that was rendered again since.
    is_stale = False

    def clone(self) -> "SparingState":
        other = super().clone()
        other.__class__ = SparingState
        assert isinstance(other, SparingState)  # noqa: S101  says its type
        other.is_sparing, other.is_stale = self.is_sparing, self.is_stale
        return other

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:  # noqa: FBT001, FBT002  Django's
        if not self.is_sparing:
            super().reload_model(app_label, model_name, delay)
        elif "apps" in self.__dict__:
            self._reload({(app_label, model_name)})  # type: ignore[attr-defined]  # the stubs know less
            # Django draws a delayed picture afresh before it shows it to anybody else.
            self.is_stale = self.is_delayed = True

    def render_afresh(self) -> None:
        if self.is_stale:
            self.__dict__.pop("apps", None)
            self.is_stale = self.is_delayed = False


class Look(Operation):
    """Says how the operations after it look at the picture; the database hears nothing of it."""

    def __init__(self, *, is_sparing: bool) -> None:
        self.is_sparing = is_sparing

    def state_forwards(self, app_label: str, state: ProjectState) -> None:  # noqa: ARG002  Django's
        assert isinstance(state, SparingState)  # noqa: S101  says its type
        state.is_sparing = self.is_sparing
        if not self.is_sparing:
            state.render_afresh()

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Nothing."""


class SparingExecutor(MigrationExecutor):
    """Forwards as above; the way back is Django's own."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> SparingState:  # noqa: FBT001, FBT002  Django's
        state = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]  # same
        state.__class__ = SparingState
        assert isinstance(state, SparingState)  # noqa: S101  says its type
        return state

    def apply_migration(
        self,
        state: ProjectState,
        migration: Migration,
        fake: bool = False,  # noqa: FBT001, FBT002  Django's
        fake_initial: bool = False,  # noqa: FBT001, FBT002  Django's
    ) -> ProjectState:
        looking: Any = copy(migration)
        looking.operations = [
            part for one in migration.operations for part in (Look(is_sparing=looks_at_one_model(one)), one)
        ]
        return super().apply_migration(state, looking, fake, fake_initial)
