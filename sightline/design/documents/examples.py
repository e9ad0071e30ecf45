"""A document with one of every block, for the gallery, the tests and the benchmark."""

from sightline.design.charts import examples as charts
from sightline.design.documents.model import (
    Block,
    Box,
    Bullets,
    Contents,
    Document,
    Facts,
    Figure,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Run,
    Table,
)


def example() -> Document:
    """The document. Everything in it is invented."""
    return Document(
        title="How well services work together in Strathgarry",
        subtitle="An invented report that shows every part a document can have",
        status="Draft",
        version="0.3",
        date="3 June 2024",
        author="The joint team",
        contact="reports@example.org",
        classification="Not to be published",
        keywords=("example", "Strathgarry"),
        blocks=(*_opening(), *_findings(), *_closing()),
    )


def _opening() -> tuple[Block, ...]:
    return (
        Contents(),
        PageBreak(),
        Heading(1, "What this report is about", "about"),
        Paragraph(
            (
                Run("This report looks at how services worked together between "),
                Run("August 2023 and March 2024", bold=True),
                Run(". It sets out "),
                Run("what we found", href="#findings"),
                Run(" and how we know. The area’s name in Gaelic is "),
                Run("Srath Gharadh", italic=True, lang="gd"),
                Run(". More is on "),
                Run("the programme’s page", href="https://example.org/programme"),
                Run("."),
            )
        ),
        Facts(
            (
                ("Partnership", "Strathgarry"),
                ("Fieldwork", "August 2023 to March 2024"),
                ("Records read", "128, of 140 asked for"),
            )
        ),
        Box(
            "At a glance",
            (
                Paragraph("Two strengths and one area for improvement stand out."),
                Bullets(
                    (
                        "Families trusted the people who worked with them.",
                        "Leaders knew their communities and acted on what they heard.",
                        "Plans did not always say who would do what, and by when.",
                    )
                ),
            ),
        ),
    )


def _findings() -> tuple[Block, ...]:
    blocks: list[Block] = [
        Heading(1, "What we found", "findings"),
        Paragraph("Each finding is given with its evidence, and with what is not known."),
        Heading(2, "Charts"),
    ]
    for name, chart in charts():
        blocks += [Heading(3, name), Figure(chart)]
    blocks += [
        Heading(2, "A long table"),
        Paragraph("The headings stand at the top of every page the table runs over."),
        Table(
            "Evidence by area, invented figures",
            ("Area", "Records read", "People met", "Staff who answered", "How it was gathered"),
            tuple(
                (
                    f"Invented area {number}",
                    str(60 + number),
                    str(number % 7 * 5),
                    "[x]" if number % 9 == 0 else f"{50 + number}%",
                    "Meetings, records and a survey of staff",
                )
                for number in range(1, 33)
            ),
            notes=("[x] means not available: the report of that area gives no figure.",),
        ),
    ]
    return tuple(blocks)


def _closing() -> tuple[Block, ...]:
    return (
        Heading(1, "What happens next"),
        Bullets(
            (
                "The partnership prepares a plan within six weeks.",
                (Run("The plan is "), Run("agreed", bold=True), Run(" with the link inspector.")),
                "Progress is looked at after a year.",
            ),
            ordered=True,
        ),
        Heading(2, "How to read the numbers"),
        Heading(3, "Words for shares"),
        Heading(4, "Small bases"),
        Paragraph(
            "Under ten people, the number is given in words and no percentage is worked out."
        ),
        Note("The findings are of the records read; they are not estimates for everyone."),
    )
