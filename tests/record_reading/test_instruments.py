"""The shipped templates: every topic of the method, in words that staff can read at a glance."""

import re
from itertools import permutations

import pytest

from sightline.framework.definitions import library
from sightline.record_reading import asking, checks, template_faults
from sightline.record_reading.definitions import TemplateDefinition, answer_lists
from sightline.stats.reading_level import reading_level

CARE, HARM, AUDIT = "care-and-protection@1", "risk-of-harm@1", "local-audit@1"
EVERY = asking.all_templates()
FIVE = {"social-work", "health", "education", "police", "reporter"}

# Topics as section 5.6 of the domain notes has them: section, kind or list of answers, the item in
# the template on care and protection (P1) and in that on risk of harm (P2). "i" before a code says
# that the topic is inferred there.
Topic = tuple[str, str, str, str, str]
TOPICS: tuple[Topic, ...] = (
    ("A", "agencies", "agencies' records seen", "records-seen", "records-seen"),
    ("B", "yes-no", "at immediate risk", "immediate-risk", ""),
    ("B", "six-point", "response to that risk", "risk-response-quality", ""),
    ("B", "yes-no", "named person told early", "", "named-person-told"),
    ("B", "yes-no", "passed on without delay", "", "concern-passed-on"),
    ("B", "yes-no", "information gathered and shared", "", "information-shared"),
    ("B", "yes-no", "child's views in investigation", "", "investigation-views-child"),
    ("B", "yes-no", "parents' views in investigation", "", "investigation-views-parents"),
    ("B", "yes-no", "protective measures considered", "", "measures-considered"),
    ("B", "yes-no", "the right action taken", "", "measures-taken"),
    ("B", "six-point", "first response as a whole", "", "initial-response-quality"),
    ("C", "yes-no", "IRD held", "", "ird-held"),
    ("C", "yes-no", "in time", "", "ird-timely"),
    ("C", "yes-no", "clear decision", "", "ird-decision"),
    ("C", "yes-no", "safe at once, other children too", "", "ird-safety"),
    ("C", "yes-no", "interim safety plan", "", "interim-plan"),
    ("D", "yes-no", "in time", "", "meeting-timely"),
    ("D", "by-agency", "attendance", "", "meeting-attendance"),
    ("D", "fully", "risks and needs considered", "", "meeting-risks"),
    ("D", "yes-no", "child's views", "", "meeting-views-child"),
    ("D", "yes-no", "parents' views", "", "meeting-views-parents"),
    ("D", "yes-no", "clear decisions", "", "meeting-decisions"),
    ("D", "six-point", "meeting as a whole", "", "meeting-quality"),
    ("E", "yes-no", "present", "chronology-present", "chronology-present"),
    ("E", "yes-no", "of several agencies", "", "chronology-agencies"),
    ("E", "six-point", "quality", "chronology-quality", "chronology-quality"),
    ("F", "yes-no", "of risk", "assessment-risk-present", ""),
    ("F", "yes-no", "of need", "assessment-need-present", ""),
    ("F", "yes-no", "of both together", "", "assessment-present"),
    ("F", "yes-no", "from several agencies", "", "assessment-agencies"),
    ("F", "six-point", "quality: risk", "assessment-risk-quality", ""),
    ("F", "six-point", "quality: need", "assessment-need-quality", ""),
    ("F", "six-point", "quality as a whole", "", "assessment-quality"),
    ("G", "yes-no", "present", "plan-present", "plan-present"),
    ("G", "yes-no", "deals with risk", "plan-risk", "plan-risk"),
    ("G", "yes-no", "deals with need", "plan-need", "plan-need"),
    ("G", "six-point", "quality", "plan-quality", "plan-quality"),
    ("G", "yes-no", "permanence", "permanence-progress", ""),
    ("H", "yes-no", "intervals", "review-intervals", "i review-intervals"),
    ("H", "by-agency", "partners' part", "review-partners", "i review-partners"),
    ("H", "six-point", "quality", "review-quality", "i review-quality"),
    ("I", "six-point", "seeking the child's views", "views-child-quality", ""),
    ("I", "six-point", "listened to, heard, included", "", "heard-child-quality"),
    ("I", "six-point", "parents' views", "views-parents-quality", "i views-parents-quality"),
    ("I", "six-point", "rights", "rights-quality", ""),
    ("I", "yes-no", "independent advocacy, child", "advocacy-child", "i advocacy-child"),
    ("I", "yes-no", "independent advocacy, parent", "advocacy-parents", "i advocacy-parents"),
    ("I", "yes-no", "other advocacy, child", "advocacy-other-child", ""),
    ("I", "yes-no", "other advocacy, parent", "advocacy-other-parents", ""),
    ("J", "yes-no", "one key adult", "key-adult", ""),
    ("J", "yes-no", "contact as planned", "contact-lead", ""),
    ("J", "yes-no", "relationship, child", "", "relationship-child"),
    ("J", "yes-no", "relationship, parents", "", "relationship-parents"),
    ("J", "yes-no", "help had", "interventions-access", "i interventions-access"),
    ("J", "effective", "help effective", "interventions-effect", "i interventions-effect"),
    ("J", "effective", "time with parents", "contact-parents", ""),
    ("J", "effective", "time with brothers and sisters", "contact-siblings", ""),
    ("J", "effective", "care leavers", "leaver-support", ""),
    ("K", "improvement", "wellbeing", "wellbeing-improved", "i wellbeing-improved"),
    ("K", "improvement", "family", "family-improved", "i family-improved"),
    ("K", "six-point", "risk of abuse", "risk-abuse-quality", "i risk-abuse-quality"),
    ("K", "six-point", "risk of neglect", "risk-neglect-quality", "i risk-neglect-quality"),
    ("K", "six-point", "risk of other harm", "risk-other-quality", "i risk-other-quality"),
    ("L", "yes-no", "chances to discuss", "supervision", "i supervision"),
    ("L", "yes-no", "looked at by a manager", "manager-review", "i manager-review"),
    ("M", "text", "strengths", "i strengths", "i strengths"),
    ("M", "text", "concerns", "i concerns", "i concerns"),
    ("M", "text", "good practice", "i good-practice", "i good-practice"),
    ("M", "text", "rationale", "i what-decided", "i what-decided"),
    ("M", "yes-or-no", "matter of concern", "i concern-raised", "i concern-raised"),
)
OWN = {
    CARE: {
        "records-enough", "plan-outcomes", "review-held", "child-could-be-asked",
        "parents-in-reach", "risk-abuse-present", "risk-neglect-present", "risk-other-present",
    },
    HARM: {
        "records-enough", "concern-in-period", "review-held", "child-could-be-asked",
        "parents-in-reach", "risk-abuse-present", "risk-neglect-present", "risk-other-present",
    },
}  # fmt: skip
"""Questions beyond the method: whether something else can be asked at all, and two of our own."""

