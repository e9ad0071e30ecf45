"""How forms look and speak: the renderer, errors that say what to do, a date in three parts."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Final, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.forms import renderers
from django.forms.utils import pretty_name
from django.template import TemplateDoesNotExist
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

PARTS = ("day", "month", "year")


class SightlineRenderer(renderers.DjangoTemplates):
    """Draws every form with the templates under `design/forms/`, whoever wrote the form."""

    form_template_name = "design/forms/form.html"
    field_template_name = "design/forms/field.html"

    WIDGETS = "django/forms/widgets/"

    def get_template(self, template_name: str) -> Any:
        """Prefer our own drawing of a widget to Django's, and keep Django's where we have none."""
        if template_name.startswith(self.WIDGETS):
            ours = "design/forms/widgets/" + template_name.removeprefix(self.WIDGETS)
            try:
                return super().get_template(ours)
            except TemplateDoesNotExist:
                pass
        return super().get_template(template_name)


@dataclass(frozen=True)
class PutBack:
    """What was typed in a form earlier and not sent: by name in the page, when, and where to
    send that it may be thrown away."""

    values: MultiValueDict[str, str]
    at: str
    throw_away: str


class Keeper(Protocol):
    """Keeps what the person of this request types and does not send. `saving` provides it."""

    def marker(self, form: "SightlineForm") -> str:
        """What the page sends back, to say for whom it was drawn and what may be kept of it."""

    def put_back(self, form: "SightlineForm") -> PutBack | None:
        """What they typed in this form of this page before, or None."""


_keeper: ContextVar[Keeper | None] = ContextVar("sightline_keeper", default=None)


@contextmanager
def keeping_with(keeper: Keeper) -> Iterator[None]:
    """Let forms drawn in the block keep what is typed in them with `keeper`."""
    token = _keeper.set(keeper)
    try:
        yield
    finally:
        _keeper.reset(token)


_NEVER_KEPT: Final = (forms.PasswordInput, forms.FileInput)
_SECRET_BOXES: Final = {"one-time-code", "current-password", "new-password", "off"}


class SightlineForm(forms.Form):
    """A form whose errors name the field in its own words and say what to do.

    Messages given to a field stay as given. Fields that may be left empty are marked "(optional)".

    What a signed-in person types in it is kept for them until it is sent: never passwords, codes,
    files or hidden fields. `keeps_typed` is the purpose of the keys it is sealed with, or empty for
    a form of which nothing may be kept; `keeps_hidden` names hidden fields that are part of it.
    """

    marks_optional: ClassVar[bool] = True
    keeps_typed: ClassVar[str] = "data"
    keeps_hidden: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _word_errors(field, str(field.label or pretty_name(name)))

    @property
    def kept_name(self) -> str:
        """What this form is called among those of its page."""
        name = type(self).__name__
        return f"{name} {self.prefix}" if self.prefix else name

    def kept_fields(self) -> list[str]:
        """Names of the fields of which something may be kept."""
        return [
            name
            for name, field in self.fields.items()
            if not isinstance(field.widget, _NEVER_KEPT)
            and (not field.widget.is_hidden or name in self.keeps_hidden)
            and field.widget.attrs.get("autocomplete") not in _SECRET_BOXES
        ]

    @cached_property
    def kept_marker(self) -> str:
        """What the page sends back with the form; empty where nothing is kept."""
        keeper = _keeper.get()
        return keeper.marker(self) if keeper and self.keeps_typed and self.kept_fields() else ""

    @cached_property
    def typed_before(self) -> PutBack | None:
        """What the person typed here earlier and has not sent; None once the form is sent."""
        keeper = _keeper.get()
        if keeper is None or self.is_bound or not self.keeps_typed or not self.kept_fields():
            return None
        return keeper.put_back(self)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """What was typed before, exactly as it was typed, or what the form was made with."""
        typed = self.typed_before
        if typed is not None and field_name in self.kept_fields():
            box, name = field.widget, self.add_prefix(field_name)
            if not box.value_omitted_from_data(typed.values, {}, name):
                return box.value_from_datadict(typed.values, {}, name)
        return super().get_initial_for_field(field, field_name)


class FilterForm(SightlineForm):
    """A form that narrows what a page shows. Sent with GET; every field may be left empty."""

    marks_optional: ClassVar[bool] = False
    keeps_typed: ClassVar[str] = ""


class DateParts(forms.MultiWidget):
    """Three text boxes, day, month and year: what was typed is kept, whatever it was."""

    template_name = "design/forms/widgets/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput({"inputmode": "numeric", "class": f"sl-date__{part}"})
            for part in PARTS
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[Any]:
        """The three parts of a date; three empty boxes for none."""
        if isinstance(value, dt.date):
            return [value.day, value.month, value.year]
        return [None, None, None]


class DateField(forms.Field):
    """A date typed as day, month and year.

    Args:
        earliest: the first day accepted.
        latest: the last day accepted.
        not_in_future: refuse days after today, as today is when the form is sent.
    """

    widget = DateParts
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": "Enter a date",
        "incomplete": "The date must include a %(missing)s",
        "unreal": "The date must be a real date",
        "too_early": "The date must be %(limit)s or later",
        "too_late": "The date must be %(limit)s or earlier",
    }

    def __init__(
        self,
        *,
        earliest: dt.date | None = None,
        latest: dt.date | None = None,
        not_in_future: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.earliest = earliest
        self.latest = latest
        self.not_in_future = not_in_future

    def clean(self, value: Any) -> dt.date | None:
        """The date typed, or None when all three boxes are empty and may be."""
        typed = [str(part or "").strip() for part in (value or ("", "", ""))]
        if not any(typed):
            if self.required:
                raise self._error("required")
            return None
        missing = [part for part, text in zip(PARTS, typed, strict=True) if not text]
        if missing:
            raise self._error("incomplete", missing=" and a ".join(missing))
        return self._within_limits(self._real(typed))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the boxes say another day than the form was opened with."""
        shown = DateParts().decompress(initial)
        return [str(part or "") for part in shown] != [str(part or "") for part in data or shown]

    def _real(self, typed: Sequence[str]) -> dt.date:
        try:
            day, month, year = (int(part) for part in typed)
            if len(typed[2]) != len("2026"):
                raise ValueError
            return dt.date(year, month, day)
        except ValueError:
            raise self._error("unreal") from None

    def _within_limits(self, date: dt.date) -> dt.date:
        if self.earliest and date < self.earliest:
            raise self._error("too_early", limit=_in_words(self.earliest))
        if self.latest and date > self.latest:
            raise self._error("too_late", limit=_in_words(self.latest))
        if self.not_in_future and date > timezone.localdate():
            raise self._error("too_late", limit="today")
        return date

    def _error(self, code: str, **params: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)


