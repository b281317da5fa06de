"""Seconds of one window through a network as torch runs it layer by layer, at each of its settings; JSON.

    python eager.py MODEL DEVICE SIZE RUNS

MODEL is a folder that nnU-Net has trained, or a .pth of MuscleMap's form with its .json; SIZE is 256,256 or the like.
The window is on the device already and the scores stay there. The fastest of the runs counts, after two others.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "bench"), str(ROOT / "python" / "musclemap")]


def network(model: Path) -> torch.nn.Module:
    if model.is_dir():
        from nnunet_networks import read_network

        return read_network(model)
    from _unet import build_unet

    about = json.loads(model.with_suffix(".json").read_text())["model"]
    unet = build_unet(about["out_channels"], about["channels"], about["strides"], about["num_res_units"])
    # Modules have other names for the same layers, in the same order.
    tensors = torch.load(model, map_location="cpu", weights_only=True).values()
    unet.load_state_dict(dict(zip(unet.state_dict(), tensors, strict=True)))
    return unet.eval()


def wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def seconds(model: torch.nn.Module, window: torch.Tensor, runs: int) -> float:
    least = float("inf")
    for run in range(runs + 2):
        wait(window.device)
        start = time.perf_counter()
        model(window)
        wait(window.device)
        if run >= 2:
            least = min(least, time.perf_counter() - start)
    return least


def main() -> None:
    model, device = network(Path(sys.argv[1])), torch.device(sys.argv[2])
    size, runs = [int(part) for part in sys.argv[3].split(",")], int(sys.argv[4])
    torch.backends.cudnn.allow_tf32 = False  # what is called exact is that
    torch.backends.cudnn.benchmark = True
    last = torch.channels_last_3d if len(size) == 3 else torch.channels_last
    found = {}
    with torch.inference_mode():
        for kind in [torch.float32, torch.float16] if device.type == "cuda" else [torch.float32]:
            for name, layout in (("", torch.contiguous_format), (", channels last", last)):
                made = model.to(device, kind, memory_format=layout)
                window = torch.randn(1, 1, *size, device=device).to(kind).contiguous(memory_format=layout)
                found[str(kind).removeprefix("torch.") + name] = seconds(made, window, runs)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
