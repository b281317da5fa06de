"""Rows by number; a function measures those of a module that are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from row import Row, Settings

from . import cells, clusters, components, flows, nifti, restore, segment, start, volume, whole_body, window, window_fast

# Rows of one function are measured in the same rounds.
MEASURES: list[tuple[set[int], Callable[[Settings, set[int]], Iterator[Row]]]] = [
    ({1, 2, 3}, segment.measure),
    ({4, 5}, window.measure),
    ({6}, window.measure_avx2),
    ({6}, window_fast.measure),
    ({7}, restore.measure),
    ({8}, components.measure),
    ({9}, clusters.measure),
    ({10}, nifti.measure),
    ({11}, start.measure),
    ({12, 13, 14, 15}, volume.measure),
    ({16, 17}, whole_body.measure),
    ({18}, cells.measure),
    ({19}, cells.measure_avx2),
    ({20, 21, 22, 23}, flows.measure),
]
