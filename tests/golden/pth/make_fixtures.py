#!/usr/bin/env python3
"""Writes the weights files of this folder with PyTorch's own torch.save; README.md lists them.

Needs torch 2.11 and monai 1.3.2. Tensor k of the state dict holds f32(0.2 sin(0.7 i + 1.3 k)) at flat index i.
"""
import collections
import io
import json
import pathlib
import zipfile

import torch
from monai.networks.nets import UNet

FOLDER = pathlib.Path(__file__).parent
CONFIG = {
    "parameters": {"roi_size": [16, 16], "spatial_window_batch_size": 1, "pix_dim": [1, 1, -1]},
    "model": {"version": 0.3, "spatial_dims": 2, "in_channels": 1, "out_channels": 3, "channels": [2, 3],
              "act": "LeakyReLU", "strides": [2], "num_res_units": 1, "norm": "instance"},
    "labels": [{"region": "leg", "anatomy": "tibia", "side": "right", "value": 12},
               {"region": "leg", "anatomy": "tibia", "side": "left", "value": 11}],
}


def network():
    m = CONFIG["model"]
    net = UNet(spatial_dims=2, in_channels=1, out_channels=m["out_channels"], channels=m["channels"],
               strides=m["strides"], num_res_units=m["num_res_units"], act=m["act"], norm=m["norm"])
    for k, tensor in enumerate(net.state_dict().values()):
        i = torch.arange(tensor.numel(), dtype=torch.float64)
        tensor.copy_((0.2 * torch.sin(0.7 * i + 1.3 * k)).reshape(tensor.shape))
    return net


def converted(state, change):
    return collections.OrderedDict((name, change(tensor)) for name, tensor in state.items())


def shared(state):
    """All tensors are views of one storage."""
    pool = torch.cat([tensor.flatten() for tensor in state.values()])
    views, at = collections.OrderedDict(), 0
    for name, tensor in state.items():
        views[name] = pool[at:at + tensor.numel()].view(tensor.shape)
        at += tensor.numel()
    return views


def strided(tensor):
    """The same values behind reversed axes and an offset."""
    order = list(range(tensor.dim()))[::-1]
    turned = tensor.permute(order).contiguous()
    padded = torch.full((turned.shape[0] + 1,) + tuple(turned.shape[1:]), 7.0)
    padded[1:] = turned
    return padded[1:].permute(order)


def save(name, content, **options):
    torch.save(content, FOLDER / name, **options)


def rewrite(source, target, change):
    """Copies an archive, entries stored, with its data.pkl changed."""
    with zipfile.ZipFile(FOLDER / source) as old, zipfile.ZipFile(FOLDER / target, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, change(data) if entry.filename.endswith("/data.pkl") else data)


def without_debug_files(source, target):
    with zipfile.ZipFile(FOLDER / source) as old, zipfile.ZipFile(FOLDER / target, "w") as new:
        for entry in old.infolist():
            if entry.filename.endswith(".debug_pkl"):
                continue
            packing = zipfile.ZIP_DEFLATED if entry.filename.endswith(".py") else zipfile.ZIP_STORED
            new.writestr(zipfile.ZipInfo(entry.filename), old.read(entry), packing)


def main():
    net = network()
    state = net.state_dict()
    save("float.pth", state)
    save("half.pth", converted(state, torch.Tensor.half))
    save("bfloat16.pth", converted(state, torch.Tensor.bfloat16))
    save("double.pth", converted(state, torch.Tensor.double))
    save("plain_dict.pth", dict(state))
    save("parameters.pth", net.state_dict(keep_vars=True))
    save("shared.pth", shared(state))
    save("strided.pth", converted(state, strided))
    save("expanded.pth", converted(state, lambda tensor: tensor.flatten()[:1].expand(tensor.numel()).view(tensor.shape)
                                   if tensor.dim() == 1 else tensor))
    # The location is a text of one byte more for every storage.
    rewrite("float.pth", "cuda.pth", lambda data: data.replace(b"X\x03\0\0\0cpu", b"X\x06\0\0\0cuda:0"))
    save("legacy.pth", state, _use_new_zipfile_serialization=False)
    save("protocol4.pth", state, pickle_protocol=4)
    save("checkpoint.pth", {"epoch": 3, "state_dict": state})
    save("data_parallel.pth", converted(state, torch.Tensor.clone).__class__(
        ("module." + name, tensor) for name, tensor in state.items()))
    save("integer.pth", collections.OrderedDict(list(state.items()) + [("steps", torch.tensor(3))]))
    save("whole_model.pth", torch.nn.Conv2d(1, 3, 1))
    save("list.pth", list(state.values()))

    program = torch.jit.trace(torch.nn.Conv2d(1, 3, 3, padding=1), torch.zeros(1, 1, 16, 16))
    torch.jit.save(program, FOLDER / "embedded.pt", _extra_files={"musclemap.json": json.dumps(CONFIG)})
    # Modules as users save them; what lies beside the text for debugging is left out.
    description = {"musclemap.json": json.dumps(CONFIG)}
    scripted = torch.jit.script(net.eval())
    traced = torch.jit.trace(net, torch.zeros(1, 1, 16, 16))
    for name, module in (("scripted", scripted), ("traced", traced), ("frozen", torch.jit.freeze(scripted)),
                         ("softmax", torch.jit.script(torch.nn.Sequential(net, torch.nn.Softmax(1)).eval()))):
        torch.jit.save(module, FOLDER / "whole.pt", _extra_files=description)
        without_debug_files("whole.pt", f"{name}.pt")
    (FOLDER / "whole.pt").unlink()
    (FOLDER / "config.json").write_text(json.dumps(CONFIG, indent=1) + "\n")


if __name__ == "__main__":
    main()
