"""Folders that nnU-Net has trained give the label maps of its own predictor (bench/nnunet_predict.py --golden)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, Run
from nifti_file import read_nifti

GOLDEN = ROOT / "tests" / "golden" / "nnunet"
CASES = sorted(folder.name for folder in GOLDEN.iterdir())
# Scores that nearly tie may fall the other way where instructions round otherwise.
MOST_OTHERS = 0.001


@pytest.mark.parametrize("mirroring", ["plain", "mirrored"])
@pytest.mark.parametrize("case", CASES)
def test_label_map_of_nnunet(run: Run, case: str, mirroring: str, tmp_path: Path) -> None:
    model = min((GOLDEN / case).glob("nnUNet*"))  # of a cascade the second network, 3d_cascade_fullres
    images = ",".join(map(str, sorted((GOLDEN / case / "images").iterdir())))
    out = tmp_path / "out.nii.gz"
    options = ["--use_mirroring"] if mirroring == "mirrored" else []
    result = run("musclemap", "segment", "-m", model, "-i", images, "-o", out, *options)
    if "LibTorch was not found" in result.err or "engine module" in result.err:
        pytest.skip("networks in space need LibTorch")
    assert result.status == 0, result.err
    wanted = read_nifti(GOLDEN / case / f"theirs_{mirroring}.nii.gz")[1]
    found = read_nifti(out)[1]
    assert len(np.unique(wanted)) > 2
    assert found.shape == wanted.shape
    assert (found != wanted).mean() <= MOST_OTHERS
