"""One window through torch, eager; also what it is in double precision, and the network as an ONNX file."""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import torch
from network import network, window
from serve import serve

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--model", type=Path, required=True)
parser.add_argument("--image", type=Path, required=True)
parser.add_argument("--logits", type=Path)
parser.add_argument("--exact", type=Path, help="file for logits in double precision")
parser.add_argument("--onnx", type=Path, help="file for the network")
parser.add_argument("--channels-last", action="store_true")
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()

torch.set_num_threads(options.threads)
unet, image = network(options.model), window(options.image, options.model)
with torch.inference_mode():
    if options.exact:
        network(options.model).double()(image.double()).numpy().tofile(options.exact)
    if options.channels_last:
        unet, image = unet.to(memory_format=torch.channels_last), image.to(memory_format=torch.channels_last)
    logits = unet(image)
    if options.logits:
        logits.contiguous().numpy().tofile(options.logits)
if options.onnx:
    warnings.filterwarnings("ignore")  # of the exporter, about itself
    torch.onnx.export(
        network(options.model), (window(options.image, options.model),), str(options.onnx), dynamo=False
    )
about = {
    "name": f"torch {torch.__version__}",
    "threads": torch.get_num_threads(),
    "isa": torch.backends.cpu.get_cpu_capability(),
}
with torch.inference_mode():
    serve(about, lambda: unet(image))