FIRST_MEETING = "meeting-held"
"""The notes ask when it was held; whether comes first."""


@pytest.mark.parametrize(("key", "column"), [(CARE, 3), (HARM, 4)])
def test_every_topic_of_the_method_is_there_and_nothing_else(key: str, column: int) -> None:
    """In its section, with its answers, and marked where it is inferred."""
    template = asking.template(key)
    letters = {i.code: s.letter for s in template.sections for i in s.items}
    expected = set(OWN[key]) | ({FIRST_MEETING} if key == HARM else set())
    for topic in TOPICS:
        mark, _, code = topic[column].rpartition(" ")
        if not code:
            continue
        item = template.item(code)
        expected.add(code)
        assert letters[code] == topic[0], topic
        assert topic[1] in {item.list, item.kind}, topic
        assert item.status == ("inferred" if mark == "i" else "observed"), topic
    assert {item.code for item in template.items()} == expected
    for code in OWN[key]:
        assert template.item(code).status == "inferred"


def test_they_have_no_faults() -> None:
    """Each by itself, and between them."""
    checks.load_definitions()


def test_there_are_three_and_the_audit_is_short() -> None:
    """Two of inspections and one for between them, which asks nothing that neither of them asks."""
    assert [one.key for one in EVERY] == [CARE, AUDIT, HARM]
    care, audit, harm = ({item.code for item in one.items()} for one in EVERY)
    assert audit <= care | harm
    assert len(audit) < 25
    assert {"plan-present", "plan-quality", "records-seen", "strengths"} <= audit
    assert 45 <= len(care) <= 65
    assert 45 <= len(harm) <= 65


def test_populations_are_those_of_the_return() -> None:
    """Four of each kind of inspection; every stratum lies in one."""
    care, audit, harm = EVERY
    assert [one.code for one in care.populations] == [
        "looked-after", "aftercare", "register", "voluntary",
    ]  # fmt: skip
    assert [one.code for one in harm.populations] == [
        "investigation", "register", "vulnerable", "care-and-risk",
    ]  # fmt: skip
    assert [one.code for one in audit.populations] == ["audit"]
    assert [one.code for one in audit.strata] == ["audit"]


def test_whose_records_are_read_goes_by_the_kind_of_case() -> None:
    """All five for protection and for risk of harm; the lead professional's own for others."""
    care, _, harm = EVERY
    by_code = {one.code: set(one.agencies) for one in care.strata}
    assert by_code.pop("protection") == FIVE
    assert all(agencies == {"social-work"} for agencies in by_code.values())
    assert all(set(one.agencies) == FIVE for one in harm.strata)


@pytest.mark.parametrize("template", EVERY, ids=lambda one: one.key)
def test_every_item_has_guidance_and_a_place_in_the_framework(template: TemplateDefinition) -> None:
    """Words belong to none; all else speaks to an indicator."""
    for item in template.items():
        assert item.guidance, item.code
        assert item.text.endswith("?"), item.code
        assert len(item.short) <= 42, item.code
        assert bool(item.links) == (item.kind != "text"), item.code
        assert len(set(item.links)) == len(item.links), item.code


