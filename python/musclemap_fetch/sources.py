"""What a source answers about a model: its version, licence and files with sizes and digests.

Zenodo: the record of a version, or the concept's, which leads to the newest. GitHub: the assets of a release. A plain
site states nothing beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from musclemap_fetch.catalogue import FileEntry, Model, version_number
from musclemap_fetch.digests import checked
from musclemap_fetch.errors import FetchError
from musclemap_fetch.transfer import RemoteFile, document

_MOST_VERSIONS = 100


@dataclass(frozen=True)
class Offer:
    """A version of a model as it can be had; version is empty where neither catalogue nor source states it."""

    model: Model
    version: str
    files: tuple[RemoteFile, ...]  # as model.files
    licence: str  # empty where it is not stated
    citation: tuple[str, ...]
    record: str = ""
    remarks: tuple[str, ...] = ()


def offer(model: Model, version: str) -> Offer:
    """`version` is a number, 'latest', or empty: the newest of the catalogue, else of the source."""
    of_kind = {"zenodo": _zenodo, "github": _github, "plain": _plain}
    found = of_kind[model.source.kind](model, version)
    return replace(found, files=tuple(map(_with_known, model.files, found.files, [found.version] * len(found.files))))


def _with_known(entry: FileEntry, remote: RemoteFile, version: str) -> RemoteFile:
    """With what the catalogue knows of that version, which stands above what the source says today."""
    known, size = entry.digests(version), entry.size(version)
    for kind, value in known.items():
        if remote.digests.get(kind, value) != value:
            raise FetchError(f"{remote.url}: its source states {kind.upper()} {remote.digests[kind]}; {value} is known")
    if size is not None and remote.size not in (None, size):
        raise FetchError(f"{remote.url}: its source states {remote.size} bytes; {size} are known")
    return replace(remote, size=remote.size if size is None else size, digests={**remote.digests, **known})


def _zenodo(model: Model, version: str) -> Offer:
    version = version or model.newest or "latest"
    records = f"{model.source.address}/api/records/"
    record = document(records + model.versions.get(version, model.concept))
    if version != "latest" and version not in model.versions:
        record = _of_version(records, record, model, version)
    try:
        number, metadata = str(record["id"]), record["metadata"]
        concept = str(record.get("conceptrecid", model.concept))
        listed = {str(each["key"]): each for each in record["files"]}
        stated = version_number(metadata.get("version", ""))
    except (KeyError, TypeError, AttributeError) as error:
        raise FetchError(f"{records}{model.concept}: is no record with files: {error!r}") from None
    if concept != model.concept:
        raise FetchError(f"{records}{number}: is of the records {concept}; {model.concept} is allowed")
    if not number.isdigit():
        raise FetchError(f"{records}{model.concept}: has the id '{number[:40]}'; a number is allowed")
    folder = f"{model.source.address}/records/{number}/files"
    files = _listed_files(model, listed, folder, "checksum", f"record {number}")
    return Offer(
        model=model,
        version=stated if version == "latest" else version,
        files=files,
        licence=_licence(metadata) or model.licence,
        citation=(f"https://doi.org/10.5281/zenodo.{number}",),
        record=number,
    )


def _of_version(records: str, newest: Any, model: Model, version: str) -> Any:
    """The record of a version that the catalogue does not list."""
    try:
        hits = document(f"{records}{newest['id']}/versions?size={_MOST_VERSIONS}")["hits"]["hits"]
        by_version = {version_number(each["metadata"].get("version", "")): each for each in hits}
    except (KeyError, TypeError, AttributeError):
        by_version = {}
    if version not in by_version:
        there = ", ".join(sorted({*model.versions, *filter(None, by_version)})) or "none"
        raise FetchError(f"'{model.name}' has no version {version} at its source; there are {there}")
    return by_version[version]


def _licence(metadata: Mapping[str, Any]) -> str:
    stated = metadata.get("license")
    name = stated.get("id") if isinstance(stated, dict) else stated
    return name if isinstance(name, str) else ""


def _github(model: Model, _version: str) -> Offer:
    source = model.source
    if not model.release:
        by_hand = f"`musclemap fetch {model.name} --from FILE` puts it in place"
        raise FetchError(f"'{model.name}' {source.without_release}; {by_hand}")
    remarks: tuple[str, ...] = ()
    try:
        answer = document(f"{source.api}/releases/tags/{quote(model.release)}")
        listed = {str(each["name"]): each for each in answer["assets"]}
    except (FetchError, KeyError, TypeError) as error:
        # Behind a proxy the files may be reached where the interface is not.
        remarks = (f"sizes and digests are not known beforehand: {error}",)
        listed = None
    folder = f"{source.address}/releases/download/{quote(model.release)}"
    files = _listed_files(model, listed, folder, "digest", f"release {model.release}")
    return Offer(model, "", files, model.licence, model.citation, model.release, remarks)


def _plain(model: Model, _version: str) -> Offer:
    files = tuple(RemoteFile(each.name, f"{model.source.address}/{quote(each.name)}") for each in model.files)
    return Offer(model, "", files, model.licence, model.citation)


def _listed_files(
    model: Model, listed: Mapping[str, Any] | None, folder: str, digest: str, where: str
) -> tuple[RemoteFile, ...]:
    """As they stand in the list of the source, where there is one; `digest` is the key of "kind:digits" in it."""
    files = []
    for name in (each.name for each in model.files):
        found = {} if listed is None else listed.get(name)
        if found is None:
            raise FetchError(f"{where} has no file '{name}'; it has {', '.join(sorted(listed or {}))[:500] or 'none'}")
        size = found.get("size")
        kind, _, value = str(found.get(digest, "")).partition(":")
        known_size = size if isinstance(size, int) and size >= 0 else None
        files.append(RemoteFile(name, f"{folder}/{quote(name)}", known_size, checked(kind, value)))
    return tuple(files)
