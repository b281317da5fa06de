"""Label maps of `musclemap segment -m FOLDER` beside those of nnU-Net's own predictor, over small random networks.

    python bench/nnunet_predict.py --program build/release/bin/musclemap [--keep FOLDER] [--golden FOLDER] [CASE...]

Needs nnunetv2 2.8.1 (with torch, SimpleITK and nibabel) in the Python that runs it. Prints a line a case and mirroring:
the share of equal voxels and, among the others, the greatest gap between the score of the label that nnU-Net chose and
the one chosen here. Ends with status 1 where less than 99.99 % are equal or where a gap is no near tie; so do
probabilities that differ by more than 0.002 and files beside them of which nnU-Net makes another label map. With --golden
networks and images are smaller, and models, images and nnU-Net's label maps are what tests/golden/nnunet holds.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import io
import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nibabel
import numpy as np

for _name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
    os.environ.setdefault(_name, tempfile.gettempdir())

import torch
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor
from nnunetv2.utilities.get_network_from_plans import get_network_from_plans
from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

EQUAL_AT_LEAST = 0.9999
PROBABILITY_WITHIN = 2e-3
NEAR_TIE = 0.02  # of the scores' standard deviation; scores are summed in half precision
SHAPE = (38, 42, 35)
SMALL_SHAPE = (18, 20, 16)

LABELS = {"background": 0, "a": 1, "b": 2, "c": 3}
REGIONS = {"background": 0, "whole": [1, 2, 3], "core": [2, 3], "middle": 3}

# Axes of the arrays z, y, x; spacing_mm of the images along x, y, z.
DEFAULT: dict[str, Any] = {
    "network": "PlainConvUNet",
    "patch": [24, 24, 24],
    "spacing": [2.0, 2.0, 2.0],
    "schemes": ["CTNormalization"],
    "over_mask": False,
    "transpose": [0, 1, 2],
    "folds": 1,
    "labels": LABELS,
    "order": None,
    "reader": "SimpleITKIO",
    "image_spacing": (1.7, 1.8, 2.3),
    "axes": "oblique",
    "zeros": False,
    "features": [4, 6, 8],
    "shape": SHAPE,
    "previous": None,  # what the first network of a cascade has otherwise
}
CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "plain_lps": {"axes": "lps"},
    "residual": {"network": "ResidualEncoderUNet", "schemes": ["ZScoreNormalization"], "zeros": True},
    "over_mask": {"schemes": ["ZScoreNormalization"], "over_mask": True, "zeros": True},
    "rescale": {"schemes": ["RescaleTo01Normalization"], "axes": "lps"},
    "2d": {"patch": [32, 24], "spacing": [1.5, 1.5]},
    "2d_transposed": {"patch": [32, 24], "spacing": [1.5, 1.4], "transpose": [1, 0, 2]},
    "anisotropic": {"patch": [16, 24, 24], "spacing": [5.0, 1.5, 1.5], "image_spacing": (1.6, 1.6, 5.6)},
    "anisotropic_image": {"patch": [16, 24, 24], "spacing": [2.0, 2.0, 2.0], "image_spacing": (1.9, 1.9, 6.5)},
    "two_folds": {"folds": 2},
    "regions": {"labels": REGIONS, "order": [1, 2, 3]},
    "regions_order": {"labels": REGIONS, "order": [3, 1, 2]},
    "ignore": {"labels": {**LABELS, "ignore": 4}},
    "transposed": {"patch": [16, 24, 32], "spacing": [2.2, 2.0, 1.8], "transpose": [2, 0, 1]},
    "transposed_anisotropic": {
        "patch": [16, 24, 24],
        "spacing": [5.0, 1.5, 1.6],
        "image_spacing": (5.4, 1.7, 1.6),
        "transpose": [2, 0, 1],
    },
    "nibabel": {"reader": "NibabelIO", "axes": "lps"},
    "reoriented_lps": {"reader": "NibabelIOWithReorient", "axes": "lps"},
    "reoriented_permuted": {"reader": "NibabelIOWithReorient", "axes": "permuted", "patch": [16, 24, 32]},
    "reoriented_oblique": {"reader": "NibabelIOWithReorient"},
    "permuted": {"axes": "permuted", "patch": [16, 24, 32]},
    "cascade": {"previous": {"spacing": [4.1, 3.7, 3.9]}, "spacing": [2.1, 2.0, 1.9], "zeros": True},
    "cascade_regions": {"previous": {"spacing": [4.0, 4.0, 4.0]}, "labels": REGIONS, "order": [1, 2, 3]},
    "cascade_anisotropic": {
        "previous": {"spacing": [5.0, 3.0, 3.0]},
        "patch": [16, 24, 24],
        "spacing": [5.0, 1.5, 1.6],
        "image_spacing": (1.7, 1.6, 5.6),
        "transpose": [0, 2, 1],
    },
    "cascade_reoriented": {
        "previous": {"spacing": [4.0, 4.0, 4.0]},
        "reader": "NibabelIOWithReorient",
        "axes": "permuted",
        "patch": [16, 24, 32],
    },
}


def affine_of(axes: str, spacing: tuple[float, float, float]) -> np.ndarray:
    turn = np.eye(3)
    if axes == "lps":
        turn = np.diag([-1.0, -1.0, 1.0])
    elif axes == "permuted":  # voxel axes run along A, S, L
        turn = np.array([[0.0, 0.0, -1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    elif axes == "oblique":
        a, b = 0.3, -0.2
        turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]]) @ np.array(
            [[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]]
        )
        turn = turn @ np.diag([-1.0, 1.0, 1.0])
    affine = np.eye(4)
    affine[:3, :3] = turn * np.array(spacing)
    affine[:3, 3] = [13.0, -40.5, 77.25]
    return affine


def phantom(seed: int, zeros: bool, shape: tuple[int, int, int]) -> np.ndarray:
    """Balls, a slope and noise, in whole numbers; with `zeros` an empty border and a hole."""
    random = np.random.default_rng(seed)
    scale = min(shape) / min(SHAPE)
    x, y, z = np.meshgrid(*(np.arange(n) for n in shape), indexing="ij")
    image = 4.0 * x - 3.0 * y + 2.0 * z + random.normal(0, 25, shape)
    for _ in range(9):
        centre, radius = scale * random.uniform(5, 33, 3), scale * random.uniform(3, 9)
        inside = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 + (z - centre[2]) ** 2 < radius**2
        image[inside] += random.uniform(-250, 350)
    image = np.where(np.round(image) == 0, 1, np.round(image))
    if zeros:
        image[:4], image[:, -5:], image[:, :, :3] = 0, 0, 0
        hole = slice(int(15 * scale), int(20 * scale))
        image[hole, hole, hole] = 0
    return image.astype(np.int16)


def plans_of(case: dict[str, Any]) -> dict[str, Any]:
    axes = len(case["patch"])
    depths = "n_conv_per_stage" if case["network"] == "PlainConvUNet" else "n_blocks_per_stage"
    resampling = {"is_seg": False, "order_z": 0, "force_separate_z": None}
    forward = case["transpose"]
    configuration = {
        "data_identifier": "x",
        "preprocessor_name": "DefaultPreprocessor",
        "batch_size": 2,
        "patch_size": case["patch"],
        "spacing": case["spacing"],
        "median_image_size_in_voxels": [40.0] * axes,
        "normalization_schemes": case["schemes"],
        "use_mask_for_norm": [case["over_mask"]] * len(case["schemes"]),
        "resampling_fn_data": "resample_data_or_seg_to_shape",
        "resampling_fn_data_kwargs": {**resampling, "order": 3},
        "resampling_fn_seg": "resample_data_or_seg_to_shape",
        "resampling_fn_seg_kwargs": {**resampling, "is_seg": True, "order": 1},
        "resampling_fn_probabilities": "resample_data_or_seg_to_shape",
        "resampling_fn_probabilities_kwargs": {**resampling, "order": 1},
        "batch_dice": False,
        "architecture": {
            "network_class_name": f"dynamic_network_architectures.architectures.unet.{case['network']}",
            "arch_kwargs": {
                "n_stages": 3,
                "features_per_stage": case["features"],
                "conv_op": f"torch.nn.modules.conv.Conv{axes}d",
                "kernel_sizes": [[3] * axes] * 3,
                "strides": [[1] * axes, [2] * axes, [2] * axes],
                depths: [1, 1, 1],
                "n_conv_per_stage_decoder": [1, 1],
                "conv_bias": True,
                "norm_op": f"torch.nn.modules.instancenorm.InstanceNorm{axes}d",
                "norm_op_kwargs": {"eps": 1e-05, "affine": True},
                "dropout_op": None,
                "dropout_op_kwargs": None,
                "nonlin": "torch.nn.LeakyReLU",
                "nonlin_kwargs": {"inplace": True},
            },
            "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
        },
    }
    configurations = {"2d" if axes == 2 else "3d_fullres": configuration}
    if case["previous"]:
        first = {**configuration, **case["previous"]}
        configurations = {"3d_lowres": first, "3d_cascade_fullres": {**configuration, "previous_stage": "3d_lowres"}}
    ct = {"percentile_00_5": -200.0, "percentile_99_5": 320.0, "mean": 40.0, "std": 110.0}
    return {
        "dataset_name": "Dataset999_small",
        "plans_name": "nnUNetPlans",
        "original_median_spacing_after_transp": [2.0, 2.0, 2.0],
        "original_median_shape_after_transp": [40, 40, 40],
        "image_reader_writer": case["reader"],
        "transpose_forward": forward,
        "transpose_backward": [int(axis) for axis in np.argsort(forward)],
        "configurations": configurations,
        "experiment_planner_used": "ExperimentPlanner",
        "label_manager": "LabelManager",
        "foreground_intensity_properties_per_channel": {
            str(channel): copy.copy(ct) for channel in range(len(case["schemes"]))
        },
    }


def write_model(folder: Path, case: dict[str, Any]) -> Path:
    """Of a cascade the second network, with the first one beside it."""
    plans = plans_of(case)
    for name in plans["configurations"]:
        model = write_configuration(folder, case, plans, name)
    return model


def write_configuration(folder: Path, case: dict[str, Any], plans: dict[str, Any], name: str) -> Path:
    cascaded = len(case["labels"]) - 1 if "previous_stage" in plans["configurations"][name] else 0
    dataset: dict[str, Any] = {
        "channel_names": {
            str(c): "CT" if s == "CTNormalization" else "MR" for c, s in enumerate(case["schemes"])
        },
        "labels": case["labels"],
        "numTraining": 1,
        "file_ending": ".nii.gz",
    }
    if case["order"]:
        dataset["regions_class_order"] = case["order"]
    scores = len([each for each in case["labels"] if each != "ignore"]) - (1 if case["order"] else 0)
    model = folder / f"nnUNetTrainer__nnUNetPlans__{name}"
    model.mkdir(parents=True)
    (model / "plans.json").write_text(json.dumps(plans, indent=1))
    (model / "dataset.json").write_text(json.dumps(dataset, indent=1))
    architecture = plans["configurations"][name]["architecture"]
    for fold in range(case["folds"]):
        torch.manual_seed(11 + fold)
        network = get_network_from_plans(
            architecture["network_class_name"],
            architecture["arch_kwargs"],
            architecture["_kw_requires_import"],
            len(case["schemes"]) + cascaded,
            scores,
            allow_init=True,
            deep_supervision=True,
        )
        with torch.no_grad():
            for key, tensor in network.state_dict().items():
                if key.endswith("norm.weight"):
                    tensor.copy_(1 + 0.2 * torch.randn_like(tensor))
                elif key.endswith("seg_layers.1.weight"):  # no class leads by the features' means
                    tensor.copy_(torch.randn_like(tensor))
                    tensor -= tensor.mean(dim=1, keepdim=True)
                elif key.endswith("bias"):
                    tensor.copy_(0.2 * torch.randn_like(tensor))
        (model / f"fold_{fold}").mkdir()
        torch.save(
            {
                "network_weights": network.state_dict(),
                "trainer_name": "nnUNetTrainer",
                "init_args": {"configuration": name, "fold": fold},
                "inference_allowed_mirroring_axes": tuple(range(len(case["patch"]))),
            },
            model / f"fold_{fold}" / "checkpoint_final.pth",
        )
    return model


def write_images(folder: Path, case: dict[str, Any]) -> list[Path]:
    folder.mkdir(parents=True)
    files = []
    for channel in range(len(case["schemes"])):
        image = nibabel.Nifti1Image(
            phantom(3 + channel, case["zeros"], case["shape"]), affine_of(case["axes"], case["image_spacing"])
        )
        image.header.set_xyzt_units("mm")
        image.set_qform(image.affine, 1)
        image.set_sform(image.affine, 1)
        files.append(folder / f"case_{channel:04d}.nii.gz")
        nibabel.save(image, files[-1])
    return files


def judged(model: Path, images: list[Path], out: Path, mirroring: bool) -> tuple[np.ndarray, np.ndarray]:
    """nnU-Net's label map and its probabilities [class][x][y][z]."""
    with contextlib.redirect_stdout(io.StringIO()):
        return predicted(model, images, out, mirroring)


