"""Rows as a table of text and as JSON."""

from __future__ import annotations

from typing import Any

from contestant import Series
from row import Row


def seconds_text(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s" if seconds < 100 else f"{seconds:.0f} s"
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} us"


def print_head(machine: dict[str, Any]) -> None:
    print(
        f"{machine['date']}, {machine['cpu']}, {machine['cores']} cores, {machine['threads']} threads, {machine['memory_gb']} GB, load {machine['load']}"
    )
    print("features " + " ".join(machine["features"]) + "; not there: " + " ".join(machine["no_features"]))
    print("versions " + ", ".join(f"{name} {number}" for name, number in machine["versions"].items()))
    print(
        "ratio: of medians, times faster than it musclemap is; in brackets of minima; the best peer is marked"
    )


def print_row(row: Row) -> None:
    print(f"\n{row.number:>2}  {row.work}")

    def line(series: Series, ratios: str) -> None:
        peak = f"{series.peak_bytes / 1e6:8.0f} MB"
        runs = len(series.seconds)
        print(
            f"    {series.name:29} median {seconds_text(series.median):>9}  least {seconds_text(series.least):>9} {peak}  {runs:3} runs{ratios}"
        )

    line(row.own, "")
    for peer in row.peers:
        best = " best" if peer is row.best_peer() else ""
        best += " (best)" if peer.least == min(each.least for each in row.peers) else ""
        line(peer, f"  {row.ratio(peer):7.2f}x ({row.ratio_of_least(peer):.2f}x){best}")
    for note in row.notes:
        print(f"    {note}", flush=True)


def _series(series: Series) -> dict[str, Any]:
    return {
        "name": series.name,
        "median_s": series.median,
        "least_s": series.least,
        "peak_mb": round(series.peak_bytes / 1e6, 1),
        "about": series.about,
        "seconds": [float(f"{seconds:.5g}") for seconds in series.seconds],
    }


def row_json(row: Row, load: float) -> dict[str, Any]:
    return {
        "row": row.number,
        "work": row.work,
        "own": _series(row.own),
        "peers": [
            {
                **_series(peer),
                "ratio": round(row.ratio(peer), 2),
                "ratio_of_least": round(row.ratio_of_least(peer), 2),
            }
            for peer in row.peers
        ],
        "notes": row.notes,
        "load": load,
    }
