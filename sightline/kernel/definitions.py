"""The base of every definition file: `code@version.yaml`, read as text, parsed once, frozen."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sightline.kernel import plain_yaml
from sightline.kernel.errors import BadDefinition, BadInput, Fault, Faults, NotFound
from sightline.kernel.periods import ImpreciseDate

FILE_NAME = re.compile(r"^(?P<code>[a-z][a-z0-9-]*)@(?P<version>[1-9][0-9]*)\.yaml$")


class Closed(BaseModel):
    """A frozen object with no fields beyond those declared; text is trimmed."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _folded(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


Words = Annotated[str, BeforeValidator(_folded), Field(min_length=1)]
"""Running text: never empty, line ends folded to single spaces."""

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
"""A word that names a thing: lower case, digits and hyphens."""


def _imprecise(text: str) -> str:
    try:
        ImpreciseDate(text)
    except BadInput as fault:
        raise ValueError(str(fault)) from None
    return text


WrittenDate = Annotated[str, AfterValidator(_imprecise)]
"""An `ImpreciseDate`, as text."""


class Definition(Closed):
    """What every definition holds: its code and version, which must match its file name."""

    code: Code
    version: int = Field(ge=1)

    @property
    def key(self) -> str:
        """`code@version`, as the database stores it."""
        return f"{self.code}@{self.version}"


D = TypeVar("D", bound=Definition)


def faults_of(error: ValidationError) -> Iterator[Fault]:
    """Each fault pydantic found, at its field path, in words."""
    for item in error.errors():
        where = ".".join(str(part) for part in item["loc"])
        what = item["msg"].removeprefix("Value error, ")
        yield Fault(where=where or "the whole file", what=what)


def parse_definition(kind: type[D], data: Any, *, name: str) -> D:
    """Build one definition from parsed YAML, or raise `Faults` naming every field at once."""
    if not isinstance(data, dict):
        raise BadDefinition(f"{name} must hold fields at its top level, such as `code: …`.")
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        raise Faults(name, faults_of(error)) from None


def read_definition(kind: type[D], path: Path) -> D:
    """Read `code@version.yaml`; the name must match what is inside."""
    match = FILE_NAME.match(path.name)
    if match is None:
        raise BadDefinition(
            f"{path.name} must be named code@version.yaml, for example six-point@1.yaml."
        )
    found = parse_definition(kind, plain_yaml.read(path), name=path.name)
    if (found.code, str(found.version)) != (match["code"], match["version"]):
        raise BadDefinition(
            f"{path.name} holds {found.key}; rename the file or mend `code` and `version`."
        )
    return found


@dataclass(frozen=True)
class Registry(Generic[D]):
    """All definitions of one kind, by key; reading never touches the disk again."""

    kind: type[D]
    items: Mapping[str, D] = field(default_factory=dict)

    @classmethod
    def load(cls, kind: type[D], folder: Path) -> "Registry[D]":
        """Read every `*.yaml` of a folder, listing the faults of all files together."""
        items: dict[str, D] = {}
        faults: list[Fault] = []
        for path in sorted(folder.glob("*.yaml")):
            try:
                found = read_definition(kind, path)
            except Faults as error:
                faults += [Fault(f"{path.name} {f.where}", f.what, f.mend) for f in error.faults]
            except BadDefinition as error:
                faults.append(Fault("", str(error)))
            else:
                items[found.key] = found
        if faults:
            raise Faults(f"definitions/{folder.name}", faults)
        return cls(kind, items)

    def get(self, key: str) -> D:
        """The definition with this key, or `NotFound` naming those there are."""
        try:
            return self.items[key]
        except KeyError:
            known = ", ".join(sorted(self.items)) or "none"
            raise NotFound(f"There is no {key}. There are: {known}.") from None

    def latest(self, code: str) -> D:
        """The highest version of a code."""
        found = [item for item in self.items.values() if item.code == code]
        if not found:
            known = ", ".join(sorted({item.code for item in self.items.values()})) or "none"
            raise NotFound(f"There is no {code}. There are: {known}.")
        return max(found, key=lambda item: item.version)

    def __iter__(self) -> Iterator[D]:
        return iter(self.items.values())

    def __len__(self) -> int:
        return len(self.items)


def plus(registry: Registry[D], more: Iterable[D]) -> Registry[D]:
    """The registry with further definitions, as a test or an upload adds them."""
    return Registry(registry.kind, {**registry.items, **{item.key: item for item in more}})