def predicted(model: Path, images: list[Path], out: Path, mirroring: bool) -> tuple[np.ndarray, np.ndarray]:
    predictor = nnUNetPredictor(
        tile_step_size=0.5,
        use_gaussian=True,
        use_mirroring=mirroring,
        perform_everything_on_device=False,
        device=torch.device("cpu"),
        verbose=False,
        verbose_preprocessing=False,
        allow_tqdm=False,
    )
    predictor.initialize_from_trained_model_folder(str(model), None, "checkpoint_final.pth")
    previous = predictor.configuration_manager.previous_stage_name
    if previous:
        before = out.parent / "previous" / "case"  # by the name of the images
        before.parent.mkdir(exist_ok=True)
        predicted(model.with_name(f"nnUNetTrainer__nnUNetPlans__{previous}"), images, before, mirroring)
    predictor.predict_from_files_sequential(
        [[str(each) for each in images]],
        [str(out)],
        save_probabilities=True,
        overwrite=True,
        folder_with_segs_from_prev_stage=str(out.parent / "previous") if previous else None,
    )
    probabilities = np.load(f"{out}.npz")["probabilities"]
    return np.asarray(nibabel.load(f"{out}.nii.gz").dataobj), probabilities.transpose(0, 3, 2, 1)


def ours(program: str, model: Path, images: list[Path], out: Path, mirroring: bool) -> np.ndarray:
    command = [program, "segment", "-m", str(model), "-i", ",".join(map(str, images)), "-o", str(out), "-q"]
    command += ["--use_mirroring"] * mirroring + ["--threads", "1", "--save_probabilities", f"{kept(out)}.npz"]
    subprocess.run(command, check=True)
    return np.asarray(nibabel.load(out).dataobj)


