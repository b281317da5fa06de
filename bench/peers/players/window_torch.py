"""Windows through torch at one of its settings; also what they are in double precision, the network as an ONNX file, and
how long the network takes to load."""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import torch
from network import network, windows
from serve import cannot, serve

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--model", type=Path, required=True)
parser.add_argument("--image", type=Path, required=True, help="one window or several")
parser.add_argument("--size", type=lambda text: [int(part) for part in text.split(",")], help="of them")
parser.add_argument("--logits", type=Path)
parser.add_argument("--exact", type=Path, help="file for logits in double precision")
parser.add_argument("--onnx", type=Path, help="file for the network")
parser.add_argument("--channels-last", action="store_true")
parser.add_argument("--compile", action="store_true", help="by inductor, with the weights as constants")
parser.add_argument("--bfloat16", choices=["all", "autocast"], help="all weights and maps, or what autocast chooses")
parser.add_argument("--load", action="store_true", help="loading is what is timed")
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()

torch.set_num_threads(options.threads)
images = windows(options.image, options.model, options.size)
about = {
    "name": f"torch {torch.__version__}",
    "threads": torch.get_num_threads(),
    "isa": torch.backends.cpu.get_cpu_capability(),
}
if options.load:
    serve(about, lambda: network(options.model))
    raise SystemExit
if options.exact:
    with torch.inference_mode(), options.exact.open("wb") as exact:
        doubled = network(options.model).double()
        for image in images.double().split(1):
            doubled(image).numpy().tofile(exact)
if options.onnx:
    warnings.filterwarnings("ignore")  # of the exporter, about itself
    torch.onnx.export(network(options.model), (images[:1],), str(options.onnx), dynamo=False)
if options.exact or options.onnx:  # a process for these alone, which is not timed
    serve(about, lambda: None)
    raise SystemExit

unet = network(options.model)
if options.bfloat16 == "all":
    unet, images = unet.to(torch.bfloat16), images.to(torch.bfloat16)
if options.channels_last:
    layout = torch.channels_last_3d if images.dim() == 5 else torch.channels_last
    unet, images = unet.to(memory_format=layout), images.to(memory_format=layout)
forward = unet
if options.compile:
    import torch._inductor.config as inductor

    inductor.freezing = True
    forward = torch.compile(unet)


def run() -> None:
    for image in images.split(1):
        forward(image)


# One autocast around all runs: it keeps the weights that it has converted.
with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=options.bfloat16 == "autocast"):
    try:
        if options.logits:
            with options.logits.open("wb") as file:
                for image in images.split(1):
                    forward(image).float().contiguous().numpy().tofile(file)
        else:
            run()
    except Exception as error:  # compiling takes a compiler, and what else it stumbles over
        cannot(error)
    serve(about, run)
