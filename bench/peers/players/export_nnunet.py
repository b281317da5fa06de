"""Scores of a volume to a label map by nnU-Net's own functions: resampling where the grid changes, arg-max, crop."""

from __future__ import annotations

import argparse
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from serve import cannot, serve

try:
    from nnunetv2.inference.export_prediction import (
        convert_predicted_logits_to_segmentation_with_correct_shape as export,
    )
    from nnunetv2.utilities.label_handling.label_handling import LabelManager
    from nnunetv2.utilities.plans_handling.plans_handler import ConfigurationManager
except ImportError as error:
    cannot(error)


def sizes(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--classes", type=int, required=True)
parser.add_argument("--from", type=sizes, required=True, dest="source", help="Z,Y,X of the scores")
parser.add_argument("--to", type=sizes, required=True, help="Z,Y,X of the label map")
parser.add_argument("--scores", type=Path, required=True, help="float16, [class][z][y][x]")
parser.add_argument("--labels", type=Path, help="file for the label map, uint8")
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()

scores = torch.from_numpy(np.fromfile(options.scores, np.float16).reshape(options.classes, *options.source))
configuration = ConfigurationManager(
    {
        "architecture": {},
        "spacing": [3.0, 3.0, 3.0],
        "resampling_fn_probabilities": "resample_data_or_seg_to_shape",
        "resampling_fn_probabilities_kwargs": {
            "is_seg": False,
            "order": 1,
            "order_z": 0,
            "force_separate_z": None,
        },
    }
)
labels = LabelManager({"background": 0, **{f"class {c}": c for c in range(1, options.classes)}}, None)
plans = SimpleNamespace(transpose_forward=[0, 1, 2], transpose_backward=[0, 1, 2])
spacing = [3.0 * a / b for a, b in zip(options.source, options.to, strict=True)]
properties = {
    "spacing": spacing,
    "shape_after_cropping_and_before_resampling": options.to,
    "shape_before_cropping": options.to,
    "bbox_used_for_cropping": [[0, size] for size in options.to],
}


def work() -> None:
    made = export(scores, plans, configuration, labels, properties, num_threads_torch=options.threads)
    if options.labels:
        made.astype(np.uint8).tofile(options.labels)


serve({"name": "nnU-Net", "threads": options.threads}, work)
