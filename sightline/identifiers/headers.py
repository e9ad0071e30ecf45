"""What the words over a column say is in it."""

import re
from dataclasses import dataclass

from sightline.identifiers.gazetteer import fold
from sightline.identifiers.kinds import Kind

_PERSON = (
    r"(?:child|young person|pupil|parent|carer|mother|father|client|patient|service user|worker"
    r"|social worker|key ?worker|head ?teacher|teacher|staff|person|respondent|author|inspector"
    r"|reader|officer|sibling|guardian|next of kin|gp|doctor|health visitor|lead professional"
    r"|named person|contact|reporter|subject)"
)
SAYS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (Kind.DATE_OF_BIRTH, r"\b(?:dob|d o b|date of birth|birth ?date|birthday|born)\b"),
        (Kind.CHI, r"\bchi\b|community health index|\bhealth (?:number|no)\b"),
        (Kind.NHS, r"\bnhs (?:number|no|id)\b"),
        (Kind.NATIONAL_INSURANCE, r"\bni(?: number| no)\b|\bnino\b|national insurance"),
        (Kind.CANDIDATE, r"\bscn\b|candidate (?:number|no)\b"),
        (Kind.PUPIL, r"\bupn\b|unique pupil"),
        (Kind.PASSPORT, r"\bpassport\b(?! held| status)"),
        (Kind.LICENCE, r"driving licence|licence (?:number|no)\b"),
        (
            Kind.NUMBER,
            r"\b(?:hospital|patient|prison(?:er)?|swis|carefirst|mosaic|seemis) (?:number|no|id)\b",
        ),
        (Kind.EMAIL, r"\be ?mail\b"),
        (Kind.PHONE, r"\b(?:tele)?phone\b|\bmobile\b|\btel\b|\blandline\b|contact (?:number|no)\b"),
        (Kind.POSTCODE, r"\bpost ?code\b"),
        (Kind.ADDRESS, r"\baddress\b|\bstreet\b|house (?:number|name)\b"),
        (
            Kind.NAME,
            r"\b(?:fore|sur|first|last|middle|given|family|full|maiden|preferred) ?names?\b"
            rf"|\bknown as\b|\b{_PERSON} ?s? (?:full )?names?\b"
            rf"|\bnames? of (?:the )?{_PERSON}\b|\bsurname|\bforename",
        ),
    )
)
NOT_SAID = re.compile(
    r"\b(?:web|ip|url) address|address type|(?:year|month|place|country) of birth"
    r"|phone (?:type|calls)|number of|how many|count|postcode (?:district|sector|area)"
)
# A date under one of these is of something that happened, not of a birth.
EVENT = re.compile(
    r"\b(?:dates?|day|start\w*|end\w*|from|to|until|open\w*|clos\w*|receiv\w*|referr\w*|meeting|review\w*|regist\w*"
    r"|deregist\w*|complet\w*|due|creat\w*|updat\w*|report\w*|visit\w*|admi\w*|plac\w*|plan\w*|held|decision"
    r"|order|hearing|first|last|when|at|on|as|month|quarter|year|period|week|issued|sent|signed|time\w*|event"
    r"|holiday|valid|effective|published|inspect\w*|leav\w*|left|joined|mov\w*)\b"
)


@dataclass(frozen=True)
class Heading:
    """What a header says of its column."""

    kind: Kind | None
    event: bool


def heading(header: object) -> Heading:
    """Read the words over a column; `childFirst_Name` is read as three words."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", fold(str(header)).text)
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", parted.lower()).split())
    kind = None
    if not NOT_SAID.search(plain):
        kind = next((kind for kind, pattern in SAYS if pattern.search(plain)), None)
    return Heading(kind, bool(EVENT.search(plain)))
