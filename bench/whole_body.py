"""Time and memory of `totalsegmentator` with networks of the published sizes and random weights.

Usage: whole_body.py PROGRAM [--fast] [--millimetres N] [--threads N]; needs Python's torch, NumPy and nibabel.
The networks are nnU-Net's plain U-Nets of TotalSegmentator's plans (features 32 to 320, two convolutions a stage),
weights normal with a deviation of 0.05, one fold each. The image is a cube of noise at the network's voxel size. What a
run takes beside its engine is its peak less that of a run on a cube of 16 voxels, which is one padded window.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nibabel
import numpy
import torch

FAST = {297: ("Dataset297_TotalSegmentator_total_3mm_1559subj", 118)}
FULL = {
    291: ("Dataset291_TotalSegmentator_part1_organs_1559subj", 25),
    292: ("Dataset292_TotalSegmentator_part2_vertebrae_1532subj", 27),
    293: ("Dataset293_TotalSegmentator_part3_cardiac_1559subj", 19),
    294: ("Dataset294_TotalSegmentator_part4_muscles_1559subj", 24),
    295: ("Dataset295_TotalSegmentator_part5_ribs_1559subj", 27),
}
CT = {"percentile_00_5": -1004.0, "percentile_99_5": 1588.0, "mean": -50.0, "std": 503.0}


def state_dict(features, classes, random):
    weights = {}

    def add(name, *shape):
        weights[name] = torch.empty(shape).normal_(0, 0.05, generator=random)

    def block(name, inputs, outputs):
        add(f"{name}.conv.weight", outputs, inputs, 3, 3, 3)
        for part in ("conv.bias", "norm.weight", "norm.bias"):
            add(f"{name}.{part}", outputs)

    inputs = 1
    for stage, outputs in enumerate(features):
        for number in range(2):
            block(f"encoder.stages.{stage}.0.convs.{number}", outputs if number else inputs, outputs)
        inputs = outputs
    for stage, outputs in enumerate(reversed(features[:-1])):
        below = features[-1 - stage]
        for number in range(2):
            block(f"decoder.stages.{stage}.convs.{number}", outputs if number else 2 * outputs, outputs)
        add(f"decoder.transpconvs.{stage}.weight", below, outputs, 2, 2, 2)
        add(f"decoder.transpconvs.{stage}.bias", outputs)
        add(f"decoder.seg_layers.{stage}.weight", classes, outputs, 1, 1, 1)
        add(f"decoder.seg_layers.{stage}.bias", classes)
    return weights


def resampling(order, order_z, segmentation):
    return {"is_seg": segmentation, "order": order, "order_z": order_z, "force_separate_z": None}


def plans_of(stages, patch, spacing):
    function = "resample_data_or_seg_to_shape"
    return {
        "dataset_name": "random",
        "plans_name": "nnUNetPlans",
        "transpose_forward": [0, 1, 2],
        "transpose_backward": [0, 1, 2],
        "image_reader_writer": "NibabelIO",
        "foreground_intensity_properties_per_channel": {"0": CT},
        "configurations": {
            "3d_fullres": {
                "patch_size": patch,
                "spacing": [spacing] * 3,
                "normalization_schemes": ["CTNormalization"],
                "use_mask_for_norm": [False],
                "UNet_class_name": "PlainConvUNet",
                "UNet_base_num_features": 32,
                "unet_max_num_features": 320,
                "n_conv_per_stage_encoder": [2] * stages,
                "n_conv_per_stage_decoder": [2] * (stages - 1),
                "num_pool_per_axis": [stages - 1] * 3,
                "pool_op_kernel_sizes": [[1, 1, 1]] + [[2, 2, 2]] * (stages - 1),
                "conv_kernel_sizes": [[3, 3, 3]] * stages,
                "resampling_fn_data": function,
                "resampling_fn_seg": function,
                "resampling_fn_probabilities": function,
                "resampling_fn_data_kwargs": resampling(3, 0, False),
                "resampling_fn_seg_kwargs": resampling(1, 0, True),
                "resampling_fn_probabilities_kwargs": resampling(1, 0, False),
            }
        },
    }


def write_network(folder, trainer, stages, patch, spacing, classes, seed):
    own = folder / f"{trainer}__nnUNetPlans__3d_fullres"
    (own / "fold_0").mkdir(parents=True)
    labels = {"background": 0, **{f"class_{n}": n for n in range(1, classes)}}
    dataset = {"channel_names": {"0": "CT"}, "labels": labels, "file_ending": ".nii.gz"}
    (own / "dataset.json").write_text(json.dumps(dataset))
    (own / "plans.json").write_text(json.dumps(plans_of(stages, patch, spacing)))
    features = [min(320, 32 * 2**stage) for stage in range(stages)]
    weights = state_dict(features, classes, torch.Generator().manual_seed(seed))
    torch.save({"network_weights": weights, "trainer_name": trainer}, own / "fold_0/checkpoint_final.pth")


def run(program, image, folder, arguments, threads):
    environment = {**os.environ, "TOTALSEG_WEIGHTS_PATH": str(folder)}
    begin = time.monotonic()
    command = [*program, "-i", image, "-o", folder / "labels.nii.gz", "--ml", "-d", "cpu", *arguments]
    process = subprocess.Popen([*map(str, command), "--threads", str(threads)], env=environment)
    _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit("the run has failed")
    return time.monotonic() - begin, used.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", nargs="+")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--millimetres", type=float, default=333)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    networks, stages, patch, spacing, trainer = (
        (FAST, 5, [112, 112, 128], 3.0, "nnUNetTrainer_4000epochs_NoMirroring")
        if given.fast
        else (FULL, 6, [128, 128, 128], 1.5, "nnUNetTrainerNoMirroring")
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for number, (name, classes) in networks.items():
            write_network(folder / name, trainer, stages, patch, spacing, classes, number)
        peaks = {}
        for voxels in (16, round(given.millimetres / spacing)):
            noise = numpy.random.default_rng(0).normal(0, 300, (voxels,) * 3).astype(numpy.int16)
            image = folder / "image.nii.gz"
            nibabel.Nifti1Image(noise, numpy.diag([spacing] * 3 + [1])).to_filename(image)
            seconds, peaks[voxels] = run(given.program, image, folder, ["--fast"] * given.fast, given.threads)
            print(f"{voxels}^3 voxels: {seconds:.1f} s, peak {peaks[voxels]:.0f} MB", flush=True)
        small, large = peaks.values()
        print(f"beside the engine: {large - small:.0f} MB")


if __name__ == "__main__":
    main()