@pytest.mark.parametrize("template", EVERY, ids=lambda one: one.key)
def test_how_good_has_two_worked_examples_of_different_points(template: TemplateDefinition) -> None:
    """Each begins with the point it stands for and its name; no other item has any."""
    for item in template.items():
        named = [re.match(r"([1-6]), ([a-z ]+): ", example) for example in item.good]
        assert len(named) == (2 if item.is_quality else 0), item.code
        for found in named:
            assert found is not None, item.code
            assert asking.option_label(item, found[1]).lower() == found[2], item.code
        points = "".join(found[1] for found in named if found)
        assert re.fullmatch("([45][23])?", points), item.code


@pytest.mark.parametrize("template", EVERY, ids=lambda one: one.key)
def test_it_reads_easily(template: TemplateDefinition) -> None:
    """Staff read these late in the day: short sentences, and about the words of a newspaper."""
    for item in template.items():
        assert reading_level(item.text).longest_sentence <= 22, item.code
        level = reading_level(" ".join([item.text, item.guidance or "", *item.good]))
        assert level.longest_sentence <= 28, item.code
        assert level.school_years <= 8, item.code


BANNED = re.compile(
    r"\b(?:ratings?|grades?|graded|scores?|scored|case ?files?|LAC|CPR|CHI|service users?"
    r"|double-coded|kids|invalid|victims?|perpetrators?|TBC|etc|e\.g|i\.e)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("template", EVERY, ids=lambda one: one.key)
def test_it_uses_the_words_of_the_field_and_no_others(template: TemplateDefinition) -> None:
    """In everything that anybody is shown."""
    shown = [template.title, template.content_note, template.source]
    shown += [one.label for one in template.strata]
    shown += [text for one in template.populations for text in (one.label, one.about)]
    shown += [text for one in template.sections for text in (one.title, one.about or "")]
    for item in template.items():
        shown += [item.text, item.short, item.guidance or "", item.base or "", *item.good]
        shown += [said.why or "" for said in item.comparable]
    assert [text for text in shown if BANNED.search(text)] == []


@pytest.mark.parametrize(
    ("one", "other"),
    list(permutations(EVERY, 2)),
    ids=lambda one: one.key,
)
def test_what_two_templates_both_ask_is_compared_by_both(
    one: TemplateDefinition, other: TemplateDefinition
) -> None:
    """Declared on either side, with the same answer, and the same words where it is the same."""
    for item in one.items():
        match = template_faults.find(other, item.code)
        said = [told for told in item.comparable if told.template == other.key]
        assert len(said) == (match is not None), item.code
        if match is None:
            continue
        assert asking.comparable(one.key, item.code, other.key) == said[0].how
        assert asking.comparable(other.key, item.code, one.key) == said[0].how
        if said[0].how != "not":
            same = template_faults.is_same(item, match)
            assert said[0].how == ("same" if same else "reworded"), item.code
        assert bool(said[0].why) == (said[0].how != "same")


def test_the_six_points_and_their_bands_are_those_of_the_published_scale() -> None:
    """The same words, and the same edges, as `scales/six-point@1`."""
    published = library().scales.get("six-point@1")
    found = answer_lists().lists["six-point"]
    assert found.status == "stated"
    assert {one.value: one.label.lower() for one in found.options} == {
        point.value: point.word.lower() for point in published.points
    }
    assert {asking.band_label(name): set(codes) for name, codes in found.bands.items()} == {
        band.name: {str(value) for value in range(band.low, band.high + 1)}
        for band in published.bands
    }


def test_every_list_is_used_and_those_with_an_order_have_bands_that_follow_it() -> None:
    """A band of answers on a scale is a run of it, without a hole."""
    lists = answer_lists().lists
    assert {item.list for one in EVERY for item in one.items()} - {""} == set(lists)
    for one in lists.values():
        places = {option.code: option.value for option in one.options if option.value}
        for band, codes in one.bands.items():
            if not places:
                continue
            values = sorted(places[code] for code in codes)
            assert values == list(range(values[0], values[-1] + 1)), band


@pytest.mark.parametrize("template", EVERY, ids=lambda one: one.key)
def test_every_stratum_is_asked_enough_and_every_item_of_somebody(
    template: TemplateDefinition,
) -> None:
    """Where everything is there, every section has something, and no item is left unasked."""
    everything = {
        item.only_if.item: item.only_if.answers[0] for item in template.items() if item.only_if
    }
    reached: set[str] = set()
    for stratum in template.strata:
        facts = {"stratum": stratum.code}
        reached |= set(asking.asked(template, facts, everything))
        for section in template.sections:
            assert asking.section_items(template, section.code, facts, everything)
    assert reached == {item.code for item in template.items()}
