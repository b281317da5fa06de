"""clang-tidy finds what is planted in one of several files that it looks at together."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tidy import check, groups

ROOT = Path(__file__).resolve().parents[2]
WORDS = ["c++", "-std=c++17"]
FINE = "int twice(int number) { return 2 * number; }\n"
PLANTED = "int Thrice(int number) { return 3 * number; }\n"


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    shutil.copy(ROOT / ".clang-tidy", tmp_path)
    folder = tmp_path / "src"
    folder.mkdir()
    files = [folder / "first.cpp", folder / "second.cpp"]
    files[0].write_text('#include "src/shared.hpp"\n' + FINE)
    files[1].write_text('#include "src/shared.hpp"\n')
    (folder / "shared.hpp").write_text("")
    return files


@pytest.mark.skipif(shutil.which("clang-tidy") is None, reason="clang-tidy is absent")
@pytest.mark.parametrize("name", ["", "second.cpp", "shared.hpp"])
def test_findings_are_of_every_file(name: str, sources: list[Path], tmp_path: Path) -> None:
    if name:
        place = tmp_path / "src" / name
        place.write_text(place.read_text() + f"#ifndef PLANTED\n#define PLANTED\n{PLANTED}#endif\n")
    fine, text = check(tmp_path / "build", 0, [*WORDS, f"-I{tmp_path}"], sources)
    assert fine == (name == "")
    assert ("Thrice" in text) == (name != "")
    assert not name or name in text


def test_files_compiled_alike_are_looked_at_together() -> None:
    files = [ROOT / "src/a/one.cpp", ROOT / "src/a/two.cpp", ROOT / "src/b/one.cpp", ROOT / "src/a/fast.cpp"]
    compiled = {file: WORDS for file in files} | {files[3]: [*WORDS, "-mavx2"]}
    assert sorted(len(members) for _, members in groups(files, compiled)) == [1, 1, 2]
    bindings = [ROOT / "python/src/a.cpp", ROOT / "python/src/b.cpp"]
    assert len(groups(bindings, {file: WORDS for file in bindings})) == 2
