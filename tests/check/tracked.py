"""The files of the repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tracked(*suffixes: str) -> list[Path]:
    """Tracked files with one of these suffixes, relative to ROOT."""
    command = ["git", "ls-files", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    files = [Path(name) for name in names if name]
    return [file for file in files if file.suffix in suffixes and (ROOT / file).is_file()]
