"""One window through OpenVINO, which by itself would compute in bfloat16 wherever the CPU can; or how long the
network takes to load."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import openvino
from serve import serve

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--onnx", type=Path, required=True)
parser.add_argument("--image", type=Path, required=True)
parser.add_argument("--logits", type=Path)
parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
parser.add_argument("--no-pinning", action="store_true", help="leave it to the system where threads run")
parser.add_argument("--load", action="store_true", help="loading is what is timed")
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()

core = openvino.Core()
settings = {
    "INFERENCE_PRECISION_HINT": options.precision,
    "INFERENCE_NUM_THREADS": options.threads,
    "NUM_STREAMS": 1,
    "PERFORMANCE_HINT": "LATENCY",
    "ENABLE_CPU_PINNING": not options.no_pinning,
}


def load() -> openvino.CompiledModel:
    return core.compile_model(core.read_model(options.onnx), "CPU", settings)


about = {"name": f"openvino {openvino.__version__.split('-')[0]}", "threads": options.threads}
if options.load:
    serve(about, load)
    raise SystemExit
compiled = load()
request = compiled.create_infer_request()
request.set_input_tensor(
    openvino.Tensor(np.fromfile(options.image, np.float32).reshape(tuple(compiled.input(0).shape)))
)
request.infer()
if options.logits:
    request.get_output_tensor().data.tofile(options.logits)
about["precision"] = str(compiled.get_property("INFERENCE_PRECISION_HINT"))
serve(about, request.infer)
