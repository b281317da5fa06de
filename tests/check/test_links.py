"""Links that lead nowhere are found, and the pages have none."""

from __future__ import annotations

from pathlib import Path

import pytest

import links


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "other.md").write_text("# Other\n\n## Two words, and more\n")
    monkeypatch.setattr(links, "ROOT", tmp_path)
    return tmp_path


def broken(folder: Path, text: str) -> list[str]:
    (folder / "page.md").write_text(text)
    return list(links.broken(Path("page.md")))


def test_the_pages_lead_somewhere() -> None:
    assert links.main() == 0


@pytest.mark.parametrize(
    "link",
    ["[a](docs/none.md)", "![a](figures/none.png)", "[a](docs/other.md#one)", "[a](#none)", "[a]: docs/none.md", '<a href="none.html">'],
)
def test_a_link_that_leads_nowhere_is_found(link: str, folder: Path) -> None:
    assert len(broken(folder, f"# Page\n\n{link}\n")) == 1


@pytest.mark.parametrize(
    "link",
    ["[a](docs/other.md#two-words-and-more)", "[a](#page)", "[a](https://host/none)", "`[a](none.md)`", "```\n[a](none.md)\n```"],
)
def test_a_link_that_leads_somewhere_is_not(link: str, folder: Path) -> None:
    assert broken(folder, f"# Page\n\n{link}\n") == []
