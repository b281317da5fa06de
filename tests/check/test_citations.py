"""Citations of what is not there are found, and the repository has none."""

from __future__ import annotations

from pathlib import Path

import pytest

import citations

PAGE = """# A chain

## 1. What

Section 2 of what follows: section 2.1.

## 2. How

### 2.1 Really
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for folder in ("docs/chains", "src/image", "tests/unit"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "docs/chains/chain.md").write_text(PAGE)
    (tmp_path / "src/image/grid.hpp").write_text("// A grid.\n")
    (tmp_path / "tests/unit/grid_test.cpp").write_text("// Its test.\n")
    return tmp_path


def found(tree: Path, file: str, text: str) -> list[str]:
    (tree / file).parent.mkdir(parents=True, exist_ok=True)
    (tree / file).write_text(text)
    citations.sections.cache_clear()
    return [str(problem) for problem in citations.check(tree, [Path(file)])]


def test_the_repository_cites_what_is_there() -> None:
    assert citations.main() == 0


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("src/a.cpp", "// As docs/chains/other.md, section 1, says.", "a.cpp:1: docs/chains/other.md does not exist"),
        ("src/a.cpp", "\n// (docs/chains/chain.md, section 3)", "a.cpp:2: docs/chains/chain.md has no section 3"),
        ("src/a.cpp", "/// (docs/chains/chain.md,\n  /// section 2.2)", "a.cpp:1: docs/chains/chain.md has no section 2.2"),
        ("src/a.py", "# docs/chains/chain.md, sections 2.1 and\n# 2.3", "a.py:1: docs/chains/chain.md has no section 2.3"),
        ("src/a.cpp", "// (chains/chain.md, section 1)", "a.cpp:1: chains/chain.md does not exist"),
        ("src/a.cpp", "// (docs/chains/chain.md#why)", "a.cpp:1: docs/chains/chain.md#why names no heading"),
        ("src/a.cpp", "// The rule of section 4.", "a.cpp:1: section 4 of what?"),
        ("src/a.cpp", "// (MuscleMap spec, section 4.7)", "a.cpp:1: 'spec, section': of what page?"),
        ("src/a.cpp", 'TEST_CASE("vectors of the specification\'s section 4") {', "section 4 of what?"),
        ("src/a.hpp", "// As src/image/axes.hpp says.", "a.hpp:1: src/image/axes.hpp does not exist"),
        ("docs/a.md", "`src/image/axes.hpp` has them", "a.md:1: src/image/axes.hpp does not exist"),
        ("docs/a.md", "`image/axes` has them", "a.md:1: src/image/axes does not exist"),
        ("docs/a.md", "`tests/unit/{grid,axes}_test.cpp`", "a.md:1: tests/unit/axes_test.cpp does not exist"),
        ("docs/chains/chain.md", PAGE + "As section 2.4 says.", "docs/chains/chain.md has no section 2.4"),
    ],
)
def test_what_is_not_there_is_found(file: str, text: str, says: str, tree: Path) -> None:
    assert any(problem.endswith(says) for problem in found(tree, file, text + "\n"))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("src/a.cpp", "// (docs/chains/chain.md, sections 1, 2 and\n// 2.1), tested in tests/unit/grid_test.cpp."),
        ("src/a.cpp", "// The header of a member (RFC 1952, section 2.3); docs/chains/chain.md#1-what."),
        ("src/a.cpp", '#include "image/axes.hpp"\nconst char* kUrl = "https://host/src/image/axes.hpp";'),
        ("docs/a.md", "`image/grid`, `src/image/grid.hpp`, `src/image/`, `tests/unit/*_test.cpp`, `examples`"),
        ("docs/chains/chain.md", PAGE),
    ],
)
def test_what_is_there_is_not_reported(file: str, text: str, tree: Path) -> None:
    assert found(tree, file, text + "\n") == []
