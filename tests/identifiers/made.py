"""Makes what the corpus does not write out: numbers by their rules, and sentences around them."""

# ruff: noqa: E501 -- sentences of a corpus, one a line; chance here guards nothing

import datetime as dt
import random
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from sightline.identifiers.gazetteer import WORDS

AREAS = ["AB", "DD", "DG", "EH", "FK", "G", "HS", "IV", "KA", "KW", "KY", "ML", "PA", "PH", "TD", "ZE", "LS", "M", "SW"]  # fmt: skip
INWARD = "ABDEFGHJLNPQRSTUWXYZ"
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
STREETS = ["Braemar", "Cardowan", "Dunlop", "Muirfield", "Station", "Lochview", "Burnside", "Glenmore", "Kirk", "Academy", "Linn", "Newton"]  # fmt: skip
TYPES = ["Street", "Road", "Avenue", "Crescent", "Terrace", "Drive", "Lane", "Gardens", "Court", "Place", "Wynd", "Brae"]  # fmt: skip


def checked(nine: str) -> str:
    """Nine digits and their check digit; empty when there is none."""
    rest = (11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11) % 11
    return "" if rest == 10 else nine + str(rest)


def a_date(rng: random.Random, first: int = 2006, last: int = 2024) -> dt.date:
    return dt.date(first, 1, 1) + dt.timedelta(days=rng.randrange(365 * (last - first)))


def chi(rng: random.Random) -> str:
    while True:
        found = checked(a_date(rng).strftime("%d%m%y") + f"{rng.randrange(1000):03}")
        if found:
            return found


def nhs(rng: random.Random) -> str:
    while True:
        found = checked(rng.choice("467") + f"{rng.randrange(10**8):08}")
        if found:
            return found


def upn(rng: random.Random) -> str:
    digits = f"{rng.randrange(10**12):012}"
    total = sum(int(d) * w for d, w in zip(digits, range(2, 14), strict=True))
    return UPN_LETTERS[total % 23] + digits


def nino(rng: random.Random) -> str:
    return f"{rng.choice('ABCEHJLPRSTW')}{rng.choice('ABCEHJLMPRSTW')}{rng.randrange(10**6):06}{rng.choice('ABCD')}".replace(
        "NT", "NA"
    ).replace("TN", "TA")


def postcode(rng: random.Random) -> str:
    return f"{rng.choice(AREAS)}{rng.randrange(1, 30)} {rng.randrange(10)}{rng.choice(INWARD)}{rng.choice(INWARD)}"


def licence(rng: random.Random) -> str:
    born = a_date(rng, 1965, 2005)
    year = born.strftime("%y")
    return f"{rng.choice(('SMITH', 'MORGA', 'BOYD9', 'CRAIG', 'LEE99'))}{year[0]}{born:%m%d}{year[1]}{rng.choice('ABJKM')}{rng.choice('ACEL9')}{rng.randrange(10)}{rng.choice('ABCD')}{rng.choice('EFGH')}"


def mobile(rng: random.Random) -> str:
    return f"07700 900{rng.randrange(1000):03}"


def landline(rng: random.Random) -> str:
    return rng.choice(
        (
            f"0141 496 0{rng.randrange(1000):03}",
            f"0131 496 0{rng.randrange(1000):03}",
            f"01632 960{rng.randrange(1000):03}",
        )
    )


def email(rng: random.Random) -> str:
    who = rng.choice(
        ("i.brodie", "kirsty_m", "gran1954", "a-duncan", "the.nowaks", "ross+school", "j.o'hare")
    )
    return f"{who}{rng.randrange(100)}@{rng.choice(('example.org', 'mail.example.com', 'school.example.sch.uk', 'example.scot'))}"


def address(rng: random.Random) -> str:
    street = f"{rng.choice(STREETS)} {rng.choice(TYPES)}"
    number = rng.randrange(1, 240)
    return rng.choice(
        (
            f"{number} {street}", f"{number}{rng.choice('ABab')} {street}", f"Flat {rng.randrange(9)}/{rng.randrange(1, 4)}, {number} {street}",
            f"{rng.randrange(4)}/{rng.randrange(1, 4)}, {number} {street}", f"{number} Old {street}", f"{rng.choice(STREETS)} Cottage, {street}",
            f"{number}-{number + 2} {street}",
        )
    )  # fmt: skip


