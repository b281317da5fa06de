"""What the library's object code may not refer to."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import BIN

LIBRARY = Path(os.environ.get("MUSCLEMAP_LIBRARY", BIN.parent / "lib" / "libmusclemap.a"))
ENGINES = LIBRARY.parent / "musclemap"
TORCH = re.compile(r"\b(torch|c10|at)::")
FORBIDDEN = {"stdout", "stderr", "puts", "printf", "vprintf", "putchar", "perror", "exit", "abort", "_exit"}
CHECKED = {"__printf_chk", "__vprintf_chk", "std::cout", "std::cerr", "std::clog"}


def undefined(file: Path, *options: str) -> set[str]:
    command = ["nm", "--undefined-only", "--demangle", "--no-sort", *options, str(file)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return {line.split("U ", 1)[1].strip() for line in lines if " U " in line}


@pytest.fixture(scope="module")
def symbols() -> set[str]:
    if not LIBRARY.exists():
        pytest.skip(f"no library to look into: {LIBRARY}")
    found = undefined(LIBRARY)
    assert "memcpy" in found  # the list is one of symbols
    return found


def test_library_refers_to_no_libtorch(symbols: set[str]) -> None:
    assert [name for name in sorted(symbols) if TORCH.search(name)] == []


def test_engine_module_does_refer_to_libtorch() -> None:
    """So the pattern would see it."""
    modules = list(ENGINES.glob("musclemap_torch_*.so"))
    if not modules:
        pytest.skip(f"no engine module in {ENGINES}")
    assert any(TORCH.search(name) for name in undefined(modules[0], "--dynamic"))


def test_library_never_prints_or_exits(symbols: set[str]) -> None:
    plain = {name.split("@")[0] for name in symbols}
    assert sorted(plain & (FORBIDDEN | CHECKED)) == []
