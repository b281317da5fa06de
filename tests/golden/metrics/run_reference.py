"""Runs MuscleMap's metric extractor as it is, but with the best k-means instead of a random one.

    python run_reference.py SCRIPTS_FOLDER -m kmeans -c 2 -i IMAGE -s LABELS -o FOLDER

scikit-learn's k-means is unseeded and stops before it has converged, so its tables differ from run to run.
Sorted values are divided into intervals; the best division is found by trying them all, smallest first split
on ties. Other methods run unchanged.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import numpy as np


def best_splits(values: Any, counts: Any, components: int) -> list[int]:
    """Where the clusters after the first begin, as indices of the ascending values."""
    weight = np.concatenate([[0], np.cumsum(counts.astype(np.longdouble))])
    total = np.concatenate([[0], np.cumsum(counts * values.astype(np.longdouble))])

    def gain(begin: Any, end: Any) -> Any:
        return (total[end] - total[begin]) ** 2 / (weight[end] - weight[begin])

    size = len(values)
    if components == 2:
        first = np.arange(1, size)
        return [int(first[np.argmax(gain(0, first) + gain(first, size))])]
    best, splits = -np.inf, [0, 0]
    for second in range(2, size):
        first = np.arange(1, second)
        gains = gain(0, first) + gain(first, second) + gain(second, size)
        place = int(np.argmax(gains))
        if gains[place] > best:
            best, splits = gains[place], [int(first[place]), second]
    return splits


def main() -> None:
    sys.path.insert(0, sys.argv[1])
    sys.argv = ["mm_extract_metrics.py", *sys.argv[2:]]
    util = importlib.import_module("mm_util")
    upstream = util.apply_clustering

    def apply_clustering(args: Any, intensities: Any, components: int) -> Any:
        if args.method != "kmeans":
            return upstream(args, intensities, components)
        line = intensities.ravel()
        values, counts = np.unique(line, return_counts=True)
        splits = best_splits(values - np.round(line.mean()), counts, components)
        return np.searchsorted(values[splits], line, side="right"), None

    util.apply_clustering = apply_clustering
    importlib.import_module("mm_extract_metrics").main()


if __name__ == "__main__":
    main()
