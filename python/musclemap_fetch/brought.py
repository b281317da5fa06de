"""Files that were brought by hand: from a folder, a file with the others beside it, or a zip archive of them."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from pathlib import Path
from typing import Any

from musclemap_fetch.catalogue import Catalogue, FileEntry, Model, version_number
from musclemap_fetch.errors import FetchError, Usage

KEPT = "fetched.json"  # what --keep leaves beside the files: their digests
_LARGEST_FILE = 8 << 30


def model_of(catalogue: Catalogue, source: Path) -> Model:
    """The one model whose files are there by name."""
    names = _names_in(source)
    found = [model for model in catalogue.models.values() if all(each.name in names for each in model.files)]
    if source.is_file() and not _is_archive(source):
        found = [model for model in found if source.name in {each.name for each in model.files}]
    if len(found) != 1:
        said = ", ".join(model.name for model in found) or "none"
        raise Usage(f"{source}: holds the files of {said}; name the model: `musclemap fetch NAME --from {source}`")
    return found[0]


def bring(model: Model, source: Path, folder: Path) -> dict[str, Path]:
    """Copies of the model's files in `folder`, by name."""
    if not source.exists():
        raise FetchError(f"{source}: is not there")
    try:
        return {each.name: _copy(each, model, source, folder) for each in model.files}
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, RuntimeError, NotImplementedError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        about = error.filename if isinstance(error, OSError) and error.filename else source
        raise FetchError(f"{about}: cannot be copied: {said}") from None


def kept(folder: Path) -> dict[str, Any]:
    """By file what --keep has left in a folder: bytes, sha256, model, version; empty where it has not."""
    file = folder / KEPT
    try:
        stated = json.loads(file.read_text(encoding="utf-8"))["files"]
        return {str(name): {**each, "sha256": str(each["sha256"])} for name, each in stated.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FetchError(f"{file}: cannot be read: {error}") from None


def stated_beside(source: Path) -> dict[str, dict[str, str]]:
    """Digests of files, as --keep has left them beside the files."""
    beside = kept(source if source.is_dir() else source.parent)
    return {name: {"sha256": each["sha256"]} for name, each in beside.items()}


def version_beside(model: Model, source: Path) -> str:
    """Of the model, as --keep has left it beside the files; empty where it has not."""
    beside = kept(source if source.is_dir() else source.parent)
    stated = {beside.get(each.name, {}).get("version") for each in model.files}
    return version_number(stated.pop()) if len(stated) == 1 else ""


def _copy(entry: FileEntry, model: Model, source: Path, folder: Path) -> Path:
    names = {each.name for each in model.files}
    target = folder / entry.name
    if source.is_dir():
        shutil.copyfile(_within(source, entry.name), target)
    elif source.name in names:
        shutil.copyfile(_within(source.parent, entry.name), target)
    elif model.layout != "nnunet" and _is_archive(source):
        _unpack(source, entry.name, target)
    elif len(names) == 1:
        shutil.copyfile(source, target)
    else:
        raise FetchError(f"{source}: is none of {', '.join(sorted(names))}, nor a .zip of them")
    return target


def _within(folder: Path, name: str) -> Path:
    if not (folder / name).is_file():
        raise FetchError(f"{folder}: has no file '{name}'")
    return folder / name


def _unpack(archive: Path, name: str, target: Path) -> None:
    """The one entry of that name, in whatever folder of the archive. No name of the archive is used as a path."""
    with zipfile.ZipFile(archive) as packed:
        entries = [each for each in packed.infolist() if each.filename.rsplit("/", 1)[-1] == name]
        if len(entries) != 1:
            raise FetchError(f"{archive}: has {len(entries)} files '{name}'; 1 is allowed")
        (entry,) = entries
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
            raise FetchError(f"{archive}: '{entry.filename[:200]}' in it is no file")
        if entry.file_size > _LARGEST_FILE:
            raise FetchError(f"{archive}: unpacks '{name}' to {entry.file_size} bytes; {_LARGEST_FILE} are allowed")
        with packed.open(entry) as stream, target.open("wb") as file:
            shutil.copyfileobj(stream, file)


def _is_archive(source: Path) -> bool:
    return source.is_file() and source.suffix.lower() == ".zip" and zipfile.is_zipfile(source)


def _names_in(source: Path) -> set[str]:
    if source.is_dir():
        return {each.name for each in source.iterdir() if each.is_file()}
    if not source.is_file():
        raise FetchError(f"{source}: is not there")
    names = {each.name for each in source.parent.iterdir() if each.is_file()}
    if _is_archive(source):
        with zipfile.ZipFile(source) as packed:
            names = {source.name} | {each.rsplit("/", 1)[-1] for each in packed.namelist()}
    return names
