"""Writes the measured rows of bench/results/peers.json into docs/benchmarks.md, and three of them into the README, between
two comments.

`--from FILE` takes over new figures first: those of `./dev bench --peers`, without the single runs.
"""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bench" / "peers"))

from report import seconds_text  # noqa: E402

RESULTS = ROOT / "bench" / "results" / "peers.json"
BEGIN, END = "<!-- bench/readme_table.py: begin -->\n", "<!-- bench/readme_table.py: end -->\n"
# Rows of each page; none: all.
PAGES: dict[str, set[int]] = {"README.md": {1, 2, 4}, "docs/benchmarks.md": set()}
# Compared by the memory that they take, not by the time.
MEMORY_ALONE = {3}


def take_over(file: Path) -> None:
    measured = json.loads(file.read_text())
    for row in measured["rows"]:
        for series in (row["own"], *row["peers"]):
            series["runs"] = len(series.pop("seconds"))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(measured, indent=1) + "\n")


def _ratio_text(ratio: float) -> str:
    return f"{ratio:.0f}" if ratio >= 100 else f"{ratio:.2g}" if ratio >= 10 else f"{ratio:.1f}"


def _cells(row: dict[str, Any]) -> list[str]:
    own, peers = row["own"], row["peers"]
    peak = f"{own['peak_mb']:.0f}"
    if not peers:
        time = "" if row["row"] in MEMORY_ALONE else seconds_text(own["median_s"])
        return [row["work"], time, "", "", peak]
    best = min(peers, key=lambda peer: peer["median_s"])
    return [
        row["work"],
        seconds_text(own["median_s"]),
        f"{best['name']} {seconds_text(best['median_s'])}",
        f"**{_ratio_text(best['ratio'])}** ({_ratio_text(min(peer['ratio_of_least'] for peer in peers))})",
        f"{peak} / {best['peak_mb']:.0f}",
    ]


def table(measured: dict[str, Any], rows: set[int]) -> str:
    """The rows of these numbers, or all."""
    machine = measured["machine"]
    shown = [row for row in measured["rows"] if not rows or row["row"] in rows]
    loads = [row["load"] for row in shown]
    head = (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['threads']} threads, {', '.join(machine['features'])}; "
        f"{machine['date']}; load {min(loads):g} to {max(loads):g}, of which the measured program is one to two. Medians of "
        "alternating runs, in brackets the ratio of minima, to the best by that; whole processes' peak memory, ours and theirs, in MB."
    )
    head = "\n".join(textwrap.wrap(head, 120, break_on_hyphens=False)) + "\n\n"
    titles = ["work", "musclemap", "best of the others", "times faster", "peak MB"]
    compared = [row for row in shown if row["peers"] or row["row"] in MEMORY_ALONE]
    lines = [titles, ["---"] * len(titles), *(_cells(row) for row in compared)]
    return head + "".join("| " + " | ".join(cells) + " |\n" for cells in lines)


def with_table(page: str, measured: dict[str, Any]) -> str:
    """The text of the page with the table of `measured`."""
    before, rest = (ROOT / page).read_text().split(BEGIN)
    return before + BEGIN + table(measured, PAGES[page]) + END + rest.split(END)[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="source", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.source:
        take_over(options.source)
    measured = json.loads(RESULTS.read_text())
    for page in PAGES:
        (ROOT / page).write_text(with_table(page, measured))
    return 0


if __name__ == "__main__":
    sys.exit(main())
