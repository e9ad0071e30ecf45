"""Model fields whose column holds sealed bytes and whose attribute is the text.

A row is sealed about `app.Model.field:key`, so what is copied to another row or field does not
open. The key must therefore be there before the row is saved: `UUIDField(default=uuid4)`.
The text is unsealed when the attribute is first read; a page that does not show it never does.
The audit trail must not keep what keys of long ago sealed: list the field in `Sensitivity.secret`.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.views.decorators.debug import sensitive_variables

from sightline.secrets.keys import DATA, current
from sightline.secrets.sealing import key_id_of, seal, unseal

_UNREAD: Final = object()


class Sealed:
    """Sealed bytes as they came from the database, and their text once somebody has asked."""

    __slots__ = ("about", "raw", "text")

    def __init__(self, raw: bytes, *, about: str = "", text: object = _UNREAD) -> None:
        self.raw, self.about, self.text = raw, about, text

    def __repr__(self) -> str:
        return "<sealed>"

    @sensitive_variables()
    def open(self, purpose: str, about: str) -> str:
        """The text; what is unsealed once is kept for as long as the row is."""
        if self.text is _UNREAD:
            self.text = unseal(self.raw, purpose=purpose, about=about)
            self.about = about
        return str(self.text)


class Unsealing(DeferredAttribute):
    """The attribute: gives the text, takes a text, and loads the column if it was deferred."""

    field: "SealedText"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            about = value.about or self.field.about(instance)
            return self.field.from_text(value.open(self.field.purpose, about))
        return value

    @sensitive_variables()
    def __set__(self, instance: Any, value: Any) -> None:
        kept = instance.__dict__.get(self.field.attname)
        given = value is not None and not isinstance(value, Sealed)
        if given and isinstance(kept, Sealed) and self.field.to_text(value) == kept.text:
            return  # the same text again, as `full_clean` sets it: no need to seal it anew
        instance.__dict__[self.field.attname] = value


if TYPE_CHECKING:
    _Bytes = models.BinaryField[Any, Any]
else:
    _Bytes = models.BinaryField


class SealedText(_Bytes):
    """Text that is sealed in the database with the keys of a purpose.

    It can be neither looked for nor ordered by (`secrets.blind_index` finds equal ones), and it is
    written by saving a row, by `bulk_create` or not at all. NULL needs `null=True`; the empty text
    is sealed like any other.
    """

    descriptor_class = Unsealing
    description = "Sealed text"
    empty_values = [None, ""]

    def __init__(self, *args: Any, purpose: str = DATA, **kwargs: Any) -> None:
        self.purpose = purpose
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As a migration writes it."""
        name, path, args, kwargs = super().deconstruct()
        if not self.editable:
            kwargs["editable"] = False
        else:
            kwargs.pop("editable", None)
        if self.purpose != DATA:
            kwargs["purpose"] = self.purpose
        return name, path, args, kwargs

    def get_default(self) -> Any:
        """The default; without one the empty text, which bytes would not be, or nothing."""
        if self.has_default():
            return super().get_default()
        return None if self.null else self.unset()

    def unset(self) -> Any:
        """What a field that may not be NULL holds until it is given a value."""
        return ""

    def about(self, instance: models.Model) -> str:
        """What the field of this row is sealed about.

        Raises:
            TypeError: the row has no key yet.
        """
        options = instance._meta
        key = options.pk
        if instance.pk is None or key is None:
            raise TypeError(
                f"{options.label}.{self.name} is sealed about the key of its row, and this row has "
                "none yet. Give the model a key that is there before saving: "
                "UUIDField(primary_key=True, default=uuid4)."
            )
        return f"{self.model._meta.label}.{self.name}:{key.to_python(instance.pk)}"

    # What a text is for this field; `SealedJSON` differs.

    def to_text(self, value: Any) -> str:
        """The value as the text that is sealed.

        Raises:
            TypeError: it is none.
        """
        if not isinstance(value, str):
            raise TypeError(f"{self.name} takes text, not {type(value).__name__}.")
        return value

    def from_text(self, text: str) -> Any:
        """The value of a text that was sealed."""
        return text

    # To and from the database.

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        """The column, unread."""
        return None if value is None else Sealed(bytes(value))

    @sensitive_variables()
    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        """The row's value, sealed about it; as it was where nothing changed."""
        value = model_instance.__dict__.get(self.attname, _UNREAD)
        if value is _UNREAD:
            value = getattr(model_instance, self.attname)
        if value is None:
            return None
        about = self.about(model_instance)
        if isinstance(value, Sealed):
            fresh = key_id_of(value.raw) == current(self.purpose).id
            if fresh and (value.about == about or not (value.about or add)):
                return value
            text = value.open(self.purpose, value.about or about)
        else:
            text = self.to_text(value)
        sealed = Sealed(seal(text, purpose=self.purpose, about=about), about=about, text=text)
        model_instance.__dict__[self.attname] = sealed
        return sealed

    def get_prep_value(self, value: Any) -> Any:
        """Only what was sealed is written.

        Raises:
            TypeError: a text, which would be written in the clear.
        """
        if value is None or isinstance(value, Sealed):
            return value
        raise TypeError(
            f"{self.name} is sealed about its row, so it is written by saving the row, not by "
            "update() or an expression."
        )

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The bytes, as the driver takes them."""
        value = self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(value.raw)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether it is there can be asked.

        Raises:
            FieldError: anything else, since equal texts are sealed differently.
        """
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(
            f"{self.name} is sealed and cannot be looked for; keep sightline.secrets.blind_index() "
            "of it in a column of its own, and look for that."
        )

    # As Django asks about any field.

    def to_python(self, value: Any) -> Any:
        """What forms and `full_clean` give: the text itself (`BinaryField` would decode it)."""
        return value

    def value_to_string(self, obj: models.Model) -> str:
        """Refused: it would leave the database in the clear.

        Raises:
            TypeError: always.
        """
        raise TypeError(f"{self.name} is sealed and is not serialised; `sightline backup` copies.")

    def formfield(self, **kwargs: Any) -> Any:
        """A text area."""
        return forms.CharField(
            required=not self.blank,
            label=str(self.verbose_name).capitalize(),
            help_text=str(self.help_text),
            **{"widget": forms.Textarea, **kwargs},
        )

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """The key is there before saving, and the audit trail leaves the column out."""
        found = list(super().check(**kwargs))
        options = self.model._meta
        if isinstance(options.pk, models.AutoField):
            said = f"{options.label} has no key before it is saved, so {self.name} cannot be sealed"
            hint = "Use UUIDField(primary_key=True, default=uuid4)."
            found.append(checks.Error(f"{said}.", hint=hint, obj=self, id="secrets.E001"))
        secret: set[str] = getattr(getattr(self.model, "Sensitivity", None), "secret", set())
        if self.name not in secret:
            said = f"{options.label}.{self.name} is sealed and must be in Sensitivity.secret"
            hint = "Else the audit trail keeps what old keys sealed."
            found.append(checks.Error(f"{said}.", hint=hint, obj=self, id="secrets.E002"))
        return found


class SealedJSON(SealedText):
    """A value that JSON can hold, sealed as text. Each reading gives a copy: assign to change."""

    description = "Sealed JSON"
    empty_values = [None]

    def unset(self) -> Any:
        """Nothing that JSON holds, so that saving a row without a value fails."""
        return b""

    def to_text(self, value: Any) -> str:
        """The value as JSON."""
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    def from_text(self, text: str) -> Any:
        """The value that was written."""
        return json.loads(text)
