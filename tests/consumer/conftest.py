"""An installed tree that was moved, and what the consumers' tests share."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = Path(os.environ.get("MUSCLEMAP_BUILD", ROOT / "build" / "release")).resolve()
TIME_LIMIT_SECONDS = 1800


def environment(**changes: str) -> dict[str, str]:
    """The environment without what a user may have set for musclemap."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MUSCLEMAP_")}
    return {**kept, **changes}


def command(*words: str | Path, **changes: str) -> str:
    """Standard output of a command that must succeed."""
    ended = subprocess.run(
        [str(word) for word in words],
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, f"{' '.join(map(str, words))}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


@dataclass(frozen=True)
class Installed:
    """An installed tree and where it was installed before it was moved."""

    prefix: Path
    first_prefix: Path

    @property
    def libraries(self) -> Path:
        return next(self.prefix.rglob("libmusclemap.a")).parent

    @property
    def engines(self) -> Path:
        return self.libraries / "musclemap"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("prefix")
    first = folder / "first"
    command("cmake", "--install", BUILD, "--prefix", first)
    return Installed(Path(shutil.move(first, folder / "moved")), first)
