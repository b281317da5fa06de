"""Sizes of TotalSegmentator's networks of CT, nnU-Net's plain U-Nets, and their plans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

WIDEST = 320  # features
CT = {"percentile_00_5": -1004.0, "percentile_99_5": 1588.0, "mean": -50.0, "std": 503.0}


@dataclass(frozen=True)
class Network:
    """Features double from stage to stage, every stage but the first halves all axes."""

    folder: str  # of the data set
    trainer: str
    classes: int
    stages: int
    patch: tuple[int, int, int]  # z, y, x
    spacing_mm: float
    features: int = 32  # of the first stage

    @property
    def number(self) -> int:
        return int(self.folder.removeprefix("Dataset")[:3])

    def all_features(self) -> list[int]:
        return [min(WIDEST, self.features * 2**stage) for stage in range(self.stages)]

    def narrow(self, features: int) -> Network:
        """For trials."""
        return replace(self, features=features)


def _part(folder: str, classes: int) -> Network:
    return Network(folder, "nnUNetTrainerNoMirroring", classes, 6, (128, 128, 128), 1.5)


FAST = Network(
    "Dataset297_TotalSegmentator_total_3mm_1559subj",
    "nnUNetTrainer_4000epochs_NoMirroring",
    118,
    5,
    (112, 112, 128),
    3.0,
)
PARTS = (
    _part("Dataset291_TotalSegmentator_part1_organs_1559subj", 25),
    _part("Dataset292_TotalSegmentator_part2_vertebrae_1532subj", 27),
    _part("Dataset293_TotalSegmentator_part3_cardiac_1559subj", 19),
    _part("Dataset294_TotalSegmentator_part4_muscles_1559subj", 24),
    _part("Dataset295_TotalSegmentator_part5_ribs_1559subj", 27),
)


def _resampling(order: int, segmentation: bool) -> dict[str, Any]:
    return {"is_seg": segmentation, "order": order, "order_z": 0, "force_separate_z": None}


def plans_of(network: Network) -> dict[str, Any]:
    """In the older of nnU-Net's two forms, as TotalSegmentator's are."""
    function = "resample_data_or_seg_to_shape"
    stages = network.stages
    spacing = [network.spacing_mm] * 3
    return {
        "dataset_name": network.folder,
        "plans_name": "nnUNetPlans",
        "original_median_spacing_after_transp": spacing,
        "original_median_shape_after_transp": list(network.patch),
        "image_reader_writer": "NibabelIO",
        "transpose_forward": [0, 1, 2],
        "transpose_backward": [0, 1, 2],
        "experiment_planner_used": "ExperimentPlanner",
        "label_manager": "LabelManager",
        "foreground_intensity_properties_per_channel": {"0": CT},
        "configurations": {
            "3d_fullres": {
                "data_identifier": "nnUNetPlans_3d_fullres",
                "preprocessor_name": "DefaultPreprocessor",
                "batch_size": 2,
                "patch_size": list(network.patch),
                "median_image_size_in_voxels": list(network.patch),
                "spacing": spacing,
                "normalization_schemes": ["CTNormalization"],
                "use_mask_for_norm": [False],
                "UNet_class_name": "PlainConvUNet",
                "UNet_base_num_features": network.features,
                "unet_max_num_features": WIDEST,
                "n_conv_per_stage_encoder": [2] * stages,
                "n_conv_per_stage_decoder": [2] * (stages - 1),
                "num_pool_per_axis": [stages - 1] * 3,
                "pool_op_kernel_sizes": [[1, 1, 1]] + [[2, 2, 2]] * (stages - 1),
                "conv_kernel_sizes": [[3, 3, 3]] * stages,
                "resampling_fn_data": function,
                "resampling_fn_seg": function,
                "resampling_fn_probabilities": function,
                "resampling_fn_data_kwargs": _resampling(3, False),
                "resampling_fn_seg_kwargs": _resampling(1, True),
                "resampling_fn_probabilities_kwargs": _resampling(1, False),
                "batch_dice": False,
            }
        },
    }


def model_folder(weights: Path, network: Network) -> Path:
    return weights / network.folder / f"{network.trainer}__nnUNetPlans__3d_fullres"