def value(name: str, rng: random.Random) -> str:
    """A made value, by the name the corpus has for it."""
    base, _, way = name.partition(" ")
    plain = {
        "chi": chi, "nhs": nhs, "upn": upn, "nino": nino, "postcode": postcode, "licence": licence,
        "mobile": mobile, "landline": landline, "email": email, "address": address,
        "scn": lambda r: f"{r.randrange(10, 25)}{r.randrange(10**7):07}",
        "passport": lambda r: f"{r.randrange(10**8, 10**9)}",
        "hospital": lambda r: f"{r.choice('MWH')}{r.randrange(10**6, 10**7)}",
    }[base](rng)  # fmt: skip
    return _written(base, plain, way)


def _written(base: str, plain: str, way: str) -> str:
    if way == "lower":
        return plain.lower()
    if way == "plain":
        return plain.replace(" ", "")
    if way == "international":
        return "+44 " + plain[1:]
    if way == "brackets":
        area, rest = plain.split(" ", 1)
        return f"({area}) {rest}"
    if way == "hyphen":
        return f"{plain[:6]}-{plain[6:]}" if base == "chi" else plain.replace(" ", "-")
    if way == "spaced":
        cuts = {"chi": (6,), "nhs": (3, 6), "nino": (2, 4, 6, 8)}[base]
        edges = [0, *cuts, len(plain)]
        return " ".join(plain[a:b] for a, b in pairwise(edges))
    return plain


# kind, made values, and the sentences of each part.
STRUCTURED: tuple[tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    ("chi-number", ("chi", "chi spaced", "chi hyphen"),
     ("CHI {}", "{}", "The letter was headed {} and sent by post.", "Patient {} seen on 4 May 2024", "chi no: {}."),
     ("Health record {} was read.", "No {} on the form", "{}, ward 4", "the number was {}")),
    ("nhs-number", ("nhs", "nhs spaced"),
     ("NHS number {}", "NHS No: {}.", "Her NHS number is {} from Leeds."),
     ("nhs number: {}", "Registered in England, NHS {}", "The NHS no. {} was copied")),
    ("national-insurance-number", ("nino", "nino spaced", "nino lower"),
     ("NI {}", "{}", "Claim under {} was refused in May."), ("her NINO, {}, is on file", "N.I. number: {}")),
    ("candidate-number", ("scn",),
     ("SCN {}", "Scottish Candidate Number: {}"), ("Candidate number {} sat four exams", "SCN: {}, S4")),
    ("pupil-number", ("upn",), ("UPN {}", "{}"), ("Her UPN was {} in Carlisle.", "unique pupil number {}")),
    ("passport-number", ("passport",), ("Passport {}", "passport no. {}"), ("Passport number: {}, seen by the worker",)),
    ("driving-licence-number", ("licence",), ("Licence {}", "{}"), ("Dad’s driving licence is {}.",)),
    ("postcode", ("postcode", "postcode lower", "postcode plain"),
     ("{}", "Postcode: {}", "They moved to {} in June."), ("Lives in {} now.", "delivery to {}, side door", "({})")),
    ("email", ("email",), ("{}", "Contact: {}", "She wrote from {} on Monday."), ("<{}>", "mail {} or ring", "cc {}; the lead")),
    ("phone", ("mobile", "landline", "mobile plain", "landline plain", "mobile international", "landline brackets", "mobile hyphen"),
     ("{}", "Tel {}", "Ring {} after six.", "mum {} / gran"), ("his number is {}", "Phone: {}.", "call ({}) first", "{}; no voicemail")),
    ("address", ("address",),
     ("{}", "Lives at {}.", "Address: {}, Hamilton", "The move to {} went well."),
     ("visited {} on 3 June", "{} (top left)", "His home, {}, is warm and clean.")),
)  # fmt: skip
BIRTHS = (
    (
        "DOB {}",
        "D.O.B. {}",
        "Born {}",
        "born on {}, in Wishaw",
        "date of birth: {}",
        "Date of birth is {}",
        "dob={}",
    ),
    (
        "He was born on the {}.",
        "DoB: {}",
        "d.o.b {} on the form",
        "(born {})",
        "Her date of birth, {}, is wrong",
        "birthday {}",
    ),
)
FORMATS = (
    "%d/%m/%Y",
    "%d.%m.%y",
    "%d-%m-%Y",
    "%Y-%m-%d",
    "%-d %B %Y",
    "%-d %b %Y",
    "%-d/%-m/%y",
    "%B %-d, %Y",
)
EACH = {"known": 26, "apart": 22}


