"""Columns that keep the searched or the sorted form of other columns by themselves."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from units.folding import fold, name_sort_key


@models.CharField.register_lookup
class Holds(models.Lookup):
    """Whether the column holds the text: what `contains` says, of text as long as a name in half its time.

    LIKE begins anew at every letter; `strpos` leaps on by what the text cannot begin with.
    """

    lookup_name = "holds"
    prepare_rhs = True

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, before = self.process_lhs(compiler, connection)
        text, after = self.process_rhs(compiler, connection)
        return f"strpos({column}, {text}) > 0", (*before, *after)


class FoldedField(models.CharField):  # type: ignore[type-arg]  # not generic at run time
    """The folded form of the columns `of`, renewed whenever the row is saved with them.

    Whoever writes a name can then never forget that it must be found.
    """

    def __init__(self, *args: Any, of: Sequence[str] = (), **options: Any) -> None:
        self.of = tuple(of)
        defaults: dict[str, Any] = {"editable": False, "default": ""}
        super().__init__(*args, **(defaults | options))

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001  Django's own signature
        words = " ".join(str(getattr(model_instance, column)) for column in self.of)
        setattr(model_instance, self.attname, fold(words))
        return super().pre_save(model_instance, add)


class NameKeyField(models.CharField):  # type: ignore[type-arg]  # not generic at run time
    """The key by which the name in the column `of` sorts, renewed whenever the row is saved with it."""

    def __init__(self, *args: Any, of: str = "", **options: Any) -> None:
        self.of = of
        defaults: dict[str, Any] = {"editable": False, "default": "", "db_collation": "C", "max_length": 400}
        super().__init__(*args, **(defaults | options))

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001  Django's own signature
        setattr(model_instance, self.attname, name_sort_key(str(getattr(model_instance, self.of))))
        return super().pre_save(model_instance, add)
