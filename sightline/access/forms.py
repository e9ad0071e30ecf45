"""Shape of what is typed about people, roles and the audit trail."""

from collections.abc import Sequence
from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sightline.access.models import Assignment, Organisation, User
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
        plainly(self.fields["login"], "Email address", "Enter your email address")
        plainly(self.fields["password"], "Password", "Enter your password")

    def clean(self) -> Any:
        """As allauth, which asks below whether to remember the browser: it does not."""
        cleaned = super().clean()
        self.cleaned_data["remember"] = False
        return cleaned


class ForgottenForm(allauth.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """The address to send a link to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plainly(self.fields["email"], "Email address", "Enter your email address")


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """The password now, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plainly(self.fields["oldpassword"], "Password now", "Enter your password now")
        _new_password(self)


class NewPasswordForm(allauth.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """The new password twice, reached by the link that was sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self)


def _new_password(form: forms.Form) -> None:
    plainly(form.fields["password1"], "New password", "Enter a new password")
    form.fields["password1"].help_text = "At least 12 characters. Three random words are good."
    plainly(form.fields["password2"], "New password again", "Enter the new password again")


def plainly(field: forms.Field, label: str, required: str) -> None:
    """Our label, no placeholder (it vanishes as one types), and an error that says what to do."""
    field.label = label
    field.help_text = ""
    field.widget.attrs.pop("placeholder", None)
    field.error_messages["required"] = required
    if isinstance(field, forms.EmailField):
        field.error_messages["invalid"] = f"{label} must be an address like name@example.org"


class AgainForm(allauth.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """One's password, asked for before something of weight."""

    marks_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plainly(self.fields["password"], "Password", "Enter your password")


class JoinForm(SightlineForm):
    """A password chosen by somebody who was invited."""

    password1 = forms.CharField(
        label="Password",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text="At least 12 characters. Three random words are good.",
        strip=False,
    )
    password2 = forms.CharField(
        label="Password again",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean(self) -> Any:
        """Twice the same, and not an easy one."""
        first, second = (self.cleaned_data.get(f"password{n}") for n in (1, 2))
        if first and second and first != second:
            self.add_error("password2", "The two passwords are not the same")
        elif first:
            try:
                validate_password(first, self.person)
            except forms.ValidationError as fault:
                self.add_error("password1", fault)
        return self.cleaned_data


class ReasonForm(SightlineForm):
    """Why something is done."""

    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="Kept in the record of who did what.",
    )


class ExtendForm(ReasonForm):
    """A later last day, and why."""

    ends = DateField(label="New last day")
    field_order = ("ends", "reason")


class LeaveForm(SightlineForm):
    """The last day of somebody who leaves."""

    last_day = DateField(
        label="Last day",
        help_text="Today or before: everything ends at once. Later: it ends by itself that day.",
    )


class MoveForm(SightlineForm):
    """Another post, and which roles end with the old one."""

    designation = forms.CharField(
        label="New post", max_length=200, required=False, help_text="As on their badge or letters."
    )
    organisation = forms.ModelChoiceField(
        label="New employer",
        queryset=Organisation.objects.order_by("name"),
        required=False,
        empty_label="Not known",
    )
    moved_on = DateField(label="First day in the new post", not_in_future=True)
    ending = forms.MultipleChoiceField(
        label="Roles that end",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Those of one partnership are ticked. Untick what goes with them to the new "
        "post.",
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, held: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "ending", held)
        if not held:
            del self.fields["ending"]

    def keys(self, name: str) -> list[int]:
        """Keys of assignments, as whole numbers."""
        given = self.cleaned_data.get(name) or ()
        parts = given.split(",") if isinstance(given, str) else given
        return [int(part) for part in parts if part.isdecimal()]


class PersonForm(SightlineForm):
    """A person to add."""

    name = forms.CharField(max_length=200)
    email = forms.EmailField(label="Email address", max_length=254)
    designation = forms.CharField(
        label="Post", max_length=200, required=False, help_text="As on their badge or letters."
    )
    organisation = forms.ModelChoiceField(
        label="Employer",
        queryset=Organisation.objects.order_by("name"),
        required=False,
        empty_label="Not known",
    )


class PeopleFilter(FilterForm):
    """Which people to list."""

    words = forms.CharField(label="Name, address or post", required=False, max_length=200)
    role = forms.ChoiceField(required=False)
    ending = forms.BooleanField(label="With a role that ends within 30 days", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "role", ANY + [(item.code, item.title) for item in roles()])


class ReviewFilter(FilterForm):
    """Which roles to review."""

    words = forms.CharField(label="Name, address or post", required=False, max_length=200)
    role = forms.ChoiceField(required=False)
    show = forms.ChoiceField(label="Show", required=False, choices=[
        ("", "Everything"),
        ("due", "Due for review, or never reviewed"),
        ("away", "Not signed in for 60 days"),
        ("ending", "Ends within 30 days"),
        ("factor", "No second factor where one is asked for"),
    ])  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "role", ANY + [(item.code, item.title) for item in roles()])


class ReviewForm(SightlineForm):
    """What is decided of each role of a page: keep or end, until when, and why.

    The names of the fields are `decision`, `months` and `reason`, each with the assignment's key.
    """

    marks_optional = False
    DECISIONS = (("", "Not now"), ("keep", "Keep"), ("end", "End"))
    MONTHS = (("3", "In 3 months"), ("6", "In 6 months"), ("12", "In 12 months"))

    note = forms.CharField(
        label="Note on this review (optional)",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, rows: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [key for key, _ in rows]
        for key, of in rows:
            self.fields[f"decision{key}"] = forms.ChoiceField(
                label=_for(of, "Decision"), choices=self.DECISIONS, required=False
            )
            self.fields[f"months{key}"] = forms.ChoiceField(
                label=_for(of, "Next review"), choices=self.MONTHS, initial="6", required=False
            )
            self.fields[f"reason{key}"] = forms.CharField(
                label=_for(of, "Why it ends"),
                max_length=500,
                required=False,
                widget=forms.TextInput({"size": 24}),
            )

    def clean(self) -> Any:
        """One that ends needs a reason, and something must be decided."""
        decided = [key for key in self.keys if self.cleaned_data.get(f"decision{key}")]
        for key in decided:
            ends = self.cleaned_data[f"decision{key}"] == "end"
            if ends and not self.cleaned_data.get(f"reason{key}", "").strip():
                self.add_error(f"reason{key}", "Say why this role ends")
        if not decided and not self.errors:
            raise forms.ValidationError("Choose Keep or End for at least one role")
        return self.cleaned_data

    def decided(self) -> list[tuple[int, int | None, str]]:
        """Of each decided assignment: its key, months to the next review (None: it ends), why."""
        found = []
        for key in self.keys:
            decision = self.cleaned_data[f"decision{key}"]
            if decision:
                months = int(self.cleaned_data[f"months{key}"] or 6)
                reason = self.cleaned_data[f"reason{key}"]
                found.append((key, None if decision == "end" else months, reason))
        return found


def _for(of: str, label: str) -> SafeString:
    """A label for those who only hear it: the column's heading is there to be seen."""
    return format_html('<span class="visually-hidden">{} for {}</span>', label, of)


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
