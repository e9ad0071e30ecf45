"""Which languages a form is in, and its texts by our codes for them."""

from sightline.surveys.flow import clean_text
from sightline.surveys.xlsform import languages
from sightline.surveys.xlsform.notices import Kind, Notice
from sightline.surveys.xlsform.sheets import Book, Row

_SAID = frozenset({"label", "hint", "constraint_message"})


class Tongues:
    """The languages of a form: `codes` in order, the main one first."""

    def __init__(self, book: Book, notices: list[Notice]) -> None:
        columns = [key for sheet in (book.survey, book.choices) for key in sheet.columns]
        named = dict.fromkeys(name for column, name in columns if name and column in _SAID)
        self.by_name: dict[str, str] = {}
        for number, name in enumerate(named, 1):
            code = languages.code_of(name)
            if not code or code in self.by_name.values():
                code = f"und-x{number}"
                what = f"nobody can tell which language “{name}” is; it is kept as {code}."
                notices.append(Notice("survey", 1, Kind.CHANGED, what))
            self.by_name[name] = code
        settings = book.settings.rows[0] if book.settings.rows else None
        wanted = settings.get("default_language") if settings else ""
        bare = ("label", "") in book.survey.columns
        main = self.by_name.get(wanted) or languages.code_of(wanted)
        if main not in self.by_name.values() and not (bare and main):
            main = "en" if bare or not named else next(iter(self.by_name.values()))
            if bare:
                what = "texts without a language are read as English; the form does not say."
                notices.append(Notice("survey", 1, Kind.CHANGED, what))
        self.main = main
        self.codes = tuple(dict.fromkeys([main, *self.by_name.values()]))

    def texts(self, row: Row, column: str) -> dict[str, str]:
        """The texts of a column by code.

        A text without a language is of the main one; a hint or message that no language is named
        for is of all of them.
        """
        found: dict[str, str] = {}
        for name, text in row.spoken(column).items():
            code = self.by_name.get(name) if name else self.main
            clean = " ".join(clean_text(text).split())
            if code and clean and (name or code not in found):
                found[code] = clean
        if column != "label" and list(row.spoken(column)) == [""]:
            found = dict.fromkeys(self.codes, found[self.main])
        return {code: found[code] for code in self.codes if code in found}
