"""How files that were checked become a model that is found: by rename, the file that makes it a model last."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from musclemap_fetch.catalogue import Model, version_number
from musclemap_fetch.errors import FetchError

_MUSCLEMAP = "musclemap"
_LARGEST_DESCRIPTION = 16 << 20
_ZIP, _PICKLE, _NPY = b"PK\x03\x04", b"\x80\x02", b"\x93NUMPY"
_STARTS = {".pth": (_ZIP,), ".zip": (_ZIP,), ".npy": (_NPY,), "": (_ZIP, _PICKLE)}


def place(model: Model, root: Path, version: str) -> Path:
    """The folder of a version, below which its files lie."""
    if model.layout == "musclemap":
        return root / model.name / f"v{version}"
    return root / model.name if model.layout == "nnunet" else root


def is_there(model: Model, root: Path, version: str) -> bool:
    """Whether the programs would find it."""
    folder = place(model, root, version)
    if model.layout == "nnunet":
        return any((each / "plans.json").is_file() for each in folder.glob("*__*"))
    return all((folder / each.name).is_file() for each in model.files)


def stated_version(files: Mapping[str, Path]) -> str:
    """Of the description in JSON among the files; empty where it states none."""
    for name, path in files.items():
        if name.endswith(".json"):
            description = _description(name, path)
            model = description.get("model")
            return version_number(model.get("version", "")) if isinstance(model, dict) else ""
    return ""


def check_content(files: Mapping[str, Path]) -> None:
    """That each file begins as its kind does: what a proxy or a sync client gives in place of it does not."""
    for name, path in files.items():
        if name.endswith(".json"):
            _description(name, path)
            continue
        starts = _STARTS[Path(name).suffix if Path(name).suffix in _STARTS else ""]
        with path.open("rb") as file:
            start = file.read(8)
        if not start.startswith(starts):
            raise FetchError(f"'{name}' begins with {start!r}; {' or '.join(map(repr, starts))} is allowed")


def _description(name: str, path: Path) -> dict[str, object]:
    if path.stat().st_size > _LARGEST_DESCRIPTION:
        raise FetchError(f"'{name}' has {path.stat().st_size} bytes; {_LARGEST_DESCRIPTION} are allowed")
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise FetchError(f"'{name}' is no JSON: {error}") from None
    if not isinstance(description, dict):
        raise FetchError(f"'{name}' holds no object of JSON")
    return description


def install(model: Model, files: Mapping[str, Path], root: Path, version: str) -> list[Path]:
    """Puts the files in place; gives what then makes up the model."""
    if model.layout == "nnunet":
        return _import(model, files[model.files[0].name], root)
    folder = place(model, root, version)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for each in model.files:
            os.replace(files[each.name], folder / each.name)
    except OSError as error:
        raise FetchError(f"{folder}: cannot be written: {error.strerror}") from None
    return [folder / each.name for each in model.files]


def _import(model: Model, archive: Path, root: Path) -> list[Path]:
    """By musclemap's own reader of such archives, which opens every network before it puts one in place."""
    program = _companion(_MUSCLEMAP)
    environment = {**os.environ, "TOTALSEG_WEIGHTS_PATH": str(root)}
    command = [program, "import", "-i", str(archive)]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        lines = [line for line in ended.stderr.splitlines() if line.startswith("error: ")]
        said = lines[0].removeprefix("error: ") if lines else f"{program} ended with status {ended.returncode}"
        raise FetchError(f"'{model.name}' cannot be put in place: {said}")
    placed = [Path(line) for line in ended.stdout.splitlines()]
    return sorted(file for folder in placed for file in folder.rglob("*") if file.is_file())


def _companion(name: str) -> str:
    """A program of musclemap: beside this one, beside Python, or in a folder of PATH."""
    own = Path(sys.argv[0])
    for folder in (own.absolute().parent, own.resolve().parent, Path(sys.executable).parent):
        if os.access(folder / name, os.X_OK) and (folder / name).is_file():
            return str(folder / name)
    if found := shutil.which(name):
        return found
    raise FetchError(f"there is no program '{name}' beside this one or in PATH, which puts archives in place")