def kept(labels: Path) -> Path:
    """Where probabilities lie beside a label map, without the ending."""
    return labels.with_name(labels.name.removesuffix(".nii.gz"))


def files_differ(case: dict[str, Any], model: Path, theirs: Path, mine: Path) -> list[str]:
    """What is wrong with the files of probabilities beside a label map; theirs without the ending."""
    wrong = []
    with np.load(f"{theirs}.npz") as of_nnunet, np.load(f"{kept(mine)}.npz") as own:
        found, wanted = own["probabilities"], of_nnunet["probabilities"]
    if found.shape != wanted.shape or found.dtype != wanted.dtype:
        return [f"array {found.shape} {found.dtype} in place of {wanted.shape} {wanted.dtype}"]
    if (apart := float(np.abs(found - wanted).max())) > PROBABILITY_WITHIN:
        wrong.append(f"probabilities {apart:.5f} apart")
    facts, wanted_facts = (pickle.loads(Path(f"{stem}.pkl").read_bytes()) for stem in (kept(mine), theirs))
    wanted_facts.pop("class_locations", None)  # of a cascade: where training would sample labels
    for key, value in wanted_facts.items():
        for name, of_nnunet in value.items() if isinstance(value, dict) else [(None, value)]:
            own = facts[key] if name is None else facts[key][name]
            if isinstance(own, str) and own == of_nnunet:
                continue
            if isinstance(own, str) or not np.allclose(own, of_nnunet, rtol=1e-6, atol=1e-4):
                wrong.append(f"{key} {name or ''} is {own} in place of {of_nnunet}")
    plans = PlansManager(str(model / "plans.json"))
    manager = plans.get_label_manager(json.loads((model / "dataset.json").read_text()))
    again = mine.with_name("again.nii.gz")
    labels = manager.convert_probabilities_to_segmentation(found)
    with contextlib.redirect_stdout(io.StringIO()):
        plans.image_reader_writer_class().write_seg(labels, str(again), facts)
    written, own_map = nibabel.load(again), nibabel.load(mine)
    if not (written.get_fdata() == own_map.get_fdata()).all() or not np.allclose(
        written.affine, own_map.affine, atol=1e-3
    ):
        wrong.append("nnU-Net makes another label map of them")
    return wrong


