"""The shared library seen from outside: what it exports, what it needs, where it looks for its engine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from capi_support import LIBRARY, ROOT

pytestmark = pytest.mark.skipif(not LIBRARY.exists(), reason=f"no library: {LIBRARY}")

# Of the C and C++ run times, and of compression, pictures (libtiff brings its own) and NIfTI headers.
ALLOWED = re.compile(
    r"(linux-vdso|ld-linux[\w-]*|libc|libm|libstdc\+\+|libgcc_s|libpthread|libdl|libz|libdeflate|libisal"
    r"|libpng16|libmd|libnifti2|libznz|libtiff|libpugixml|libopenjp2"
    r"|libwebp|libsharpyuv|libzstd|liblzma|libLerc|libjbig|libjpeg)\.so(\.\d+)*$"
)
PRINTS_OR_ENDS = {
    "stdout", "stderr", "puts", "printf", "putchar", "perror", "exit", "_exit", "__printf_chk", "__vprintf_chk",
    "_ZSt4cout", "_ZSt4cerr", "_ZSt4clog",
}  # fmt: skip
CHANGES_PROCESS = {"setlocale", "uselocale", "setenv", "putenv", "signal", "sigaction", "atexit", "omp_set_num_threads"}

ASK_ENGINE = """
import ctypes, sys
class Info(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("flags", ctypes.c_int32 * 3), ("texts", ctypes.c_char_p * 6)]
info = Info(ctypes.sizeof(Info))
assert ctypes.CDLL(sys.argv[1]).mm_engine_describe(ctypes.byref(info)) == 0
print(info.texts[3].decode())
"""


def symbols(*options: str) -> set[str]:
    command = ["nm", "-D", "--format=posix", *options, str(LIBRARY)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return {line.split()[0].split("@")[0] for line in lines}


def test_only_recorded_names_are_exported() -> None:
    recorded = (ROOT / "capi" / "abi" / "symbols.txt").read_text(encoding="utf-8").split()
    assert sorted(symbols("--defined-only")) == recorded
    assert all(name.startswith("mm_") for name in recorded)


def test_nothing_prints_ends_or_changes_the_process() -> None:
    needed = symbols("--undefined-only")
    assert "memcpy" in needed
    assert sorted(needed & (PRINTS_OR_ENDS | CHANGES_PROCESS)) == []


def test_libraries_that_are_needed() -> None:
    lines = subprocess.run(["ldd", LIBRARY], capture_output=True, text=True, check=True).stdout.splitlines()
    names = [Path(line.split()[0]).name for line in lines]
    assert "libc.so.6" in names
    assert [name for name in names if not ALLOWED.match(name)] == []


def test_soname_is_that_of_the_abi() -> None:
    text = subprocess.run(["readelf", "-d", LIBRARY], capture_output=True, text=True, check=True).stdout
    header = (ROOT / "capi" / "include" / "musclemap.h").read_text(encoding="utf-8")
    version = re.search(r"#define MM_ABI_VERSION (\d+)", header)
    assert version
    assert f"soname: [libmusclemap.so.{version[1]}]" in text


def test_engine_is_looked_for_beside_the_library(tmp_path: Path) -> None:
    library = tmp_path / "lib" / "libmusclemap.so.1"
    library.parent.mkdir()
    shutil.copy(LIBRARY, library)
    env = {name: value for name, value in os.environ.items() if not name.startswith("MUSCLEMAP_")}
    done = subprocess.run(
        [sys.executable, "-c", ASK_ENGINE, library], env=env, capture_output=True, text=True, check=True
    )
    assert f"{library.parent}/musclemap" in done.stdout
