"""The published models: names, where they are, which licence; read from catalogue.json or a file like it.

A figure that is in no catalogue (size, digest, licence of a version) is what its source answers, never a guess.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from musclemap_fetch.digests import checked
from musclemap_fetch.errors import FetchError, Usage

OWN_CATALOGUE = Path(__file__).with_name("catalogue.json")
LAYOUTS = ("musclemap", "nnunet", "cellpose")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,199}")
_VERSION = re.compile(r"v?(\d{1,9}(?:\.\d{1,9}){0,7})")


@dataclass(frozen=True)
class Source:
    """A site that models come from."""

    kind: str  # zenodo, github, plain
    address: str
    api: str = ""
    without_release: str = ""  # what is said of a model that the site does not give to everyone


@dataclass(frozen=True)
class FileEntry:
    """A file of a model; known: size and digests by version ('' for models without versions)."""

    name: str
    known: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def size(self, version: str) -> int | None:
        size = self.known.get(version, {}).get("size")
        return size if isinstance(size, int) else None

    def digests(self, version: str) -> dict[str, str]:
        stated: dict[str, str] = {}
        for kind, value in self.known.get(version, {}).items():
            stated |= checked(kind, value)
        return stated


@dataclass(frozen=True)
class Model:
    """A published model. Its files are put in place in this order."""

    name: str
    layout: str
    source: Source
    files: tuple[FileEntry, ...]
    citation: tuple[str, ...]
    licence: str = ""  # empty: what the source answers
    concept: str = ""  # Zenodo's record of all versions
    versions: Mapping[str, str] = field(default_factory=dict)  # version to record
    release: str = ""  # tag of a GitHub release

    @property
    def newest(self) -> str:
        """The highest version that is listed; empty where none is."""
        return max(self.versions, key=numbers, default="")


def numbers(version: str) -> list[int]:
    """1.10 is above 1.9; 1.4.0 is 1.4."""
    parts = [int(part) for part in version.split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return parts


def version_number(text: object) -> str:
    """'v1.4' as '1.4'; empty where it is no version."""
    match = _VERSION.fullmatch(str(text).strip())
    return match[1] if match else ""


@dataclass(frozen=True)
class Catalogue:
    """Models by name, and names that stand for several of them."""

    models: Mapping[str, Model]
    groups: Mapping[str, tuple[str, ...]]

    def wanted(self, names: Iterable[str]) -> list[tuple[Model, str]]:
        """Models with the version that NAME@VERSION asks for, which is empty for NAME; each once."""
        found: dict[tuple[str, str], tuple[Model, str]] = {}
        for text in names:
            name, _, version = text.partition("@")
            if version and version != "latest" and not version_number(version):
                raise Usage(f"the version in '{text}' is '{version}'; 'latest' or a number such as 1.4 is allowed")
            for model in self._named(name):
                if version and model.layout != "musclemap":
                    raise Usage(f"'{name}' has no versions, as in '{text}'; ask for '{name}'")
                found[model.name, version] = (model, version_number(version) or version)
        return list(found.values())

    def _named(self, name: str) -> list[Model]:
        if name in self.models:
            return [self.models[name]]
        if name in self.groups:
            return [model for member in self.groups[name] for model in self._named(member)]
        if re.fullmatch(r"Dataset\d{3}", name):
            short = [model for each, model in self.models.items() if each.startswith(name + "_")]
            if len(short) == 1:
                return short
        raise Usage(f"there is no published model '{name}'; `musclemap fetch --list` names them")


def load(file: Path = OWN_CATALOGUE) -> Catalogue:
    """Errors name the file and what is wrong in it."""
    try:
        stated = json.loads(file.read_text(encoding="utf-8"))
        if stated.get("format") != "musclemap-catalogue" or stated.get("format_version") != 1:
            raise ValueError("format is not 'musclemap-catalogue' of format_version 1")
        sources = {name: Source(**source) for name, source in stated["sources"].items()}
        models = [_model(each, sources) for each in stated["models"]]
        groups = {name: tuple(members) for name, members in stated.get("groups", {}).items()}
    except OSError as error:
        raise FetchError(f"{file}: cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise FetchError(f"{file}: is no catalogue of models: {error}") from None
    return Catalogue({model.name: model for model in models}, groups)


def _model(stated: dict[str, Any], sources: Mapping[str, Source]) -> Model:
    files = tuple(FileEntry(each["name"], each.get("known", {})) for each in stated["files"])
    taken = {**stated, "source": sources[stated["source"]], "files": files, "citation": tuple(stated["citation"])}
    model = Model(**taken)
    for name in (model.name, *(each.name for each in files)):
        if not _PLAIN_NAME.fullmatch(name):
            raise ValueError(f"'{name}' is no plain name of a model or file")
    if model.layout not in LAYOUTS:
        raise ValueError(f"layout of '{model.name}' is '{model.layout}'; {', '.join(LAYOUTS)} are allowed")
    for version in model.versions:
        if not version_number(version):
            raise ValueError(f"'{model.name}' has a version '{version}'")
    return model
