"""Proposing themes of short texts by the words that come together in them; see M-23.

Pure. scikit-learn is imported when something is proposed: no web process needs it.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

SEED: Final = 0
FEWEST_THEMES: Final = 2
MOST_THEMES: Final = 8
COMMENTS_A_THEME: Final = 12
"""So many comments call for one theme more."""
WORDS: Final = 5
"""At most so many words stand for a theme."""
HEAVY: Final = 0.1
"""A word stands for a theme if it has at least this share of the weight of its heaviest."""
IN_AT_LEAST: Final = 2
"""A word that one comment alone has says nothing of others, and may be a name."""
IN_AT_MOST: Final = 0.6
"""A word that more than this share of comments has tells none apart."""
CLEAR: Final = 0.5
"""A comment is of the theme it leans to most, if that has at least this share of its weight."""
WORD: Final = r"(?u)\b[^\W\d_]{3,}\b"
OUR_STOP_WORDS: Final = ("removed", "don", "didn", "doesn", "isn", "wasn", "won", "can", "ve", "ll")


@dataclass(frozen=True)
class Proposed:
    """A theme: the words that stand for it, the heaviest first, and the places of its texts."""

    words: tuple[str, ...]
    members: tuple[int, ...]


def how_many(texts: int) -> int:
    """How many themes so many texts are looked through for."""
    return min(MOST_THEMES, max(FEWEST_THEMES, round(texts / COMMENTS_A_THEME)))


def propose(texts: Sequence[str], *, smallest: int) -> tuple[Proposed, ...]:
    """Themes of texts in English, the fullest first; a text is of one theme at most.

    The same texts give the same themes, in whichever order they come.

    Args:
        texts: as they may be shown.
        smallest: with fewer texts than this there are no themes.
    """
    if len(texts) < max(smallest, FEWEST_THEMES):
        return ()
    order = sorted(range(len(texts)), key=lambda place: (texts[place], place))
    weights, words = _weighed([texts[place] for place in order])
    if weights is None or weights.shape[1] < FEWEST_THEMES:
        return ()
    return _themes(weights, words, order)


def _weighed(texts: Sequence[str]) -> tuple[Any, list[str]]:
    """TF-IDF of texts, and the word of each column; None where no word is left."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

    made = TfidfVectorizer(
        stop_words=sorted({*ENGLISH_STOP_WORDS, *OUR_STOP_WORDS}),
        token_pattern=WORD,
        min_df=IN_AT_LEAST,
        max_df=IN_AT_MOST,
        strip_accents="unicode",
        sublinear_tf=True,
    )
    try:
        weights = made.fit_transform(texts)
    except ValueError:  # stop words alone, or no word that two have
        return None, []
    return weights, list(made.get_feature_names_out())


def _themes(weights: Any, words: list[str], order: list[int]) -> tuple[Proposed, ...]:
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    number = min(how_many(weights.shape[0]), *weights.shape)
    model = NMF(number, init="nndsvda", random_state=SEED, max_iter=400, tol=1e-4)
    with warnings.catch_warnings():  # a factorisation not quite at its end proposes as well
        warnings.simplefilter("ignore", ConvergenceWarning)
        leaning = model.fit_transform(weights)
    members: dict[int, list[int]] = {}
    for row, place in zip(leaning, order, strict=True):
        whole = float(row.sum())
        theme = int(row.argmax())
        if whole > 0 and float(row[theme]) >= CLEAR * whole:
            members.setdefault(theme, []).append(place)
    found = [
        Proposed(_heaviest(model.components_[theme], words), tuple(sorted(places)))
        for theme, places in members.items()
        if len(places) >= IN_AT_LEAST
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.members), one.words)))


def _heaviest(component: Any, words: list[str]) -> tuple[str, ...]:
    heavy = sorted(range(len(words)), key=lambda at: (-float(component[at]), words[at]))
    least = HEAVY * float(component[heavy[0]])
    return tuple(words[at] for at in heavy[:WORDS] if float(component[at]) >= least)
