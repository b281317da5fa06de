"""Scores of a resampled volume to labels on the image's grid by MONAI's transforms, as the reference chains them."""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import monai
import numpy as np
import torch
from monai.data import MetaTensor
from monai.transforms import (
    AsDiscreted,
    Compose,
    CropForegroundd,
    EnsureChannelFirstd,
    EnsureTyped,
    Invertd,
    LoadImaged,
    NormalizeIntensityd,
    Orientationd,
    Spacingd,
    SpatialPadd,
)
from serve import serve

warnings.filterwarnings("ignore")  # of one MONAI argument about another
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--image", type=Path, required=True)
parser.add_argument("--classes", type=int, required=True)
parser.add_argument("--scores", type=Path, required=True, help="file for the scores that are made")
parser.add_argument("--labels", type=Path)
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()

torch.set_num_threads(options.threads)
forward = Compose(
    [
        LoadImaged(keys=["image"], image_only=False),
        EnsureChannelFirstd(keys=["image"]),
        Orientationd(keys=["image"], axcodes="RAS"),
        Spacingd(keys=["image"], pixdim=(1, 1, -1), mode="bilinear"),
        NormalizeIntensityd(keys=["image"], nonzero=True),
        CropForegroundd(keys=["image"], source_key="image", margin=20),
        SpatialPadd(keys=["image"], spatial_size=(256, 256, 1), method="end", mode="constant"),
        EnsureTyped(keys=["image"]),
    ]
)
backward = Compose(
    [
        Invertd(
            keys="pred",
            transform=forward,
            orig_keys="image",
            meta_keys="pred_meta_dict",
            orig_meta_keys="image_meta_dict",
            meta_key_postfix="meta_dict",
            nearest_interp=False,
            to_tensor=True,
            device=torch.device("cpu"),
        ),
        AsDiscreted(keys="pred", argmax=True),
    ]
)
prepared = forward({"image": str(options.image)})
shape = tuple(prepared["image"].shape[1:])
scores = np.random.default_rng(1).standard_normal((options.classes, *shape), np.float32)
scores.tofile(options.scores)
values = {index: 1000 + 10 * index for index in range(1, options.classes)}


def restore() -> torch.Tensor:
    data = dict(prepared)
    data["pred"] = MetaTensor(torch.from_numpy(scores), meta=prepared["image"].meta)
    labels = backward(data)["pred"].squeeze(0)
    out = labels.clone()
    for index, value in values.items():  # as the reference remaps
        out[labels == index] = value
    return out


with torch.inference_mode():
    if options.labels:
        restore().numpy().astype(np.int16).tofile(options.labels)
    serve({"name": f"monai {monai.__version__}", "threads": torch.get_num_threads(), "shape": shape}, restore)
