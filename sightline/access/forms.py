"""Shape of what is typed about people, roles and the audit trail."""

from typing import Any

from allauth.account import forms as allauth
from django import forms

from sightline.access.models import Assignment, Organisation
from sightline.access.roles import roles
from sightline.access.scopes import names_of
from sightline.design.forms import DateField, FilterForm, SightlineForm

ANY = [("", "Any")]


class SignInForm(allauth.LoginForm):  # type: ignore[misc]  # allauth has no types
    """An e-mail address and a password."""

    marks_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["remember"]  # a session lasts until the browser closes, or twelve hours
        _plainly(self.fields["login"], "Email address", "Enter your email address")
        _plainly(self.fields["password"], "Password", "Enter your password")

    def clean(self) -> Any:
        """As allauth, which asks below whether to remember the browser: it does not."""
        cleaned = super().clean()
        self.cleaned_data["remember"] = False
        return cleaned


class ForgottenForm(allauth.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """The address to send a link to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plainly(self.fields["email"], "Email address", "Enter your email address")


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """The password now, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plainly(self.fields["oldpassword"], "Password now", "Enter your password now")
        _new_password(self)


class NewPasswordForm(allauth.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """The new password twice, reached by the link that was sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self)


def _new_password(form: forms.Form) -> None:
    _plainly(form.fields["password1"], "New password", "Enter a new password")
    form.fields["password1"].help_text = "At least 12 characters. Three random words are good."
    _plainly(form.fields["password2"], "New password again", "Enter the new password again")


def _plainly(field: forms.Field, label: str, required: str) -> None:
    """Our label, no placeholder (it vanishes as one types), and an error that says what to do."""
    field.label = label
    field.help_text = ""
    field.widget.attrs.pop("placeholder", None)
    field.error_messages["required"] = required
    if isinstance(field, forms.EmailField):
        field.error_messages["invalid"] = f"{label} must be an address like name@example.org"


class PersonForm(SightlineForm):
    """A person to add."""

    name = forms.CharField(max_length=200)
    email = forms.EmailField(label="Email address", max_length=254)
    designation = forms.CharField(
        label="Post", max_length=200, required=False, help_text="As on their badge or letters."
    )
    organisation = forms.ModelChoiceField(
        label="Employer", queryset=Organisation.objects.order_by("name"), required=False
    )


class PeopleFilter(FilterForm):
    """Which people to list."""

    words = forms.CharField(label="Name, address or post", required=False, max_length=200)
    role = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "role", ANY + [(item.code, item.title) for item in roles()])


class GrantForm(SightlineForm):
    """A role to give, where, and until when."""

    role = forms.ChoiceField()
    scope_kind = forms.ChoiceField(
        label="How far it reaches", choices=Assignment.ScopeKind, widget=forms.RadioSelect
    )
    scope_key = forms.CharField(
        label="Which one",
        max_length=80,
        required=False,
        help_text="The partnership or inspection, as in its address: north-lanarkshire, or "
        "north-lanarkshire-2023. Leave empty for all of Scotland.",
    )
    ends = DateField(label="Last day", required=False, help_text="Empty: until somebody ends it.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "role", [("", "Choose")] + [(item.code, item.title) for item in roles()])

    def clean(self) -> Any:
        """One partnership or inspection needs a name; all of Scotland has only one."""
        kind = self.cleaned_data.get("scope_kind")
        if kind == Assignment.ScopeKind.NATIONAL:
            self.cleaned_data["scope_key"] = next(iter(names_of(kind) or {}))
        elif kind and not self.cleaned_data.get("scope_key"):
            self.add_error("scope_key", f"Enter which {kind}")
        return self.cleaned_data


class AuditFilter(FilterForm):
    """Which lines of the audit trail to show."""

    thing = forms.CharField(
        label="Thing", required=False, max_length=160, help_text="For example inspection:angus-2019"
    )
    start = DateField(label="From", required=False)
    end = DateField(label="To", required=False)
    who = forms.CharField(label="Who", required=False, max_length=200, help_text="Part of a name")
    what = forms.ChoiceField(label="What", required=False)
    rows = forms.BooleanField(label="Show each row that was written", required=False)

    def __init__(self, *args: Any, deeds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "what", ANY + deeds)

    def clean(self) -> Any:
        """The first day comes first."""
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end < start:
            self.add_error("end", "The last day must be the first day or later")
        return self.cleaned_data


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is not a field with choices.")
    field.choices = choices
