"""A picture to a file of masks by Cellpose 3 as VLabApp calls it: a whole process."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np
import tifffile
import torch
from bioio_ome_tiff.writers import OmeTiffWriter
from cellpose import models

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--picture", type=Path, required=True)
parser.add_argument("--model", type=Path, required=True)
parser.add_argument("--out", type=Path, required=True)
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()

logging.disable(logging.INFO)
torch.set_num_threads(options.threads)
picture = tifffile.imread(options.picture)
model = models.CellposeModel(gpu=False, pretrained_model=str(options.model))
masks, _, _ = model.eval(picture, channels=[0, 0])
OmeTiffWriter.save(masks[np.newaxis].astype(np.uint16), options.out, dim_order="TYX")
