"""The measured rows as bars: how many times longer each peer takes."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot as plt  # noqa: E402


def plot(measured: dict[str, Any], file: Path) -> None:
    bars = [(row, peer) for row in measured["rows"] for peer in row["peers"]]
    if not bars:
        return
    figure, axes = plt.subplots(figsize=(10, 0.6 + 0.42 * len(bars)))
    colours = plt.get_cmap("tab20").colors
    for place, (row, peer) in enumerate(bars):
        axes.barh(place, peer["ratio"], color=colours[row["row"] % len(colours)])
        axes.text(peer["ratio"] * 1.05, place, f"{peer['ratio']:g}x", va="center", fontsize=8)
    names = [
        textwrap.shorten(f"{row['row']}: {row['work']}", 70, placeholder=" …") + f"\n{peer['name']}"
        for row, peer in bars
    ]
    axes.set_yticks(range(len(bars)), names, fontsize=7)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xlim(0.5, max(peer["ratio"] for _, peer in bars) * 2.5)
    axes.set_xlabel("median time of the peer / median time of musclemap")
    machine = measured["machine"]
    axes.set_title(f"{machine['cpu']}, {machine['threads']} threads, {machine['date']}", fontsize=9)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)
