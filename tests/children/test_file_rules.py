"""Bad files, each told apart in plain words."""

import datetime as dt
import io

import pytest
from openpyxl import Workbook

from sightline.children import queries
from sightline.uploads.models import State
from sightline.uploads.queries import faults_of
from tests.children.conftest import CHILDREN, ENTRIES
from tests.factories.children import ErasureFactory, ExtractFactory

HEAD = "Child,Placed on the register,Taken off the register"
PEOPLE = "Child,Date of birth,Sex"


def lines(head, *rows):
    return "\n".join([head, *rows, ""]).encode()


def months(first, count, per=10):
    """Rows in each of some months, so many a month."""
    rows = []
    for at in range(count):
        year, month = divmod(first.year * 12 + first.month - 1 + at, 12)
        rows += [f"C{at}-{n},{year}-{month + 1:02d}-{n + 1:02d}," for n in range(per)]
    return rows


def said(upload):
    """What was found, a section and its words for each."""
    return {(one.section, one.words[1]) for one in faults_of(upload)}


def told(upload, words):
    """Whether something found has these words; its section."""
    return next((section for section, what in said(upload) if words in what), None)


@pytest.mark.parametrize(
    ("dataset", "content", "words", "section"),
    [
        ("register-entries", lines(HEAD, "C1,2999-01-01,"), "is in the future", "row"),
        ("register-entries", lines(HEAD, "C1,1899-12-31,"), "is before 1980", "row"),
        ("register-entries", lines(HEAD, "C1,04/03/2024,"), "could be two dates", "row"),
        ("register-entries", lines(HEAD, "C1,45355,"), "keeps for a date", "row"),
        ("register-entries", lines(HEAD, "C1,31/02/2024,"), "is not a real date", "row"),
        ("children", lines(PEOPLE, "C1,1884-05-01,male"), "Born before 1950", "row"),
        ("children", lines(PEOPLE, "C1,1985-05-01,male"), "Born before 1990", "again"),
        ("children", lines(PEOPLE, "C1,2999-05-01,male"), "birth is in the future", "row"),
        ("children", lines(PEOPLE, "C1,2010-05-01,man"), "is not one we know", "row"),
        ("children", lines(PEOPLE, "1.2E+11,2010-05-01,male"), "was shortened", "row"),
        (
            "children",
            lines("Child,Expected date of birth,Sex", "C1,2999-05-01,unborn"),
            "expected more than 300 days",
            "row",
        ),
        (
            "children",
            lines("Child,Date of birth,Sex,Health number", "C1,2010-05-01,male,0105101234"),
            "does not agree with its check digit",
            "row",
        ),
        (
            "children",
            lines("Child,Sex,Candidate number", "C1,male,12345"),
            "has not nine digits",
            "row",
        ),
        (
            "children",
            lines("Child,Sex,Home data zone", "C1,male,S02000001"),
            "is not the code of a data zone",
            "row",
        ),
        (
            "published-figures",
            lines(
                "Measure,Area,Period,Last day,Value,Issue",
                "cp01,fife,2023-24,2024-07-31,*,1",
            ),
            "has a mark where a number stands",
            "row",
        ),
        (
            "health-assessments",
            lines("Child,Board notified,Consent", ",2024-01-02,"),
            "says whose row it is",
            "row",
        ),
        ("register-entries", lines("Child,Nonsense"), "is not asked for", "file"),
        ("register-entries", b"", "empty", "empty"),
    ],
)
def test_each_fault_has_words_of_its_own(send, dataset, content, words, section):
    if section == "empty":
        with pytest.raises(Exception, match=words):
            send(dataset, content)
        return
    upload = send(dataset, content)
    where = told(upload, words)
    assert where == section, said(upload)


def test_a_row_twice_and_two_that_disagree(send):
    same = send(
        "register-entries", lines(HEAD, "C1,2024-01-02,", "C1,2024-01-02,", "C2,2024-01-02,")
    )
    assert (same.good, same.held_back) == (2, 1)
    assert told(same, "is in the file twice, the same throughout") == "row"
    apart = send(
        "register-entries",
        lines(HEAD, "C1,2024-01-02,", "C2,2024-01-02,", "C1,2024-01-02,2024-02-02"),
    )
    assert (apart.good, apart.held_back) == (1, 2)
    assert told(apart, "and say different things") == "row"


def test_a_health_number_of_another_birth_is_looked_at_again(send):
    head = "Child,Date of birth,Sex,Health number"
    upload = send("children", lines(head, "C1,2011-05-01,male,0105100013", "C2,2010-05-01,male,"))
    found = told(upload, "begins with another date of birth")
    assert found in {"again", None}
    assert "0105100013" not in str([one.words for one in faults_of(upload)])


