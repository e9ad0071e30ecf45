"""Shape of what is typed about one question, one section, one list of answers."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django import forms

from sightline.design.forms import SightlineForm
from sightline.kernel.errors import BadInput
from sightline.surveys import drafting, expressions, routing
from sightline.surveys.definitions import CHOSEN, QuestionnaireDefinition
from sightline.surveys.forms import area_box
from sightline.surveys.routing import Condition, Earlier, Routing

WITH_ANSWERS: Final = CHOSEN | {"many"}
YOUNG: Final = frozenset({"child", "young-person"})
SKIPPERS: Final = YOUNG | {"parent-carer"}
KINDS: Final = (
    ("one", "One answer"),
    ("many", "Any that apply"),
    ("scale", "One answer on a scale, the most first"),
    ("frequency", "How often, the most first"),
    ("text", "Own words"),
    ("number", "A number"),
    ("date", "A day"),
    ("note", "No question: words to read"),
)
AS_WRITTEN: Final = "as-written"
THIS_ONE, ALL = "this", "all"
FEWEST: Final = 2


def choice_key(item: str, choice: str) -> str:
    """How an answer to an earlier question is named in the form."""
    return f"{item}={choice}"


class QuestionForm(SightlineForm):
    """One question. What people seldom need lies under “For experts”."""

    keeps_hidden: ClassVar[frozenset[str]] = frozenset()

    was = forms.CharField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label="Question", max_length=1_000, widget=area_box(2),
        help_text="One idea. Short words. About now, if it is for children.",
    )  # fmt: skip
    hint = forms.CharField(label="Hint under it", max_length=1_000, required=False)
    kind = forms.ChoiceField(label="Kind", choices=KINDS, widget=forms.RadioSelect)
    answers = forms.CharField(
        label="Answers to choose from",
        help_text="One on each line. For a scale or how often, the most first.",
        widget=area_box(6),
        max_length=10_000,
        required=False,
    )
    whose = forms.ChoiceField(
        label="Other questions have the same answers",
        choices=((ALL, "Change them there too"), (THIS_ONE, "Change them for this one alone")),
        widget=forms.RadioSelect,
        initial=ALL,
        required=False,
    )
    dont_know = forms.BooleanField(label="Offer “I don’t know”", required=False)
    prefer_not = forms.BooleanField(label="Offer “I don’t want to say”", required=False)
    required = forms.BooleanField(label="An answer must be given", required=False)
    sensitive = forms.BooleanField(
        label="It may be hard to be asked",
        help_text="A gentle notice comes before it. Write the notice with the section.",
        required=False,
    )
    identifies = forms.BooleanField(
        label="It asks for something that could show who somebody is",
        help_text="Such as a name, a day of birth or a postcode. People are then told that they "
        "could be found.",
        required=False,
    )
    groups = forms.BooleanField(
        label="Results may be compared by it",
        help_text="For a question with one answer, such as which agency somebody works for",
        required=False,
    )
    links = forms.MultipleChoiceField(
        label="Quality indicators it speaks to",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    when_1 = forms.ChoiceField(label="Show it only if somebody chose", required=False)
    not_1 = forms.BooleanField(label="Turn round: only if they did not", required=False)
    joined = forms.ChoiceField(
        label="And, or", choices=(("and", "and"), ("or", "or")), required=False
    )
    when_2 = forms.ChoiceField(label="Second answer", required=False)
    not_2 = forms.BooleanField(label="Turn round the second: only if not", required=False)
    measures = forms.CharField(
        label="Named measures",
        help_text="A name, a colon, and the answers it counts with semicolons between, a line for "
        "each. For example: agree: Strongly agree; Agree",
        widget=area_box(3),
        max_length=4_000,
        required=False,
    )
    show_when = forms.CharField(
        label="Show it only if, as an expression",
        help_text="As ODK forms have it, for example ${age} = '12-15'",
        max_length=1_000,
        required=False,
    )
    constraint = forms.CharField(
        label="What a right answer is, as an expression",
        help_text="For example . >= 0 and . <= 120",
        max_length=1_000,
        required=False,
    )
    constraint_message = forms.CharField(
        label="What is said if it is not", max_length=400, required=False
    )
    whole = forms.BooleanField(label="Whole numbers alone", required=False)
    lines = forms.IntegerField(
        label="Lines of the box for own words",
        min_value=1, max_value=20, required=False,
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        questionnaire: QuestionnaireDefinition,
        code: str,
        indicators: Sequence[tuple[str, str]],
        shared: Sequence[str] = (),
        filtered: bool = False,
        **kwargs: Any,
    ) -> None:
        """`code` is the question's own, empty for a new one; `shared`, others with its answers.

        `filtered`: which answers are offered depends on others, so that they are no plain list.
        """
        super().__init__(*args, **kwargs)
        self.questionnaire, self.code = questionnaire, code
        self.questions = tuple(routing.earlier(questionnaire, code))
        self._offer("links", indicators)
        conditions = self._conditions()
        self._offer("when_1", conditions)
        self._offer("when_2", [("", "No second answer"), *conditions[2:]])
        if filtered:
            del self.fields["answers"]
        if filtered or not shared:
            del self.fields["whose"]
        if questionnaire.audience in SKIPPERS:
            del self.fields["required"]
        if not self.questions:
            for name in ("when_1", "not_1", "joined", "when_2", "not_2"):
                del self.fields[name]

    def _offer(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _conditions(self) -> list[tuple[str, Any]]:
        by_question = [
            (one.words, [(choice_key(one.item.code, code), label) for code, label in one.options])
            for one in self.questions
        ]
        as_written = [(AS_WRITTEN, "As the expression below says")]
        return [("", "Always shown"), *as_written, *by_question]

    def clean_show_when(self) -> str:
        """An expression that can be worked out from the questions before this one."""
        return self._expression("show_when", own=False)

    def clean_constraint(self) -> str:
        """An expression that can be worked out from the answer and those before it."""
        return self._expression("constraint", own=True)

    def _expression(self, name: str, *, own: bool) -> str:
        text = str(self.cleaned_data[name]).strip()
        if not text:
            return ""
        known = []
        for item in self.questionnaire.items():
            if item.code == self.code:
                break
            known.append(item.code)
        sections = [part.code for part in self.questionnaire.sections if part.repeat]
        try:
            expressions.check(text, names={*known, *sections, *([self.code] if own else [])})
        except BadInput as fault:
            raise forms.ValidationError(str(fault)) from None
        return text

    def clean(self) -> dict[str, Any]:
        """Answers where there is something to choose, and measures that count them."""
        given = super().clean() or {}
        if given.get("groups") and given.get("kind") not in CHOSEN:
            self.add_error("groups", "Results are compared by questions with one answer alone")
        if "answers" not in self.fields:
            return given
        if given.get("kind") in WITH_ANSWERS and len(self.labels()) < FEWEST:
            self.add_error("answers", "Enter at least two answers, one on each line")
        elif given.get("kind") in WITH_ANSWERS and len(set(self.labels())) < len(self.labels()):
            self.add_error("answers", "Two answers are the same. Change or delete one")
        return given

    def labels(self) -> list[str]:
        """The answers as typed, one each."""
        lines = str(self.cleaned_data.get("answers") or "").splitlines()
        return [" ".join(line.split()) for line in lines if line.strip()]

    def routed(self) -> str:
        """The expression that says when it is shown: as chosen, or as written."""
        given = self.cleaned_data
        chosen = [given.get("when_1") or "", given.get("when_2") or ""]
        written = str(given.get("show_when") or "")
        if AS_WRITTEN in chosen or "when_1" not in self.fields:
            return written
        by_code = {one.item.code: one for one in self.questions}
        conditions = tuple(
            _condition(key, by_code, holds=not given.get(f"not_{at}"))
            for at, key in enumerate(chosen, 1)
            if key
        )
        return Routing(conditions, "or" if given.get("joined") == "or" else "and").written()

    def item(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The question as plain data: what the form says, and of `before` what it does not ask."""
        given, main = self.cleaned_data, self.questionnaire.languages[0]
        kind = given["kind"]
        made: dict[str, Any] = {**before, "kind": kind}
        for name in ("text", "hint", "constraint_message"):
            made[name] = _worded(before.get(name) or {}, main, given[name])
        young = self.questionnaire.audience in YOUNG and kind != "note"
        silent = kind == "note"
        made |= {
            "dont_know": not silent and (given["dont_know"] or young),
            "prefer_not": not silent and (given["prefer_not"] or young),
            "required": bool(given.get("required")) and not silent,
            "sensitive": given["sensitive"],
            "identifies": given["identifies"],
            "groups": given["groups"],
            "links": given["links"],
            "show_when": self.routed(),
            "constraint": "" if silent else given["constraint"],
            "whole": given["whole"] and kind == "number",
            "lines": given["lines"] or 4,
        }
        if kind not in WITH_ANSWERS:
            made |= {"choices": "", "measures": {}, "choice_filter": ""}
        return {name: value for name, value in made.items() if value not in ("", {}, [], False)}

    def choices(self, before: Sequence[Mapping[str, Any]]) -> list[drafting.Content] | None:
        """The answers as plain data; None for a question without."""
        if self.cleaned_data["kind"] not in WITH_ANSWERS or "answers" not in self.fields:
            return None
        scaled = self.cleaned_data["kind"] in {"scale", "frequency"}
        return drafting.choices_from(
            self.labels(), [dict(one) for one in before], self.questionnaire.languages[0],
            values=scaled,
        )  # fmt: skip

    def named_measures(self, choices: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
        """The measures as typed, by name.

        Raises:
            BadInput: a line that cannot be read, or an answer that is not there.
        """
        main = self.questionnaire.languages[0]
        codes = {choice["label"].get(main, "").casefold(): choice["code"] for choice in choices}
        found: dict[str, list[str]] = {}
        for line in str(self.cleaned_data["measures"]).splitlines():
            if not line.strip():
                continue
            name, colon, rest = line.partition(":")
            labels = [part.strip() for part in rest.split(";") if part.strip()]
            if not (colon and name.strip() and labels):
                raise BadInput("Write each measure as a name, a colon and its answers.")
            gone = [label for label in labels if label.casefold() not in codes]
            if gone:
                raise BadInput(f"“{gone[0]}” is not one of the answers.")
            code = drafting.code_from(name, found)
            found[code] = [codes[label.casefold()] for label in labels]
        return found


def _condition(key: str, questions: Mapping[str, Earlier], *, holds: bool) -> Condition:
    item, _, choice = key.partition("=")
    many = item in questions and questions[item].item.kind == "many"
    return Condition(item, choice, holds, many)


def _worded(before: Mapping[str, str], main: str, words: str) -> dict[str, str]:
    """The texts with the main language's changed; no words in it, no text at all."""
    said = " ".join(words.split())
    return {**before, main: said} if said else {}


def question_initial(
    content: Mapping[str, Any], item: Mapping[str, Any], main: str
) -> dict[str, Any]:
    """What the boxes of a question hold when its page is opened."""
    options = content["choices"].get(item.get("choices", ""), [])
    labels = {choice["code"]: choice["label"].get(main, "") for choice in options}
    route = routing.read(item.get("show_when", ""))
    initial = {
        **{name: item.get(name) for name in (
            "kind", "dont_know", "prefer_not", "required", "sensitive", "identifies", "groups",
            "show_when", "constraint", "whole",
        )},
        **{name: (item.get(name) or {}).get(main, "") for name in (
            "text", "hint", "constraint_message",
        )},
        "lines": item.get("lines", 4),
        "links": list(item.get("links", ())),
        "answers": "\n".join(labels.values()),
        "measures": "\n".join(
            f"{name}: {'; '.join(labels.get(code, code) for code in codes)}"
            for name, codes in (item.get("measures") or {}).items()
        ),
        "was": drafting.fingerprint([item, options]),
    }  # fmt: skip
    if route is None:
        return initial | {"when_1": AS_WRITTEN}
    for at, one in enumerate(route.conditions, 1):
        initial |= {f"when_{at}": choice_key(one.item, one.choice), f"not_{at}": not one.holds}
    return initial | {"joined": route.joined}


class SectionForm(SightlineForm):
    """The words of a section."""

    was = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label="Title of the section", max_length=200)
    notice = forms.CharField(
        label="Gentle notice before it",
        help_text="Where it may be hard to be asked: what comes, and that all of it can be "
        "skipped. For example: The next 3 questions are about home. You can skip any of them.",
        widget=area_box(3),
        max_length=1_000,
        required=False,
    )
    repeat = forms.CharField(
        label="Asked once for each",
        help_text="Such as “child”. Left empty, the section is asked once.",
        max_length=60,
        required=False,
    )


class NewSectionForm(SightlineForm):
    """A section more."""

    title = forms.CharField(label="Title of a new section", max_length=200)


class IntroductionForm(SightlineForm):
    """What is said first."""

    title = forms.CharField(
        label="Title of the questionnaire", help_text="For you, not for people", max_length=200
    )
    introduction = forms.CharField(
        label="What people read first", widget=area_box(4), max_length=2_000
    )
    minutes = forms.IntegerField(
        label="How many minutes it takes", min_value=1, max_value=120,
        help_text="Try it with somebody, and watch the clock",
    )  # fmt: skip
