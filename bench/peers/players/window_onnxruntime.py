"""One window through ONNX Runtime, or how long the network takes to load."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnxruntime
from serve import serve

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--onnx", type=Path, required=True)
parser.add_argument("--image", type=Path, required=True)
parser.add_argument("--logits", type=Path)
parser.add_argument("--no-spinning", action="store_true", help="threads sleep until there is work")
parser.add_argument("--load", action="store_true", help="loading is what is timed")
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()

settings = onnxruntime.SessionOptions()
settings.intra_op_num_threads = options.threads
settings.inter_op_num_threads = 1
settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
settings.log_severity_level = 3
settings.add_session_config_entry("session.intra_op.allow_spinning", "0" if options.no_spinning else "1")


def load() -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(options.onnx), settings, providers=["CPUExecutionProvider"])


about = {"name": f"onnxruntime {onnxruntime.__version__}", "threads": options.threads}
if options.load:
    serve(about, load)
    raise SystemExit
session = load()
entry = session.get_inputs()[0]
image = {entry.name: np.fromfile(options.image, np.float32).reshape(entry.shape)}
logits = session.run(None, image)[0]
if options.logits:
    logits.tofile(options.logits)
del logits
serve(about, lambda: session.run(None, image))
