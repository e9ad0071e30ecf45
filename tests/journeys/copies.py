"""Content of the two copies that are served beside the demonstration: bare, and full of long text.

Run as `python -m tests.journeys.copies bare` (or `long`) with the settings of the copy to fill.
"""

import os
import sys
from typing import Any

PASSWORD = "only-for-these-copies"
PEOPLE = {
    "inspection-lead": ("inspection", "angus-2031"),
    "programme-lead": ("national", "scotland"),
    "elected-member": ("partnership", "angus"),
    "partnership-co-ordinator": ("partnership", "angus"),
    "partnership-analyst": ("partnership", "angus"),
    "system-administrator": ("national", "scotland"),
    "information-governance-officer": ("national", "scotland"),
}
ROLE_OF = {"programme-lead": "inspection-lead"}
WORD = "Unbreakablewordofsomebodywhonevertypesaspace"
LONG = " ".join(
    [f"{WORD}atall and then a long sentence about what was found in every record."] * 12
)
SOURCED = {"sources": ["long"], "confidence": "high", "place": LONG[:300], "note": LONG[:600]}


def document(reference: str, **more: Any) -> dict[str, Any]:
    """An inspection of Angus with nothing in it but what is given."""
    return {
        "schema": "sightline-inspection",
        "schema_version": 1,
        "reference": reference,
        "programme": "care-and-protection@1",
        "partnership": "angus",
        "kind": "full",
        "status": "draft",
        **more,
    }


def long_document() -> dict[str, Any]:
    """An inspection in which everything is as long as it may be."""
    evaluations = [
        {
            "judgement": code,
            "stated": {"value": value, **SOURCED},
            "also": [{"value": value - 1, **SOURCED}],
            "note": LONG[:600],
            "rationale": [{"text": LONG, "place": LONG[:200]}],
        }
        for code, value in (("9", 6), ("2.1", 5), ("2.2", 4), ("1.1", 2))
    ]
    return document(
        "angus-2031",
        status="published",
        title=LONG[:280],
        dates={
            "inspected": {"value": "2024-08~2025-02", **SOURCED},
            "published": {
                "value": "2025-03-04",
                **SOURCED,
                "also": [{"value": "2025-03", **SOURCED}],
            },
        },
        pauses=[{"starts": "2024-09", "ends": "2024-10", "reason": LONG[:600], **SOURCED}],
        evidence=[
            {
                "channel": channel,
                "count": 1_234_567,
                "qualifier": "over",
                "printed": f"over 1,234,567 {WORD}",
                **SOURCED,
                "also": [{"count": 9, **SOURCED}],
            }
            for channel in ("records-read", "children-met", "staff-surveyed")
        ],
        evaluations=evaluations,
        strengths=[{"text": LONG, **SOURCED}] * 3,
        areas_for_improvement=[{"text": LONG, **SOURCED}] * 3,
        key_messages=[{"text": LONG, "frame_item": f"q{n}", **SOURCED} for n in range(1, 6)],
        good_practice=[{"title": LONG[:180], "text": LONG, "frame_item": "q1", **SOURCED}],
        conclusion={"statement": "confident", "text": LONG, "basis": [LONG, LONG], **SOURCED},
        sources=[{"key": "long", "kind": "report", "title": LONG[:280], "address": ""}],
    )


def fill(name: str) -> None:
    """Put people and one inspection in; the lead of Angus is the only one who sees a bare one."""
    from sightline.access import services as access
    from sightline.access.actors import acting_as, command_line
    from sightline.access.permissions import Scope
    from sightline.inspections.services import import_document
    from sightline.partnerships.services import add_detail

    actor = command_line()
    with acting_as(actor):
        data = long_document() if name == "long" else document("angus-2031")
        import_document(actor=actor, data=data, name="angus-2031")
        for code, (kind, key) in PEOPLE.items():
            person = access.add_person(
                actor=actor,
                email=f"{code}@sightline.example",
                name=f"{WORD} {code} of the people" if name == "long" else code,
                designation=LONG[:180] if name == "long" else "",
                password=PASSWORD,
            )
            role = ROLE_OF.get(code, code)
            access.grant(actor=actor, person=person, role=role, scope=Scope(kind, key))
        if name == "long":
            for kind, fields in (
                ("localities", {"name": LONG[:190]}),
                ("groups", {"name": LONG[:190], "purpose": LONG[:290]}),
                ("plans", {"name": LONG[:190], "years": "2026/2029"}),
                ("posts", {"designation": LONG[:190], "agency": "council", "duty": LONG[:290]}),
            ):
                add_detail(
                    actor=actor,
                    partnership="angus",
                    kind=kind,
                    fields=fields,
                    source=LONG[:290],
                )


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
    django.setup()
    fill(sys.argv[1])
