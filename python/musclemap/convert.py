"""`musclemap model convert A.pth B.ts`: weights and their description as one TorchScript file.

Needs Python's torch. The network is MONAI's 2-D UNet as the description beside the weights states it; the description
becomes the extra file musclemap.json of the TorchScript archive.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from musclemap import _options
from musclemap._core import ModelBundle
from musclemap.errors import ArgumentError, Error, FileError, ModelError

if TYPE_CHECKING:
    from torch import nn

EMBEDDED = "musclemap.json"
DEVIATION = 1e-4


class _Layer(NamedTuple):
    name: str
    arguments: dict[str, object]


# What build_unet() makes of model.act and model.norm.
LAYERS = {"act": _Layer("leakyrelu", {"negative_slope": 0.01}), "norm": _Layer("instance", {"affine": False})}


def convert_model(weights: _options.Path, output: _options.Path) -> Path:
    """Writes `weights` (.pth with its .json beside it) as a TorchScript file and returns its path.

    The weights and the description are checked by ModelBundle.open() first; the script is run once and compared with
    the network it came from. The file appears whole or not at all.
    Errors: ModelError (torch is missing, or the weights do not fit), ArgumentError, FileError, FormatError.
    """
    source, target = Path(weights), Path(output)
    if target.suffix not in (".ts", ".pt"):
        raise ArgumentError(f"the output is '{target}'; a name that ends in .ts or .pt is needed")
    _options.keep_inputs(target, source)
    bundle = ModelBundle.open(source)
    if bundle.format != "state_dict":
        raise ArgumentError("it is a TorchScript file already; a .pth of weights is needed", file=str(source))
    torch_is_there()
    text = bundle.weights_file.with_suffix(".json").read_text(encoding="utf-8")
    network = network_of(json.loads(text), bundle.weights_file)
    _save(network, bundle, text, target)
    return target


def torch_is_there() -> None:
    """ModelError that says what to do where torch cannot be imported."""
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise ModelError(
            f"model convert needs Python's torch, which cannot be imported ({error}); pip install torch"
        ) from error


def network_of(description: dict[str, object], weights: Path) -> nn.Module:
    """The network of the description with the weights in it, ready to be run."""
    import torch

    from musclemap._unet import build_unet

    model = description["model"]
    assert isinstance(model, dict)  # ModelBundle.open() has checked the description
    _refuse_other_layers(model, weights)
    network = build_unet(
        out_channels=int(model["out_channels"]),
        channels=[int(count) for count in model["channels"]],
        strides=[int(step) for step in model["strides"]],
        res_units=int(model["num_res_units"]),
    )
    state = torch.load(weights, map_location="cpu", weights_only=True)
    try:
        network.load_state_dict({name: tensor.float() for name, tensor in state.items()})
    except (RuntimeError, AttributeError) as error:
        raise ModelError(f"the weights do not fit the description: {error}", file=str(weights)) from error
    return network.eval()


def _refuse_other_layers(model: dict[str, object], weights: Path) -> None:
    """The description may state layers that build_unet() does not build."""
    for key, built in LAYERS.items():
        stated = model[key]
        name, arguments = stated if isinstance(stated, list) and len(stated) == 2 else (stated, {})
        name = name[0] if isinstance(name, list) else name
        differs = any(arguments.get(argument, value) != value for argument, value in built.arguments.items())
        if str(name).lower() != built.name or differs:
            raise ModelError(
                f"model.{key} is {json.dumps(stated)}; model convert builds {built.name} with {built.arguments}",
                file=str(weights),
            )


def _save(network: nn.Module, bundle: ModelBundle, description: str, target: Path) -> None:
    import torch

    script = torch.jit.script(network)
    with torch.no_grad():
        window = torch.randn(1, 1, bundle.window[0], bundle.window[1])
        deviation = float((script(window) - network(window)).abs().max())
    if not deviation <= DEVIATION:
        raise ModelError(f"the script's output deviates by {deviation:g}; {DEVIATION:g} is the most", file=str(target))
    handle, temporary = _temporary(target)
    os.close(handle)
    try:
        torch.jit.save(script, temporary, _extra_files={EMBEDDED: description})
        os.replace(temporary, target)
    except (OSError, RuntimeError) as error:
        raise FileError(f"cannot be written: {error}", file=str(target)) from error
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)


def _temporary(target: Path) -> tuple[int, str]:
    try:
        return tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    except OSError as error:
        raise FileError(f"cannot be written: {error.strerror}", file=str(target)) from error


def main(arguments: list[str]) -> int:
    """The subcommand; returns its exit status."""
    parser = argparse.ArgumentParser(
        prog="musclemap model convert", description="Weights and their description as one TorchScript file."
    )
    parser.add_argument("weights", metavar="A.pth", help="weights with their .json beside them")
    parser.add_argument("output", metavar="B.ts", help="TorchScript file to write")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    chosen = parser.parse_args(arguments)
    try:
        target = convert_model(chosen.weights, chosen.output)
        digest = ModelBundle.open(target).sha256
    except Error as error:
        _tell(error, chosen.json)
        return 2 if isinstance(error, ArgumentError) else 1
    if chosen.json:
        print(json.dumps({"model": str(target), "sha256": digest}))
    else:
        print(target)
        print(f"SHA-256 {digest}; LibTorch runs it with --trust-model, or where it is registered", file=sys.stderr)
    return 0


def _tell(error: Error, as_json: bool) -> None:
    if as_json:
        told = {"code": error.code, "reason": error.reason, "file": error.file or "", "message": error.message}
        print(json.dumps({"error": told}))
    else:
        print(f"error: {error}", file=sys.stderr)