def test_names_addresses_and_mail_are_refused_and_nothing_kept(send):
    for head, row in (
        ("Child,Sex,Family", "Margaret Macdonald,female,Macdonald"),
        ("Child,Sex,Address", "C1,female,14 High Street KY1 1AA"),
        ("Child,Sex,E-mail", "C1,female,mum@example.com"),
    ):
        upload = send("children", lines(head, *[row] * 3), name="of margaret macdonald.csv")
        assert upload.state == State.QUARANTINED
        assert (upload.sha256, upload.file_name) == ("", "(name not kept)")
        assert "acdonald" not in str(upload.result)
        assert not upload.faults.exists()


def test_what_is_declared_is_no_reason_to_refuse(send):
    head = "Child,Date of birth,Sex,Religion,Home data zone"
    rows = [f"C{n},20{n:02d}-05-01,F,Roman Catholic,S010000{n:02d}" for n in range(10, 20)]
    assert send("children", lines(head, *rows)).state == State.CHECKED


def test_a_reference_that_reads_like_a_name_is_held_back(send):
    upload = send("children", lines("Child,Sex", "Zebedee,male", "C2,male"))
    assert upload.state == State.QUARANTINED or told(upload, "reads like a name") == "row"


def test_columns_that_moved(send):
    head = f"{HEAD},Which registration this is,Why taken off"
    rows = [f"{n},C{n},2024-01-{n + 1:02d},2024-03-01,1" for n in range(20)]
    upload = send("register-entries", lines(head, *rows))
    assert told(upload, "one column to the right of their column names") == "file"


def test_a_file_that_breaks_off(send):
    rows = [f"C{n},2024-01-{n + 1:02d},2024-03-01" for n in range(20)]
    content = lines(HEAD, *rows).decode()[: -len(",2024-03-01\n")].encode()
    upload = send("register-entries", content)
    assert upload.state == State.REFUSED
    assert told(upload, "breaks off in the middle of its last line") == "file"


def test_half_a_workbook(send):
    book = Workbook()
    book.active.append(HEAD.split(","))
    content = io.BytesIO()
    book.save(content)
    upload = send("register-entries", content.getvalue()[:2000], name="register.xlsx")
    assert upload.state == State.REFUSED
    assert upload.result["reason"]


def test_another_delimiter_and_encoding_are_read_and_said(send):
    text = "Child;Placed on the register;Why taken off\nC1;2024-01-02;Improved home situation\n"
    upload = send("register-entries", text.encode("utf-16"))
    assert upload.good == 1, upload.result
    assert any("divided by" in one for one in upload.result["said"])


def test_a_formula_without_its_result(send):
    upload = send("register-entries", lines(HEAD, "C1,#REF!,", "C2,2024-01-02,"))
    assert told(upload, "The formula has an error") == "row"


def test_months_without_a_row(send):
    rows = months(dt.date(2023, 8, 1), 3) + months(dt.date(2023, 12, 1), 3)
    upload = send("register-entries", lines(HEAD, *rows))
    assert told(upload, "in November 2023") == "again"
    assert (
        told(send("register-entries", lines(HEAD, "C1,2020-01-01,", "C2,2023-01-01,")), "No row")
        is None
    )


def test_fewer_rows_and_older_ones_than_before(send, load):
    load("register-entries", lines(HEAD, *months(dt.date(2024, 1, 1), 6)))
    upload = send("register-entries", lines(HEAD, *months(dt.date(2023, 1, 1), 3)))
    assert told(upload, "far fewer rows than in version 1, which had 60") == "again"
    assert told(upload, "Its newest day is 10 March 2023") == "again"


def test_last_years_file_again(send, load):
    old, new = lines(HEAD, "C1,2023-01-02,"), lines(HEAD, "C1,2024-01-02,")
    load("register-entries", old)
    load("register-entries", new)
    upload = send("register-entries", old)
    assert told(upload, "This very file was imported on") == "again"
    assert send("register-entries", new).state == State.COMMITTED


def test_none_is_not_the_same_as_not_supplied(load):
    upload = load("deaths", b"Child,Died\n")
    assert (upload.state, upload.rows) == (State.COMMITTED, 0)
    assert told(upload, "There are column names and no rows") == "again"
    extract = queries.latest_extract("fife", "deaths")
    assert (extract.rows, extract.covers_from) == (0, None)
    assert queries.latest_extract("fife", "irds") is None


def test_a_child_that_was_erased_is_known_again(send):
    from sightline.children.hashing import reference_hashes

    ErasureFactory(child=reference_hashes("fife", "C1")[0])
    upload = send("register-entries", lines(HEAD, "C1,2024-01-02,", "C2,2024-01-02,"))
    assert told(upload, "were erased here") == "row"
    assert (upload.good, upload.held_back) == (1, 1)


def test_the_days_go_on_from_what_was_said_before(load):
    ExtractFactory(
        dataset="register-entries", vintage=1, covers_from=dt.date(2014, 8, 1), covers_said=True
    )
    load("register-entries", ENTRIES)
    extract = queries.latest_extract("fife", "register-entries")
    assert (extract.vintage, extract.covers_from) == (2, dt.date(2014, 8, 1))
    load("children", CHILDREN)
    spine = queries.latest_extract("fife", "children")
    assert spine.covers_from == dt.date(2008, 8, 1)
