"""Keyword arguments have the defaults of the C++ interface."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import musclemap as mm
import numpy as np
import pytest
from musclemap import _core

CALLS: dict[str, list[tuple[Callable[..., object], dict[str, str]]]] = {
    "RunControl": [(mm.extract_metrics, {}), (mm.Segmenter.run, {}), (mm.measure, {}), (mm.write, {})],
    "ModelOpenOptions": [(mm.Segmenter, {})],
    "SegmentOptions": [(mm.Segmenter, {}), (mm.segment, {}), (mm.segment_file, {})],
    "TaskOptions": [(mm.Task, {}), (mm.segment, {})],
    "SegmentFileOptions": [(mm.Segmenter.run_file, {}), (mm.segment_file, {})],
    "TissueOptions": [(mm.TissueClassifier, {}), (mm.extract_metrics, {"method": ""})],
    "MeasureOptions": [(mm.measure, {})],
    "TableWriteOptions": [(mm.MetricsTable.to_csv, {}), (mm.extract_metrics, {})],
    "MetricsRequest": [(mm.extract_metrics, {"edits": "edits_file", "names": "names_file"})],
    "MontageOptions": [(mm.montage, {})],
    "NiftiWriteOptions": [(mm.write, {})],
    "CellMaskOptions": [(mm.cells.masks, {}), (mm.cells.segment, {"niter": "niter of a run"})],
    "CellModelOptions": [(mm.cells.CellModel, {}), (mm.cells.segment, {})],
    "CellEngineOptions": [(mm.cells.CellModel, {}), (mm.cells.segment, {})],
    "CellOptions": [(mm.cells.segment, {"normalize": "its own dict"})],
}
# What a caller leaves out, as Python says it.
NOTHING = {"roi_subset": None, "roi_subset_robust": None, "memory_budget": None, "columns": (), "region": None, "max_voxel_bytes": None, "anisotropy": None}


@pytest.mark.parametrize("struct", CALLS)
def test_defaults_are_those_of_cpp(struct: str) -> None:
    defaults = _core.option_defaults()[struct]
    compared = 0
    for call, renamed in CALLS[struct]:
        for name, parameter in inspect.signature(call).parameters.items():
            option = renamed.get(name, name)
            if option not in defaults or parameter.default is inspect.Parameter.empty:
                continue
            expected = NOTHING.get(option, defaults[option])
            assert parameter.default == expected, (call, name)
            compared += 1
    assert compared


def test_every_struct_is_compared() -> None:
    assert set(_core.option_defaults()) - {"NiftiReadOptions"} == set(CALLS)


def test_an_option_of_another_type_is_named() -> None:
    with pytest.raises(mm.ArgumentError, match="components is of the type str; a whole number"):
        mm.TissueClassifier(components="two")  # type: ignore[arg-type]
    with pytest.raises(mm.ArgumentError, match="stop is 'soon'; compat and converged are allowed"):
        mm.TissueClassifier(stop="soon")  # type: ignore[arg-type]
    with pytest.raises(mm.ArgumentError, match="width_px is 10; 800 to 8000 is allowed"):
        mm.montage(np.ones((4, 4, 4)), np.ones((4, 4, 4), "uint8"), width_px=10)
