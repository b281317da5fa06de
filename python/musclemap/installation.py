"""Where the engine and LibTorch are, and what this installation can do."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import sys
from pathlib import Path
from typing import TypedDict

from musclemap import _core


class EngineReport(TypedDict):
    """The inference engine: whether it can be used, its files, and why not."""

    available: bool
    name: str
    module: str
    libtorch: str
    problem: str


class GpuReport(TypedDict):
    """Whether LibTorch can use a GPU, and why not."""

    available: bool
    problem: str


class FolderReport(TypedDict):
    """A folder that models are looked for in."""

    path: str
    exists: bool


class DoctorReport(TypedDict):
    """What doctor() finds."""

    version: str
    python: str
    numpy: str
    package: str
    threads: int
    cpu_features: list[str]
    torch: str
    engine: EngineReport
    gpu: GpuReport
    model_folders: list[FolderReport]


def torch_folder() -> Path | None:
    """The folder of Python's torch, found without importing it."""
    try:
        found = importlib.util.find_spec("torch")
    except (ImportError, ValueError):
        return None
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(next(iter(found.submodule_search_locations)))
    return folder if (folder / "lib").is_dir() else None


def name_engine() -> None:
    """Tells the core where this package keeps its engine and where Python's torch is. Loads nothing."""
    torch = torch_folder()
    _core.set_engine_places(package_folder() / "lib", torch or "")


def package_folder() -> Path:
    """Where the extension module lies, which is where the engine's folder is looked for."""
    return Path(_core.__file__).parent


def doctor() -> DoctorReport:
    """What `musclemap doctor --json` says, and Python's own part. Opens the engine and LibTorch."""
    import numpy as np

    name_engine()
    found: DoctorReport = json.loads(_core.doctor())
    found["python"] = platform.python_version()
    found["numpy"] = np.__version__
    found["package"] = str(package_folder())
    found["torch"] = "imported" if "torch" in sys.modules else os.fspath(torch_folder() or "")
    return found
