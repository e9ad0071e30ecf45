"""Questionnaires, answers and rubbish at random."""

from typing import Any

from hypothesis import strategies as st

from sightline.surveys.definitions import DONT_KNOW, PREFER_NOT, QuestionnaireDefinition
from sightline.surveys.questionnaires import parse

LANGUAGES = ("en", "gd", "ar")
_WORD = st.text("abcdefgàéصم =+-@'\"&<>%😀#0?!.,", min_size=1, max_size=12)
WORDS = st.lists(_WORD, min_size=1, max_size=4).map(
    lambda words: " ".join(" ".join(words).split()) or "x"
)
KINDS = ("one", "many", "scale", "frequency", "text", "number", "date", "note", "calculate")


def texts(languages: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    """A text in each language."""
    return st.fixed_dictionaries(dict.fromkeys(languages, WORDS))


@st.composite
def questionnaires(draw: st.DrawFn) -> QuestionnaireDefinition:
    """A questionnaire without faults, with routing, filters, repeats and several languages."""
    languages = LANGUAGES[: draw(st.integers(1, 3))]
    audience = draw(st.sampled_from(["child", "staff", "anyone"]))
    lists = {
        f"list{number}": [
            {
                "code": f"c{place}",
                "label": draw(texts(languages)),
                "value": place,
                "filters": {"of": f"c{draw(st.integers(0, 2))}"},
            }
            for place in range(draw(st.integers(2, 4)))
        ]
        for number in range(draw(st.integers(1, 2)))
    }
    known: list[tuple[str, str]] = []
    sections = [
        draw(_section(number, languages, tuple(lists), known, audience == "staff"))
        for number in range(draw(st.integers(1, 3)))
    ]
    sections[-1]["items"].append({"code": "last", "kind": "text", "text": draw(texts(languages))})
    data = {
        "code": "random", "version": draw(st.integers(1, 9)), "title": draw(WORDS),
        "audience": audience, "languages": languages, "introduction": draw(texts(languages)),
        "minutes": draw(st.integers(1, 30)), "locked": draw(st.booleans()),
        "sections": sections, "choices": lists,
    }  # fmt: skip
    return parse(data, "random@1")


@st.composite
def _section(
    draw: st.DrawFn,
    number: int,
    languages: tuple[str, ...],
    lists: tuple[str, ...],
    known: list[tuple[str, str]],
    adults: bool,
) -> dict[str, Any]:
    section: dict[str, Any] = {
        "code": f"part{number}",
        "title": draw(texts(languages)),
        "show_when": draw(_condition(known)),
    }
    if draw(st.booleans()):
        section["notice"] = draw(texts(languages))
    repeated = draw(st.integers(0, 3)) == 0
    if repeated:
        section |= {"repeat": draw(WORDS), "repeat_most": draw(st.integers(1, 4))}
        counts = [code for code, kind in known if kind == "number"]
        section["repeat_count"] = draw(st.sampled_from(["", "2", *(f"${{{c}}}" for c in counts)]))
    inner = list(known)
    items = []
    for place in range(draw(st.integers(1, 4))):
        item = draw(_item(f"q{number}_{place}", languages, lists, inner, adults))
        item["groups"] = item.get("groups", False) and not repeated
        inner.append((item["code"], item["kind"]))
        items.append(item)
    section["items"] = items
    known[:] = inner
    return section


@st.composite
def _item(
    draw: st.DrawFn,
    code: str,
    languages: tuple[str, ...],
    lists: tuple[str, ...],
    known: list[tuple[str, str]],
    adults: bool,
) -> dict[str, Any]:
    kind = draw(st.sampled_from(KINDS))
    item: dict[str, Any] = {
        "code": code, "kind": kind, "text": draw(texts(languages)),
        "show_when": draw(_condition(known)), "wording": draw(st.integers(1, 3)),
        "sensitive": draw(st.booleans()), "lines": draw(st.integers(1, 6)),
    }  # fmt: skip
    if draw(st.booleans()):
        item["hint"] = draw(texts(languages))
    if kind == "calculate":
        item["calculation"] = draw(_calculation(known))
    elif kind != "note":
        item |= {"dont_know": draw(st.booleans()), "prefer_not": draw(st.booleans())}
        item["required"] = adults and draw(st.booleans())
    if kind in {"one", "many", "scale", "frequency"}:
        item["choices"] = draw(st.sampled_from(lists))
        item["measures"] = draw(st.sampled_from([{}, {"first": ["c0"]}]))
        item["groups"] = kind == "one" and draw(st.booleans())
        chosen = [name for name, of in known if of in {"one", "scale"}]
        filtered: bool = draw(st.booleans())
        if chosen and filtered:
            item["choice_filter"] = f"of = ${{{draw(st.sampled_from(chosen))}}}"
    if kind == "number":
        item |= {"whole": draw(st.booleans()), "constraint": draw(st.sampled_from(["", ". < 9"]))}
        if item["constraint"]:
            item["constraint_message"] = draw(texts(languages))
    item["links"] = draw(st.sampled_from([(), ("5.1", "2.1")]))
    return item


def _condition(known: list[tuple[str, str]]) -> st.SearchStrategy[str]:
    parts = [""]
    for code, kind in known:
        if kind in {"one", "scale", "frequency"}:
            parts += [f"${{{code}}} = 'c0'", f"not(${{{code}}} != 'c1')"]
        elif kind == "many":
            parts += [f"selected(${{{code}}}, 'c1')", f"count-selected(${{{code}}}) > 1"]
        elif kind in {"number", "calculate"}:
            parts += [f"${{{code}}} > 3", f"${{{code}}} = '' or sum(${{{code}}}) < 9"]
        elif kind == "text":
            parts += [f"string-length(${{{code}}}) >= 2"]
    return st.sampled_from(parts)


def _calculation(known: list[tuple[str, str]]) -> st.SearchStrategy[str]:
    parts = ["1 + 1", "concat('a', today())"]
    parts += [f"coalesce(${{{code}}}, 'none')" for code, kind in known if kind != "note"]
    return st.sampled_from(parts)


_CODES = st.sampled_from(
    [f"q{part}_{place}" for part in range(3) for place in range(4)]
    + [f"part{part}" for part in range(3)]
    + ["nothing"]
)
_VALUES = (
    st.sampled_from(["c0", "c1", "c2", "c9", DONT_KNOW, PREFER_NOT, "", "2026-02-31", "2026-03-01"])
    | st.lists(st.sampled_from(["c0", "c1", "c9", DONT_KNOW]), max_size=3)
    | st.integers(-5, 12)
    | st.floats()
    | st.integers()
    | st.text(max_size=20)
    | st.booleans()
    | st.none()
)
ANSWERS = st.dictionaries(
    _CODES,
    _VALUES | st.lists(st.dictionaries(_CODES, _VALUES, max_size=5) | _VALUES, max_size=5),
    max_size=12,
)
"""Answers that may fit and may be rubbish."""

POSTED = st.lists(
    st.sampled_from(["c0", "c1", "3", "2.5", "1,000", "٣", "2026-03-01", "31", "12", DONT_KNOW])
    | st.text(max_size=30),
    max_size=4,
)
"""What a form may send for one question."""
