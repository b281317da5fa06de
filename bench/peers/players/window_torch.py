"""One window through torch at one of its settings; also what it is in double precision, and the network as an ONNX
file."""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import torch
from network import network, window
from serve import cannot, serve

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--model", type=Path, required=True)
parser.add_argument("--image", type=Path, required=True)
parser.add_argument("--logits", type=Path)
parser.add_argument("--exact", type=Path, help="file for logits in double precision")
parser.add_argument("--onnx", type=Path, help="file for the network")
parser.add_argument("--channels-last", action="store_true")
parser.add_argument("--compile", action="store_true", help="by inductor, with the weights as constants")
parser.add_argument("--bfloat16", choices=["all", "autocast"], help="all weights and maps, or what autocast chooses")
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()

torch.set_num_threads(options.threads)
if options.exact:
    with torch.inference_mode():
        exact = network(options.model).double()(window(options.image, options.model).double())
    exact.numpy().tofile(options.exact)
if options.onnx:
    warnings.filterwarnings("ignore")  # of the exporter, about itself
    torch.onnx.export(
        network(options.model), (window(options.image, options.model),), str(options.onnx), dynamo=False
    )

unet, image = network(options.model), window(options.image, options.model)
if options.bfloat16 == "all":
    unet, image = unet.to(torch.bfloat16), image.to(torch.bfloat16)
if options.channels_last:
    unet, image = unet.to(memory_format=torch.channels_last), image.to(memory_format=torch.channels_last)
run = unet
if options.compile:
    import torch._inductor.config as inductor

    inductor.freezing = True
    run = torch.compile(unet)

# One autocast around all runs: it keeps the weights that it has converted.
with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=options.bfloat16 == "autocast"):
    try:
        logits = run(image)
    except Exception as error:  # compiling takes a compiler, and what else it stumbles over
        cannot(error)
    if options.logits:
        logits.float().contiguous().numpy().tofile(options.logits)
    about = {
        "name": f"torch {torch.__version__}",
        "threads": torch.get_num_threads(),
        "isa": torch.backends.cpu.get_cpu_capability(),
    }
    serve(about, lambda: run(image))
