"""The tables of the README and of docs/benchmarks.md are those of bench/results/peers.json."""

from __future__ import annotations

import json
import sys

import pytest

from tracked import ROOT

sys.path.insert(0, str(ROOT / "bench"))

import readme_table  # noqa: E402


@pytest.mark.parametrize("page", readme_table.PAGES)
def test_the_table_is_that_of_the_figures(page: str) -> None:
    measured = json.loads(readme_table.RESULTS.read_text())
    assert (ROOT / page).read_text() == readme_table.with_table(page, measured)


def test_the_readme_keeps_three_rows() -> None:
    text = (ROOT / "README.md").read_text().split(readme_table.BEGIN)[1].split(readme_table.END)[0]
    assert sum(line.startswith("|") for line in text.splitlines()) == 2 + 3