def sentences(part: str, rng: random.Random) -> Iterator[str]:
    """Marked sentences with made identifiers, each kind as often as the others."""
    own = 0 if part == "known" else 1
    for kind, ways, *templates in STRUCTURED:
        for n in range(EACH[part]):
            template = templates[own][n % len(templates[own])]
            yield template.format(f"[{kind}:{value(ways[n % len(ways)], rng)}]")
    for n in range(EACH[part] * 2):
        template = BIRTHS[own][n % len(BIRTHS[own])]
        yield template.format(f"[date-of-birth:{a_date(rng):{FORMATS[n % len(FORMATS)]}}]")


def people(rng: random.Random, many: int) -> list[str]:
    """First names and surnames from the detector's lists, and some from none."""
    read = lambda name: [  # noqa: E731
        word
        for line in (WORDS / name).read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
        for word in line.split()
    ]
    first, last = read("first-names.txt"), read("surnames.txt")
    strange_first = [
        "Tarquin",
        "Ottoline",
        "Sevda",
        "Nkechi",
        "Bronte",
        "Zephan",
        "Wynona",
        "Jorja",
        "Kobi",
        "Tegan",
        "Aoibheann",
        "Dilnaz",
    ]
    strange_last = [
        "Thwaite",
        "Delabole",
        "Quarmby",
        "Iwu",
        "Skirving",
        "Pannett",
        "Oglethorpe",
        "Vanterpool",
        "Bhogal",
        "Mutasa",
    ]
    return [
        f"{rng.choice(first if rng.random() < 0.85 else strange_first)} "
        f"{rng.choice(last if rng.random() < 0.8 else strange_last)}"
        for _ in range(many)
    ]


LIKELY = (
    (
        "[name:{whole}] attended the review.", "Her name is [name:{first}] and she is kind.", "My brother [name:{first}] is nine.",
        "We met [name:{whole}] twice.", "Report by [name:{whole}], dated 4 May 2024.", "[name:{first}]’s mum was there.",
        "Mrs [name:{last}] said little.", "the worker told [name:{first}] about it.",
    ),
    (
        "It was agreed that [name:{whole}] would ring back.", "I get on well with my sister [name:{first}].",
        "[name:{first}], 11, has moved twice.", "Ms [name:{last}] took the minute.", "Spoken with [name:{whole}] by phone.",
        "Her daughter [name:{first}] is in the same year.", "a worker called [name:{first}] helped me",
    ),
)  # fmt: skip
HELD = (
    (
        "[name:{first}] was seen.", "The file of [name:{last}, {first}] was read.", "[name:{upper}] - chronology", "[name:{initial}. {last}] signed.",
        "Nobody asked [name:{plain}] at the time.", "[name:{lower}] says yes", "The views of [name:{first}]'s gran were noted, [name:{last}] being the surname.",
    ),
    (
        "Plan for [name:{whole}], page 2", "[name:{initial} {last}] agreed it.", "then [name:{first}] left, and [name:{upper}] was written in the log",
        "see [name:{last}] siblings", "[name:{plain}]’s school rang", "is [name:{lower}] coming?", "[name:{last}, {first}]: seen",
    ),
)  # fmt: skip


def names(part: str, known: list[str], rng: random.Random) -> Iterator[tuple[str, str]]:
    """Marked sentences with a name, and the name if the record holds it."""
    own = 0 if part == "known" else 1
    for n, whole in enumerate(known):
        first, last = whole.split(" ", 1)
        plain = "".join(
            c for c in unicodedata.normalize("NFD", whole) if not unicodedata.combining(c)
        )
        forms = {
            "whole": whole,
            "first": first,
            "last": last,
            "upper": whole.upper(),
            "lower": first.lower(),
            "initial": first[0],
            "plain": plain,
        }
        yield LIKELY[own][n % len(LIKELY[own])].format(**forms), ""
        held = HELD[own][n % len(HELD[own])]
        if (
            first
            in {"Grace", "Faith", "Mark", "Rose", "Robin", "Ruby", "Will", "May", "Hope", "Max"}
            and "{lower}" in held
        ):
            held = HELD[own][0]
        yield held.format(**forms), whole


