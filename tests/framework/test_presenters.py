"""What framework pages show."""

import dataclasses

from sightline.framework import presenters
from sightline.framework.definitions import Crosswalk, CrosswalkRow, TitleStatus, library
from sightline.kernel.definitions import Registry
from tests.factories.framework import fourth_programme


def split_library():
    """5.1 of the second edition became 5.1 and 5.2 of the third; 5.2 became nothing."""
    walks = {w.key: w for w in library().crosswalks}
    rows = tuple(
        {
            "5.1": CrosswalkRow(old="5.1", new=("5.1", "5.2"), comparable=False, note="Split."),
            "5.2": CrosswalkRow(old="5.2", new=(), comparable=False),
        }.get(row.old, row)
        for row in walks["children-2-to-3@1"].rows
    )
    update = {"rows": rows, "status": TitleStatus.VERIFIED, "note": ""}
    walk = walks["children-2-to-3@1"].model_copy(update=update)
    return dataclasses.replace(library(), crosswalks=Registry(Crosswalk, {**walks, walk.key: walk}))


def test_an_indicator_is_followed_through_all_editions():
    places = presenters.across(library(), "children@2", "2.1")
    assert places == (("children@3", "2.1"), ("children@2", "2.1"), ("children@1", "2.1"))
    assert presenters.across(library(), "children@3", "2.1") == places


def test_an_indicator_that_was_split_is_followed_to_both_and_back():
    held = split_library()
    places = presenters.across(held, "children@1", "5.1")
    assert places == (
        ("children@3", "5.1"), ("children@3", "5.2"), ("children@2", "5.1"), ("children@1", "5.1"),
    )  # fmt: skip
    assert presenters.across(held, "children@3", "5.2") == places
    steps = presenters.steps_of(held, places)
    assert [(s.old.version, s.old_code, s.new_codes) for s in steps] == [
        (1, "5.1", ("5.1",)),
        (2, "5.1", ("5.1", "5.2")),
    ]
    assert [(s.comparable, s.confirmed) for s in steps] == [(True, False), (False, True)]
    assert steps[1].note == "Split."


def test_an_indicator_without_a_successor_ends_there():
    held = split_library()
    places = presenters.across(held, "children@2", "5.2")
    assert places == (("children@2", "5.2"), ("children@1", "5.2"))
    assert presenters.steps_of(held, places)[-1].new_codes == ()


def test_uses_say_evaluated_alone_in_a_suite_or_evidence_only():
    def uses(code):
        places = presenters.across(library(), "children@3", code)
        return {use.programme.short: use.evaluated for use in presenters.uses_of(library(), places)}

    assert uses("2.1") == dict.fromkeys(("P1", "P2", "P3"), "Evaluated")
    assert uses("9.2") == {
        "P1": "Evaluated as one with others: Leadership and direction, 9.1 to 9.4",
        "P2": "Evidence only",
        "P3": "Evaluated",
    }
    assert uses("10.1") == dict.fromkeys(("P1", "P2", "P3"), "Evidence only")


def test_a_use_names_the_frame_items_the_indicator_bears_on():
    places = presenters.across(library(), "children@3", "5.3")
    items = {
        u.programme.short: [i.code for i in u.items] for u in presenters.uses_of(library(), places)
    }
    assert items == {"P1": ["q2", "q3", "q4"], "P2": ["s2"], "P3": ["k1", "k2"]}


def test_programmes_side_by_side_have_a_cell_each_on_every_line():
    held = library().with_programmes([fourth_programme()])
    programmes = presenters.programmes_in_order(held)
    assert [programme.short for programme in programmes] == ["P1", "P2", "P3", "P9"]
    lines = {line.label: line.cells for line in presenters.comparison(held, programmes)}
    assert all(len(cells) == 4 and all(cells) for cells in lines.values())
    assert lines["Indicators evaluated together, as one"] == (
        ("Leadership and direction, 9.1 to 9.4",),
        ("None",),
        ("None",),
        ("Policy, service development and planning, 6.1 to 6.4",),
    )
    assert lines["Weeks"][2][0] == "21 counted weeks"
    assert lines["Findings are organised by"][3] == (
        "The six themes", "1. Noticed", "2. Understood", "3. Planned for", "4. Heard",
        "5. Settled", "6. Led",
    )  # fmt: skip


def test_a_programme_of_suites_only_and_no_timetable_says_so():
    fourth = fourth_programme()
    fourth = fourth.model_copy(update={"phases": (), "graded": fourth.graded[:1]})
    held = library().with_programmes([fourth])
    lines = {line.label: line.cells[0] for line in presenters.comparison(held, (fourth,))}
    assert lines["Weeks"] == ("No timetable held",)
    assert lines["Indicators evaluated one by one"] == ("None",)


def test_channels_side_by_side_are_joined_by_what_the_overview_pools():
    held = library().with_programmes([fourth_programme()])
    lines = presenters.channel_lines(presenters.programmes_in_order(held))
    by_label = {line.label: line.cells for line in lines}
    assert len(lines) == 16
    assert by_label["Journeys followed"][:3] == ("", "", "")
    assert by_label["Journeys followed"][3].startswith("(number) journeys were followed")
    assert all("{count}" not in cell for line in lines for cell in line.cells)


def test_editions_are_listed_newest_first_with_who_uses_them():
    rows = presenters.edition_rows(library())
    assert [(row.framework.key, row.used_by) for row in rows] == [
        ("children@3", ("P3",)),
        ("children@2", ("P1", "P2")),
        ("children@1", ()),
    ]
    assert {(row.domains, row.areas, row.indicators, row.confirmed) for row in rows} == {
        (6, 10, 22, 11)
    }
    assert rows[1].published == "August 2019"


def test_a_judgement_is_confirmed_when_all_its_indicators_are():
    held = library().with_programmes([fourth_programme()])
    found = presenters.judgement_rows(held, held.programme("P9"))
    assert [row.confirmed for row in found] == [False, False]
    assert all(r.confirmed for r in presenters.judgement_rows(held, held.programme("P1")))
    items = presenters.item_rows(held, held.programme("P9"))
    assert [[i.code for i in row.indicators] for row in items][2] == ["5.3", "6.2"]
