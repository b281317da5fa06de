"""Writes cases.json: what pyradiomics finds in masks that are made by a rule, with TotalSegmentator's settings.

    python3 run_reference.py [DATA]

Needs pyradiomics 3.0.1, SimpleITK, nibabel and numpy. DATA is the folder of TotalSegmentator's examples; without it the
cases of real labels are left out. ../radiomics_test.cpp makes the same masks.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
from numpy.typing import NDArray
from radiomics import featureextractor

Case = dict[str, Any]
Array = NDArray[Any]
SHAPE = [24, 20, 18]


def affine(spacing: list[float], origin: list[float], turn: float = 0.0, flips: str = "") -> list[float]:
    """Axes turned about z and then y by as many radians, some of them reversed."""
    c, s = np.cos(turn), np.sin(turn)
    rotation = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    matrix = np.eye(4)
    matrix[:3, :3] = rotation * [-mm if axis in flips else mm for axis, mm in zip("ijk", spacing)]
    matrix[:3, 3] = origin
    return [float(number) for number in matrix.astype(np.float32).ravel()]


def ball(centre: list[float], radii: list[float]) -> Case:
    return {"kind": "ball", "centre": centre, "radii": radii}


def case(name: str, mask: list[Case], spacing: list[float], **more: Any) -> Case:
    origin = more.pop("origin", [-31.4, 12.7, 100.3])
    turn, flips = more.pop("turn", 0.0), more.pop("flips", "")
    return {
        "name": name,
        "shape": more.pop("shape", SHAPE),
        "affine": affine(spacing, origin, turn, flips),
        "image": {"dtype": "i16", "base": -200, "noise": 400, "slope": [7, -3, 5], **more},
        "mask": mask,
    }


BIG = ball([11.3, 9.6, 8.2], [8, 6.5, 6])
CASES = [
    case("ball, 3 mm", [BIG], [3, 3, 3]),
    case("ball, 1.5 mm", [BIG], [1.5, 1.5, 1.5]),
    case("ball, 1 mm, flipped", [BIG], [1, 1, 1], flips="ij"),
    case("ball, 0.75 x 0.75 x 5 mm", [BIG], [0.75, 0.75, 5]),
    case("ball, 0.7 x 0.9 x 2.5 mm, oblique", [BIG], [0.7, 0.9, 2.5], turn=0.3),
    case("box, 2 mm", [{"kind": "box", "begin": [3, 4, 5], "end": [15, 12, 13]}], [2, 2, 2]),
    case("box at the border, 1.5 mm", [{"kind": "box", "begin": [0, 0, 0], "end": [9, 20, 6]}], [1.5, 1.5, 1.5]),
    case("box at the far border, 5 mm", [{"kind": "box", "begin": [14, 8, 9], "end": [24, 20, 18]}], [5, 5, 5]),
    case("one slice, 1 mm", [{"kind": "box", "begin": [3, 4, 7], "end": [21, 16, 8]}], [1, 1, 1]),
    case("one slice of a ball, 3 x 3 x 5 mm", [ball([11.3, 9.6, 8], [8, 6.5, 0.5])], [3, 3, 5]),
    case("one voxel, 3 mm", [{"kind": "box", "begin": [5, 5, 5], "end": [6, 6, 6]}], [3, 3, 3]),
    case("a line, 1 mm", [{"kind": "box", "begin": [2, 5, 5], "end": [20, 6, 6]}], [1, 1, 1]),
    case("lost between samples, 1 mm", [{"kind": "box", "begin": [5, 5, 5], "end": [6, 7, 7]}], [1, 1, 1]),
    case("balls, 2.5 mm", [BIG, ball([3, 15, 14], [3, 3, 3]), ball([20, 4, 3.5], [2, 4, 3])], [2.5, 2.5, 2.5]),
    case("noise, 3 mm", [{"kind": "noise", "percent": 45, "seed": 5}], [3, 3, 3]),
    case("noise, 2 mm, float", [{"kind": "noise", "percent": 30, "seed": 9}], [2, 2, 2], dtype="f32"),
    case("flat image, 1.5 mm", [BIG], [1.5, 1.5, 1.5], base=75, noise=1, slope=[0, 0, 0]),
    case("ball, 6 mm, float", [BIG], [6, 6, 6], dtype="f32", base=0, noise=3),
    case("ball, 0.9765625 x 0.9765625 x 1.25 mm", [BIG], [0.9765625, 0.9765625, 1.25], flips="k"),
    case("thin image, 2 mm", [{"kind": "box", "begin": [4, 4, 0], "end": [20, 15, 2]}], [2, 2, 2], shape=[24, 20, 2]),
    case("the whole image, 3 mm", [{"kind": "box", "begin": [0, 0, 0], "end": [4, 4, 4]}], [3, 3, 3], shape=[4, 4, 4]),
]
EXAMPLE_LABELS = [5, 10, 15, 51, 52, 79, 92]


def hashed(count: int, seed: int) -> Array:
    """Numbers from 0 to 65535 that look random."""
    place = np.arange(count, dtype=np.uint64) + np.uint64(seed * 7919)
    return ((place * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)) >> np.uint64(16)


def image_of(made: Case) -> Array:
    ni, nj, nk = made["shape"]
    rule = made["image"]
    noise = (hashed(ni * nj * nk, 1) % rule["noise"]).reshape(nk, nj, ni).transpose(2, 1, 0)
    i, j, k = np.indices(made["shape"])
    values = rule["base"] + noise.astype(np.float64) + sum(s * n for s, n in zip(rule["slope"], (i, j, k)))
    return values.astype(np.int16) if rule["dtype"] == "i16" else (values + 0.25).astype(np.float32)


def mask_of(made: Case) -> Array:
    ni, nj, nk = made["shape"]
    place = np.indices(made["shape"]).astype(np.float64)
    mask = np.zeros(made["shape"], bool)
    for part in made["mask"]:
        if part["kind"] == "ball":
            parts = zip(place, part["centre"], part["radii"])
            mask |= sum(((at - centre) / radius) ** 2 for at, centre, radius in parts) <= 1
        elif part["kind"] == "box":
            (i, j, k), (a, b, c) = part["begin"], part["end"]
            mask[i:a, j:b, k:c] = True
        else:
            noise = hashed(ni * nj * nk, part["seed"]) % 100 < part["percent"]
            mask |= noise.reshape(nk, nj, ni).transpose(2, 1, 0)
    return mask.astype(np.uint8)


def features(extractor: featureextractor.RadiomicsFeatureExtractor, image: Path, mask: Path) -> list[float]:
    """Empty where TotalSegmentator writes zeros."""
    if len(np.unique(nib.load(mask).get_fdata())) < 2:
        return []
    try:
        found = extractor.execute(str(image), str(mask))
    except Exception as error:
        print(f"{mask.name}: {error}")
        return []
    return [float(value) for name, value in found.items() if name.startswith("original_")]


def main(data: Path | None) -> None:
    logging.getLogger("radiomics").setLevel(logging.CRITICAL)
    extractor = featureextractor.RadiomicsFeatureExtractor(resampledPixelSpacing=[3, 3, 3], geometryTolerance=1e-3)
    extractor.disableAllFeatures()
    extractor.enableFeatureClassByName("shape")
    extractor.enableFeatureClassByName("firstorder")
    with tempfile.TemporaryDirectory() as folder:
        image, mask = Path(folder) / "image.nii", Path(folder) / "mask.nii"
        for made in CASES:
            matrix = np.array(made["affine"]).reshape(4, 4)
            nib.save(nib.Nifti1Image(image_of(made), matrix), image)
            nib.save(nib.Nifti1Image(mask_of(made), matrix), mask)
            made["features"] = features(extractor, image, mask)
        examples = {}
        for label in EXAMPLE_LABELS if data else []:
            labels = nib.load(data / "example_seg_fast.nii.gz")
            found = (np.asarray(labels.dataobj) == label).astype(np.uint8)
            nib.save(nib.Nifti1Image(found, labels.affine), mask)
            examples[str(label)] = features(extractor, data / "example_ct_sm.nii.gz", mask)
    lines = ",\n".join(json.dumps(made) for made in CASES)
    text = f'{{"cases": [\n{lines}],\n"examples": {json.dumps(examples)}}}\n'
    (Path(__file__).parent / "cases.json").write_text(text, encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