def to_ras(array: np.ndarray, affine: np.ndarray) -> np.ndarray:
    return nibabel.orientations.apply_orientation(array, nibabel.io_orientation(affine))


def gaps(case: dict[str, Any], scores: np.ndarray, theirs: np.ndarray, mine: np.ndarray) -> np.ndarray:
    """How far from a tie the voxels are that differ, in probability."""
    differs = theirs != mine
    if case["order"]:
        return np.abs(scores[:, differs] - 0.5).min(axis=0)
    scores = scores[:, differs]
    take = np.arange(scores.shape[1])
    return np.abs(scores[theirs[differs].astype(int), take] - scores[mine[differs].astype(int), take])


def smaller(case: dict[str, Any]) -> dict[str, Any]:
    return {**case, "features": [2, 3, 4], "shape": SMALL_SHAPE, "patch": [n // 2 for n in case["patch"]]}


def keep_golden(case: Path, golden: Path) -> None:
    """Models, images and nnU-Net's label maps of a case."""
    for pattern in ("nnUNet*/*.json", "nnUNet*/fold_*/*.pth", "images/*", "theirs_*.nii.gz"):
        for file in case.glob(pattern):
            kept = golden / case.name / file.relative_to(case)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, kept)


def compared(program: str, name: str, root: Path, golden: Path | None) -> bool:
    case = {**DEFAULT, **CASES[name]}
    case = smaller(case) if golden else case
    model = write_model(root / name, case)
    images = write_images(root / name / "images", case)
    affine = nibabel.load(images[0]).affine
    good = True
    for mirroring in (False, True):
        tag = "mirrored" if mirroring else "plain"
        theirs, scores = judged(model, images, root / name / f"theirs_{tag}", mirroring)
        try:
            mine = ours(program, model, images, root / name / f"ours_{tag}.nii.gz", mirroring)
        except subprocess.CalledProcessError:
            print(f"{name:24} {tag:9} FAILED", flush=True)
            good = False
            continue
        for line in files_differ(case, model, root / name / f"theirs_{tag}", root / name / f"ours_{tag}.nii.gz"):
            print(f"{name:24} {tag:9} {line}", flush=True)
            good = False
        if case["reader"] == "NibabelIOWithReorient":
            theirs, mine = to_ras(theirs, affine), to_ras(mine, affine)
        equal = float((theirs == mine).mean())
        gap = gaps(case, scores, theirs, mine).max(initial=0)
        fine = equal >= EQUAL_AT_LEAST and gap < NEAR_TIE
        counts = np.bincount(theirs.ravel().astype(int)) / theirs.size
        print(
            f"{name:24} {tag:9} equal {100 * equal:9.5f} %  differ {int((theirs != mine).sum()):6d}"
            f"  gap {gap:.5f}  shares {np.round(counts, 2).tolist()}{'' if fine else '  DIFFERS'}",
            flush=True,
        )
        good = good and fine
    if golden:
        keep_golden(root / name, golden)
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="the program musclemap")
    parser.add_argument("--keep", type=Path, help="an empty folder for models, images and label maps")
    parser.add_argument("--golden", type=Path, help="a folder for small cases that a test compares with")
    parser.add_argument("cases", nargs="*", help=f"of {', '.join(CASES)} (default: all)")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as scratch:
        root = chosen.keep or Path(scratch)
        good = [compared(chosen.program, name, root, chosen.golden) for name in chosen.cases or CASES]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
