"""Time of MONAI's Invertd and arg-max for scores of a network at 1 mm back on slices of 512x384 at 0.78 mm: the peer of the
benchmark class_sampler. Run it with a Python that has MONAI and torch."""

from __future__ import annotations

import argparse
import statistics
import time

import monai
import numpy as np
import torch
from monai.data import MetaTensor
from monai.transforms import Compose, Invertd, Spacingd

CLASSES = 114


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slices", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    wanted = parser.parse_args()
    torch.set_num_threads(wanted.threads)
    image = MetaTensor(torch.rand(1, 512, 384, wanted.slices), affine=np.diag([0.78, 0.78, 3, 1.0]))
    forward = Compose([Spacingd("image", pixdim=(1, 1, -1), mode="bilinear")])
    data = forward({"image": image})
    scores = torch.rand(CLASSES, *data["image"].shape[1:])
    invert = Invertd("pred", forward, orig_keys="image", nearest_interp=False, to_tensor=True)
    seconds = []
    for _ in range(wanted.runs):
        data["pred"] = MetaTensor(scores.clone(), affine=data["image"].affine)
        start = time.perf_counter()
        labels = invert(data)["pred"].argmax(dim=0)
        seconds.append((time.perf_counter() - start) / wanted.slices)
    print(
        f"monai {monai.__version__}, torch {torch.__version__}, {wanted.threads} threads, {tuple(scores.shape)} to"
        f" {tuple(labels.shape)}: minimum {1000 * min(seconds):.0f}, median {1000 * statistics.median(seconds):.0f} ms a slice"
    )


if __name__ == "__main__":
    main()