COUNCILS = ["Aberdeen City", "Aberdeenshire", "Angus", "Argyll and Bute", "City of Edinburgh", "Clackmannanshire", "Dumfries and Galloway", "Dundee City", "East Ayrshire", "East Dunbartonshire", "East Lothian", "East Renfrewshire", "Falkirk", "Fife", "Glasgow City", "Highland", "Inverclyde", "Midlothian", "Moray", "Na h-Eileanan Siar", "North Ayrshire", "North Lanarkshire", "Orkney Islands", "Perth and Kinross", "Renfrewshire", "Scottish Borders", "Shetland Islands", "South Ayrshire", "South Lanarkshire", "Stirling", "West Dunbartonshire", "West Lothian"]  # fmt: skip
PLACES = ["Hamilton", "Larkhall", "Carluke", "Lanark", "Biggar", "Douglas", "Lesmahagow", "Strathaven", "Stonehouse", "Blantyre", "Bothwell", "Uddingston", "Cambuslang", "Rutherglen", "East Kilbride", "Airdrie", "Motherwell", "Wishaw", "Bellshill", "Coatbridge", "Shotts", "Kilsyth", "Paisley", "Johnstone", "Irvine", "Girvan", "Keith", "Huntly", "Elgin", "Nairn", "Lewis", "Harris", "Skye", "Iona", "Mull", "Arran", "Stornoway", "Lochgilphead", "Campbeltown", "Galashiels", "Selkirk", "Kelso", "Melrose", "Livingston", "Leven", "Alloa"]  # fmt: skip
AGENCIES = ["Police Scotland", "NHS Lanarkshire", "NHS Ayrshire and Arran", "Barnardo’s Scotland", "Aberlour", "Children 1st", "Quarriers", "Who Cares? Scotland", "Includem", "Action for Children", "Women’s Aid", "the Children’s Reporter", "Education Scotland", "Social Work", "the Care Inspectorate", "Housing Services"]  # fmt: skip
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]  # fmt: skip
CLEAN = (
    (
        "{place}", "{council}", "In {month} the rate in {council} was {rate}.", "{n} of {m} records held a plan.", "Meeting of {date}",
        "{iso}", "{slash}", "{code}", "{rate}", "£{money}", "{agency} sent {n} staff.", "Visits took place in {place} and {place2}.",
        "The {agency} report of {month} was late.", "S0{zone}", "Reference {code}", "Closed {slash}, reopened {date}", "{year}-{y2}",
        "The young person was seen by {agency} on {date}.", "Staff in {place} knew the families well.", "Question {n}: {m} answers",
        "By {date}, {n} children had moved.", "The plan was reviewed in {month} and again in {month2}.", "{n} Young Carers", "{council} Council, {year}",
    ),
    (
        "{council}: {rate}", "From {place} to {place2} takes {n} minutes.", "Between {month} and {month2} the figure was {rate} per cent.", "{agency}",
        "{slash} to {slash2}", "Register on {date}: {n}", "{code2}", "Total {money}", "{n}/{m}", "Families in {place} told {agency} they felt heard.",
        "{month} {year}", "{ten}", "Case {code2}, opened {iso}", "Scoring guide {n}.{one}", "Mid-{year} population {money}",
        "A child in {place} waited {n} weeks; another waited {m}.", "The {council} plan runs to {year}.", "{agency} and {agency2}",
        "The nurse saw {n} babies in {month}.", "Team {one}, {place}",
    ),
)  # fmt: skip


def clean(part: str, rng: random.Random) -> Iterator[str]:
    """Cells and sentences without anybody in them."""
    templates = CLEAN[0 if part == "known" else 1]
    for n in range(2_900 if part == "known" else 1_500):
        day, later = a_date(rng, 2012, 2025), a_date(rng, 2012, 2025)
        yield templates[n % len(templates)].format(
            place=rng.choice(PLACES), place2=rng.choice(PLACES), council=rng.choice(COUNCILS), agency=rng.choice(AGENCIES), agency2=rng.choice(AGENCIES),
            month=rng.choice(MONTHS), month2=rng.choice(MONTHS), rate=f"{rng.randrange(1, 1000) / 10}", n=rng.randrange(1, 60), m=rng.randrange(60, 400),
            one=rng.randrange(1, 9), date=f"{day:%-d %B %Y}", iso=f"{day:%Y-%m-%d}", slash=f"{day:%d/%m/%Y}", slash2=f"{later:%d/%m/%Y}",
            code=f"{rng.choice(('SL', 'NL', 'REF', 'C', 'PR'))}-{rng.randrange(2015, 2026)}-{rng.randrange(10**5):05}", code2=f"{rng.choice('ABCDEX')}{rng.randrange(10**6):06}",
            money=f"{rng.randrange(10**3, 10**7):,}", zone=f"{rng.randrange(1006506, 1013481)}", year=rng.randrange(2015, 2027), y2=rng.randrange(16, 28),
            ten=f"{rng.randrange(10**9, 10**10)}",
        )  # fmt: skip
