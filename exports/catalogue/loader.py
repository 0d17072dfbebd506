"""Reads the definition files; keeps going after a mistake, so that all of them are told at once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from .policies import LaneRule, Policies, Policy
from .problems import problems
from .resolve import resolve
from .resources import Resource
from .schema import Problem, ResourceDef, did_you_mean

POLICIES_FILE = "policies.toml"

Struct = TypeVar("Struct", bound=msgspec.Struct)


@dataclass(frozen=True, kw_only=True)
class Misplaced:
    """A problem and the file it is in."""

    file: Path
    problem: Problem


@dataclass(frozen=True, kw_only=True)
class Definitions:
    """Everything the definition files say."""

    resources: Mapping[tuple[str, str], Resource] = field(default_factory=dict)
    """By catalogue and name."""
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """By dialect."""
    lanes: tuple[LaneRule, ...] = ()
    mistakes: tuple[Misplaced, ...] = ()
    """What is wrong in the files; a resource with a mistake is left out."""

    def resources_of(self, catalogue: str) -> dict[str, Resource]:
        """Return the resources of one catalogue by name."""
        return {name: resource for (owner, name), resource in self.resources.items() if owner == catalogue}


def read(directory: Path) -> Definitions:
    """Read every definition below a directory."""
    mistakes: list[Misplaced] = []
    resources = {}
    for file in sorted(directory.glob("*/*.toml")):
        resource = _read_resource(file, mistakes)
        if resource is not None:
            resources[resource.catalogue, resource.name] = resource
    policies = _read_policies(directory / POLICIES_FILE, resources, mistakes)
    return Definitions(
        resources=resources,
        policies=policies.dialects if policies else {},
        lanes=policies.lanes if policies else (),
        mistakes=tuple(mistakes),
    )


def _read_resource(file: Path, mistakes: list[Misplaced]) -> Resource | None:
    definition = _decode(file, ResourceDef, mistakes)
    if definition is None:
        return None
    found = [Misplaced(file=file, problem=problem) for problem in problems(definition)]
    mistakes.extend(found)
    return None if found else resolve(file.parent.name, file.stem, definition)


def _read_policies(
    file: Path, resources: Mapping[tuple[str, str], Resource], mistakes: list[Misplaced]
) -> Policies | None:
    policies = _decode(file, Policies, mistakes)
    catalogues = tuple({catalogue for catalogue, _ in resources})
    for dialect, policy in (policies.dialects if policies else {}).items():
        if policy.catalogue not in catalogues:
            problem = Problem(
                key=f"dialects.{dialect}.catalogue",
                message=f"Dialect '{dialect}' exports the catalogue '{policy.catalogue}', which has no resource.",
                hint=did_you_mean(policy.catalogue, catalogues),
            )
            mistakes.append(Misplaced(file=file, problem=problem))
    return policies


def _decode(file: Path, shape: type[Struct], mistakes: list[Misplaced]) -> Struct | None:
    try:
        return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), shape)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        text, _, path = str(error).partition(" - at ")
        problem = Problem(key=path.strip("`").removeprefix("$.") or "the file", message=f"{text}.")
        mistakes.append(Misplaced(file=file, problem=problem))
        return None
