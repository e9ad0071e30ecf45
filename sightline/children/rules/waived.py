"""A waiver as the check takes it: which rule, of which dataset, of which rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Waived:
    """One waiver that holds.

    Attributes:
        id: its key, written beside each fault it covers.
        rule: whose faults are waived.
        dataset: in which dataset.
        keys: key values of single rows, as text; empty for all rows.
    """

    id: str
    rule: str
    dataset: str
    keys: tuple[tuple[str, ...], ...] = ()