def _in_words(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"


def _word_errors(field: forms.Field, label: str) -> None:
    """Replace the messages a field came with by ours, except where its author wrote one."""
    came_with: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        came_with.update(getattr(kind, "default_error_messages", {}))
    for code, message in _wording(field, label.rstrip("?:")).items():
        if field.error_messages.get(code) == came_with.get(code):
            field.error_messages[code] = message


def _wording(field: forms.Field, label: str) -> Mapping[str, str]:
    """What a field says when it cannot take what was typed. `%(…)s` is filled in by Django."""
    keeps_capital = label[1:2].isupper() or label.startswith("I ")
    small = label if keeps_capital else label[:1].lower() + label[1:]
    words = {
        "required": f"Enter {small}",
        "max_length": f"{label} must be %(limit_value)s characters or fewer. "
        "You have %(show_value)s",
        "min_length": f"{label} must be %(limit_value)s characters or more. "
        "You have %(show_value)s",
        "min_value": f"{label} must be %(limit_value)s or more",
        "max_value": f"{label} must be %(limit_value)s or less",
    }
    return words | _wording_of_kind(field, label, small)


def _wording_of_kind(field: forms.Field, label: str, small: str) -> dict[str, str]:
    match field:
        case DateField():
            return {
                "incomplete": f"{label} must include a %(missing)s",
                "unreal": f"{label} must be a real date",
                "too_early": f"{label} must be %(limit)s or later",
                "too_late": f"{label} must be %(limit)s or earlier",
            }
        case forms.MultipleChoiceField() | forms.ModelMultipleChoiceField():
            return {"required": f"Select at least one: {small}"}
        case forms.ChoiceField() | forms.ModelChoiceField():
            return {
                "required": f"Select {small}",
                "invalid_choice": f"Select {small} from the list",  # noqa: S608 - words, not SQL
            }
        case forms.BooleanField():
            return {"required": f"Tick to go on: {small}"}
        case forms.FileField():
            return {
                "required": f"Choose a file: {small}",
                "missing": f"Choose a file: {small}",
                "empty": "The selected file is empty",
                "max_length": f"The name of the file is too long: {small}",
            }
        case forms.IntegerField():
            return {"invalid": f"{label} must be a {_number_kind(field)}"}
        case forms.EmailField():
            return {"invalid": f"{label} must be an address like name@example.org"}
        case _:
            return {}


def _number_kind(field: forms.IntegerField) -> str:
    # FloatField and DecimalField are IntegerFields in Django.
    return "number" if isinstance(field, forms.FloatField | forms.DecimalField) else "whole number"
