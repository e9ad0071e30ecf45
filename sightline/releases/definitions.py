"""Schema and loader of the disclosure profiles."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from pydantic import Field, model_validator

from sightline.access.enums import Permission
from sightline.kernel.definitions import Definition, Registry, Words
from sightline.kernel.errors import NotFound
from sightline.stats.disclosure import Profile, Zeros


class ProfileDefinition(Definition):
    """One kind of reader, what is hidden from them, and who belongs to them.

    `order` puts the profiles from the fullest figures to the most protected. `review`: a second
    person looks before anybody is shown them. `recorded`: every opening is put in the trail.
    `by_name`: used only for sets that ask for it. `kept_within`: those who keep the ledger see no
    figure under it either, unless they hold `needs` over what the figures belong to.
    """

    title: Words
    who: Words
    hides: bool
    threshold: int = Field(ge=0)
    narrow_threshold: int = Field(ge=0)
    family_threshold: int = Field(ge=0)
    zeros: Zeros
    secondary: bool
    rounding: int = Field(ge=1)
    minimum_base: int = Field(ge=1)
    needs: Permission
    review: bool
    recorded: bool
    order: int = Field(ge=1)
    by_name: bool = False
    kept_within: bool = False
    notice: str = ""

    @model_validator(mode="after")
    def the_rules_fit_together(self) -> "ProfileDefinition":
        """The thresholds make a profile; what hides nothing is recorded and not for everybody."""
        self.profile()
        if not self.hides and (not self.recorded or self.needs is Permission.PUBLISHED_VIEW):
            raise ValueError(
                f"{self.code} hides nothing, so every opening is recorded and it needs a "
                "permission of its own."
            )
        return self

    def profile(self) -> Profile:
        """The rules, as `stats.disclosure` takes them."""
        return Profile(
            code=self.code, version=self.version, title=self.title, hides=self.hides,
            threshold=self.threshold, narrow_threshold=self.narrow_threshold,
            family_threshold=self.family_threshold, zeros=self.zeros, secondary=self.secondary,
            rounding=self.rounding, minimum_base=self.minimum_base, notice=self.notice,
        )  # fmt: skip


def load(folder: Path) -> Registry[ProfileDefinition]:
    """Read the profiles."""
    return Registry.load(ProfileDefinition, folder / "disclosure")


@lru_cache(maxsize=1)
def _registry() -> Registry[ProfileDefinition]:
    return load(settings.SIGHTLINE_DEFINITIONS)


@lru_cache(maxsize=1)
def profiles() -> tuple[ProfileDefinition, ...]:
    """The latest version of each profile, the fullest figures first."""
    registry = _registry()
    latest = [registry.latest(code) for code in {item.code for item in registry}]
    return tuple(sorted(latest, key=lambda item: item.order))


def profile(code: str) -> ProfileDefinition:
    """The latest version of a profile, or `NotFound` naming those there are."""
    return _registry().latest(code)


def known(code: str) -> ProfileDefinition | None:
    """The same, or None."""
    try:
        return profile(code)
    except NotFound:
        return None
