"""How forms look and speak: the renderer, errors that say what to do, a date in three parts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms import renderers
from django.forms.utils import pretty_name
from django.template import TemplateDoesNotExist
from django.utils import timezone

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


class SightlineForm(forms.Form):
    """A form whose errors name the field in its own words and say what to do.

    Messages given to a field stay as given. Fields that may be left empty are marked "(optional)".
    """

    marks_optional: ClassVar[bool] = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _word_errors(field, str(field.label or pretty_name(name)))


class FilterForm(SightlineForm):
    """A form that narrows what a page shows. Sent with GET; every field may be left empty."""

    marks_optional: ClassVar[bool] = False


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
