"""Shape of what is typed in setting a survey up and running it."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final

from django import forms

from sightline.access.models import User
from sightline.design.forms import DateField, SightlineForm
from sightline.surveys.models import Survey

EMPTY, FORM_ELSEWHERE = "empty", "xlsform"
LARGEST_FORM_MB: Final = 10
AUDIENCE_CHOICES: Final = (
    ("child", "Children aged 8 to 15"),
    ("young-person", "Young people aged 16 and over"),
    ("parent-carer", "Parents and carers"),
    ("staff", "Staff"),
    ("anyone", "Anyone"),
)


def area_box(rows: int) -> forms.Textarea:
    """A box of some lines."""
    return forms.Textarea(attrs={"rows": rows})


class NewSurveyForm(SightlineForm):
    """What a survey is called, and where its questions come from."""

    title = forms.CharField(
        label="What the survey is called",
        help_text="People who answer never see this. They see “Survey”.",
        max_length=120,
        error_messages={"required": "Enter what the survey is called"},
    )
    inspection = forms.ChoiceField(label="What it is run for", required=False)
    questions = forms.ChoiceField(
        label="Where its questions come from",
        widget=forms.RadioSelect,
        error_messages={"required": "Select where its questions come from"},
    )
    own = forms.ChoiceField(
        label="If you chose a questionnaire that is there already",
        widget=forms.RadioSelect,
        choices=(
            ("", "Run it as it is, so that results can be compared with other areas"),
            ("own", "Make a copy whose words you can change"),
        ),
        required=False,
    )
    audience = forms.ChoiceField(
        label="If you begin with nothing, or send a form: who it is for",
        choices=(("", "Choose"), *AUDIENCE_CHOICES),
        required=False,
    )
    file = forms.FileField(
        label="If you send a form made elsewhere: its Excel workbook",
        help_text="An XLSForm, as KoboToolbox and ODK write it, of 10 MB at most",
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        questionnaires: Iterable[tuple[str, str]],
        inspections: Sequence[str],
        for_itself: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        questions: Any = self.fields["questions"]
        questions.choices = [
            *questionnaires,
            (EMPTY, "Nothing: write your own"),
            (FORM_ELSEWHERE, "A form made elsewhere, as an XLSForm"),
        ]
        inspection: Any = self.fields["inspection"]
        own = [("", "The partnership itself")] if for_itself else []
        inspection.choices = [*own, *((one, f"The inspection {one}") for one in inspections)]
        if not inspections:
            del self.fields["inspection"]

    def clean(self) -> dict[str, Any]:
        """Ask for the rest of what was chosen."""
        given = super().clean() or {}
        chosen = given.get("questions")
        if chosen in {EMPTY, FORM_ELSEWHERE} and not given.get("audience"):
            self.add_error("audience", "Select who the survey is for")
        if chosen == FORM_ELSEWHERE and "file" not in self.errors:
            if not given.get("file"):
                self.add_error("file", "Choose the workbook of the form")
            elif given["file"].size > LARGEST_FORM_MB * 1_000_000:
                self.add_error(
                    "file", f"The selected file must be smaller than {LARGEST_FORM_MB}MB"
                )
        return given


class AccessForm(SightlineForm):
    """How people get in, and until when."""

    mode = forms.ChoiceField(
        label="How people get in", widget=forms.RadioSelect, choices=Survey.Mode
    )
    opens_on = DateField(
        label="First day", help_text="Left empty, the day on which you open it", required=False
    )
    closes_on = DateField(label="Last day", help_text="People can answer until its end")
    logs_drop_addresses = forms.BooleanField(
        label="The servers of the survey site keep no addresses of phones and computers",
        help_text="Ask whoever runs them. Without the tick, people are told that it is noted which "
        "phone or computer is used, and nobody tells them that they cannot be found.",
        required=False,
    )

    def __init__(self, *args: Any, logs_drop: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not logs_drop:
            del self.fields["logs_drop_addresses"]

    def clean(self) -> dict[str, Any]:
        """Days in their order."""
        given = super().clean() or {}
        first, last = given.get("opens_on"), given.get("closes_on")
        if first and last and first > last:
            self.add_error("closes_on", "Last day must be the first day or later")
        return given


class FormatsForm(SightlineForm):
    """Languages that people can choose, paper, and devices that several people use."""

    languages = forms.MultipleChoiceField(
        label="Languages that people can choose",
        widget=forms.CheckboxSelectMultiple,
        help_text="Only those in which every text is there",
    )
    paper = forms.BooleanField(label="Some people answer on paper", required=False)
    shared_device = forms.BooleanField(
        label="Several people answer on the same phone or computer, one after another",
        required=False,
    )

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.main = languages[0][0]
        self.fields["languages"].choices = list(languages)  # type: ignore[attr-defined]

    def clean_languages(self) -> list[str]:
        """In the order of the questionnaire, its main language always among them."""
        chosen = self.cleaned_data["languages"]
        offered = [code for code, _ in self.fields["languages"].choices]  # type: ignore[attr-defined]
        return [code for code in offered if code in chosen or code == self.main]


class LanguageForm(SightlineForm):
    """A language more."""

    language = forms.ChoiceField(label="Add a language")

    def __init__(self, *args: Any, languages: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", "Choose"), *languages]  # type: ignore[attr-defined]


class TextsForm(SightlineForm):
    """Every text in one language, beside the main one."""

    marks_optional: ClassVar[bool] = False

    def __init__(
        self, *args: Any, texts: Sequence[tuple[str, str, str, str]], language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.keys: dict[str, str] = {}
        for at, (key, where, main, now) in enumerate(texts):
            name = f"text-{at}"
            self.keys[name] = key
            self.fields[name] = forms.CharField(
                label=f"{where}: {main}",
                initial=now,
                required=False,
                max_length=2_000,
                widget=forms.Textarea(
                    attrs={"rows": 2, "lang": language, "dir": "auto", "spellcheck": "false"}
                ),
            )

    def texts(self) -> dict[str, str]:
        """What was typed, by key; a box that was not sent is left as it is."""
        return {
            key: str(self.cleaned_data[name])
            for name, key in self.keys.items()
            if self.add_prefix(name) in self.data
        }


class WorkbookForm(SightlineForm):
    """Texts in a language, as a workbook that was taken away and filled in."""

    workbook = forms.FileField(label="The filled workbook of texts")


class HelpForm(SightlineForm):
    """Whom people can turn to here, and what those who hand it out may say."""

    local_help = forms.CharField(
        label="Whom people here can call or talk to",
        help_text="A line for each: name, number and when. National helplines are shown anyway.",
        widget=area_box(4),
        max_length=2_000,
        error_messages={"required": "Enter at least one person or number"},
    )
    handout_note = forms.CharField(
        label="Note for those who hand it out",
        help_text="What workers and schools may say, such as: you can say no, and nothing will "
        "change for you. Needed where children or young people answer.",
        widget=area_box(6),
        max_length=4_000,
        required=False,
    )
    parents_told = forms.CharField(
        label="How parents and carers are told",
        help_text="Needed where children or young people answer",
        widget=area_box(4),
        max_length=4_000,
        required=False,
    )

    def clean_local_help(self) -> list[str]:
        """A line each."""
        lines = self.cleaned_data["local_help"].splitlines()
        return [" ".join(line.split()) for line in lines if line.strip()]


class ResultsForm(SightlineForm):
    """What is shown of the results, when people hear of them, when the answers go."""

    base = forms.IntegerField(
        label="The smallest group whose results are shown",
        help_text="Usually 10. It can be raised later and never lowered, because people are told: "
        "in a smaller group others could work out who said what.",
        min_value=5,
        max_value=100,
    )
    groupings = forms.MultipleChoiceField(
        label="Compare results by",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    heard_by = DateField(
        label="When people hear what was said, and what will change",
        help_text="They are told this day when they have answered",
    )
    destroy_on = DateField(
        label="When the answers are deleted",
        help_text="People are told this day. Results that were shown stay.",
    )

    def __init__(self, *args: Any, groupings: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groupings"].choices = list(groupings)  # type: ignore[attr-defined]
        if not groupings:
            del self.fields["groupings"]


class ReaderForm(SightlineForm):
    """Somebody trained to read what people write."""

    person = forms.ModelChoiceField(label="Who", queryset=User.objects.none(), empty_label="Choose")
    trained_on = DateField(label="Day of their training", not_in_future=True)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.queryset = people
        person.label_from_instance = lambda one: one.name


class NothingForm(SightlineForm):
    """A button alone."""


class ReasonForm(SightlineForm):
    """Why."""

    reason = forms.CharField(label="Why", max_length=400, widget=area_box(3))


class TellForm(SightlineForm):
    """What those who answered are told."""

    what_changed = forms.CharField(
        label="What people said, and what changed because of it",
        help_text="Everybody who has the link can read it. Leave an empty line between paragraphs.",
        required=False, max_length=6000, widget=area_box(12),
    )  # fmt: skip


class ExtendForm(SightlineForm):
    """A later last day."""

    closes_on = DateField(label="New last day")
