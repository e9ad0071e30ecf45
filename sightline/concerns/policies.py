"""What the state of a concern allows: which step may follow which."""

from typing import Final

from sightline.concerns.models import Concern, Deed, State
from sightline.kernel.errors import NotAllowed

OPEN: Final = frozenset(State) - {State.CLOSED}
DECIDED: Final = frozenset({State.PASSED, State.ACKNOWLEDGED, State.ACTING, State.CONCLUDED})

TRANSITIONS: Final[dict[Deed, dict[State, State]]] = {
    Deed.PASSED_ON: {State.DECIDING: State.PASSED, State.KEPT: State.PASSED},
    Deed.KEPT: {State.DECIDING: State.KEPT},
    Deed.ACKNOWLEDGED: {State.PASSED: State.ACKNOWLEDGED},
    Deed.ACTED: {State.ACKNOWLEDGED: State.ACTING, State.ACTING: State.ACTING},
    Deed.CONCLUDED: {State.ACTING: State.CONCLUDED},
    Deed.RETURNED: {State.CONCLUDED: State.ACTING},
    Deed.CLOSED: {State.CONCLUDED: State.CLOSED, State.KEPT: State.CLOSED},
    Deed.ASKED: {state: state for state in State if state in OPEN},
    Deed.ANSWERED: {state: state for state in State if state in OPEN},
    Deed.HANDED_OVER: {state: state for state in State if state in OPEN},
}
"""From which state a deed leads to which. A deed that is not here for a state may not be done."""

_NOT_YET: Final[dict[State, str]] = {
    State.DECIDING: "The inspection lead has not yet decided whether to pass it on.",
    State.PASSED: "It has not been acknowledged yet; acknowledge it first.",
    State.ACKNOWLEDGED: "No action has been recorded yet; record what was done first.",
    State.ACTING: "The outcome has not been recorded yet; record it first.",
    State.CONCLUDED: "The outcome has been recorded, so it waits to be closed or sent back.",
    State.KEPT: "It was decided not to pass it on. Pass it on first if that was wrong.",
    State.CLOSED: "It is closed. Raise a new concern if there is something new.",
}
_DONE: Final[dict[Deed, tuple[frozenset[State], str]]] = {
    Deed.PASSED_ON: (DECIDED, "It has been passed on already."),
    Deed.KEPT: (
        DECIDED,
        "It has been passed on already, so it can no longer be kept back. An urgent concern goes "
        "to whoever receives it at once.",
    ),
    Deed.ACKNOWLEDGED: (
        frozenset({State.ACKNOWLEDGED, State.ACTING, State.CONCLUDED}),
        "It has been acknowledged already.",
    ),
}


def check_can(concern: Concern, deed: Deed) -> State:
    """The state that the deed leads to.

    Raises:
        NotAllowed: not from the state the concern is in; the message says why.
    """
    state = State(concern.state)
    following = TRANSITIONS[deed].get(state)
    if following is not None:
        return following
    states, said = _DONE.get(deed, (frozenset(), ""))
    reason = said if state in states else _NOT_YET[state]
    raise NotAllowed(f"Concern {concern.label}: {reason}")


def check_as_seen(concern: Concern, turn: int) -> None:
    """Raise `NotAllowed` when somebody has done something since the page was opened."""
    if concern.turn != turn:
        raise NotAllowed(
            f"Somebody did something with concern {concern.label} since you opened it. "
            "Read it again. Your words are still here: send them again if they still hold."
        )


def check_second_person(concern: Concern, *, kept_by_id: int | None, by_id: int) -> None:
    """Raise `NotAllowed` when who decided not to pass it on would also close it."""
    if concern.state == State.KEPT and kept_by_id == by_id:
        raise NotAllowed(
            f"You decided not to pass on concern {concern.label}, so a second person must agree "
            "before it is closed: the service manager, or another lead."
        )


def check_question(concern: Concern, deed: Deed) -> None:
    """Raise `NotAllowed` for an answer to nothing, and for a second question before the answer."""
    if deed is Deed.ANSWERED and not concern.question_waits:
        raise NotAllowed(f"Nobody has asked you anything about concern {concern.label}.")
    if deed is Deed.ASKED and concern.question_waits:
        raise NotAllowed(
            f"A question about concern {concern.label} waits for its answer already. "
            "Telephone the raiser if it cannot wait."
        )


def check_can_hand_over(concern: Concern) -> None:
    """Raise `NotAllowed` for a concern that no lead decides about."""
    if not concern.inspection or concern.past_lead:
        raise NotAllowed(
            f"No inspection lead decides about concern {concern.label}, so there is nothing to "
            "hand over. The service manager can take every step."
        )
