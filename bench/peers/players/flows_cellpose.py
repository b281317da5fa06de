"""Flows of cells to where pixels end, or to masks, by Cellpose 3's own functions."""

from __future__ import annotations

import argparse
import importlib.metadata
import logging
from pathlib import Path

import numpy as np
import torch
from cellpose import dynamics
from serve import serve

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--flows", type=Path, required=True)
parser.add_argument("--cellprob", type=Path, required=True)
parser.add_argument("--side", type=int, required=True)
parser.add_argument("--result", type=Path, required=True)
parser.add_argument("--positions", action="store_true")
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()

logging.disable(logging.INFO)
torch.set_num_threads(options.threads)  # of what it does with torch: seeds
flows = np.fromfile(options.flows, np.float32).reshape(2, options.side, options.side)
cellprob = np.fromfile(options.cellprob, np.float32).reshape(options.side, options.side)


def positions() -> np.ndarray:
    inside = cellprob > 0
    return dynamics.follow_flows(flows * inside / 5.0, np.nonzero(inside), niter=200)


def masks() -> np.ndarray:
    return dynamics.resize_and_compute_masks(flows, cellprob)


work = positions if options.positions else masks
work().astype(np.float32 if options.positions else np.uint32).tofile(options.result)
about = {"name": f"Cellpose {importlib.metadata.version('cellpose')}", "threads": options.threads}
serve(about, work)
