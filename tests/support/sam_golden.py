"""Prints what segment-anything and torch-em compute with the weights of sam_weights.hpp, as C++ lists.

Usage: sam_golden.py, where segment-anything 1.0 and torch-em 0.10 are installed. Its numbers stand in
tests/unit/infer/known_network_test.cpp.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from segment_anything.modeling import ImageEncoderViT, MaskDecoder, PromptEncoder, TwoWayTransformer
from torch_em.model.unetr import UNETR

SAMPLES = 8


def numbers(name: str, shape: tuple[int, ...]) -> torch.Tensor:
    """Between -1 and 1, as noise_of() in sam_weights.hpp."""
    count = int(np.prod(shape))
    places = np.arange(1, count + 1, dtype=np.float64) * 0.6180339887498949 + sum(name.encode()) * 0.3141592653589793
    waves = np.sin(places * 12.9898) * 43758.5453
    return torch.from_numpy((2 * (waves - np.floor(waves)) - 1).astype(np.float32).reshape(shape))


def filled(module: torch.nn.Module, prefix: str = "") -> torch.nn.Module:
    """With weights as those of weight_of() in sam_weights.hpp."""
    state = module.state_dict()
    for name, tensor in state.items():
        full = prefix + name
        shape = tuple(tensor.shape)
        if tensor.dtype != torch.float32:
            continue
        if "rel_pos" in name or "pos_embed" in name or len(shape) == 1:
            scale = 0.2
        else:
            scale = 1.7 / float(np.sqrt(np.prod(shape[1:])))
        offset = 1.0 if len(shape) == 1 and name.endswith((".weight", "running_var")) else 0.0
        state[name] = np.float32(scale) * numbers(full, shape) + np.float32(offset)
    module.load_state_dict(state)
    return module.eval()


def show(name: str, values: torch.Tensor) -> None:
    flat = values.flatten()
    step = len(flat) // SAMPLES
    picked = [f"{float(flat[step // 2 + n * step]):.9g}" for n in range(SAMPLES)]
    print(name, "{" + ", ".join(picked) + "}")


@torch.inference_mode()
def main() -> None:
    encoder = ImageEncoderViT(
        embed_dim=32,
        depth=2,
        num_heads=2,
        mlp_ratio=2,
        out_chans=256,
        norm_layer=partial(torch.nn.LayerNorm, eps=1e-6),
        use_rel_pos=True,
        window_size=14,
        global_attn_indexes=(1,),
    )
    show("encoder", filled(encoder, "image_encoder.")(numbers("picture", (1, 3, 1024, 1024))))

    embedding = numbers("embedding", (1, 256, 64, 64))
    prompts = filled(PromptEncoder(256, (64, 64), (1024, 1024), 16), "prompt_encoder.")
    masks = MaskDecoder(transformer_dim=256, transformer=TwoWayTransformer(2, 256, 8, 64))
    points = torch.tensor([[[100.0, 200.0]], [[512.25, 900.75]]])
    sparse, dense = prompts(points=(points, torch.ones(2, 1)), boxes=None, masks=None)
    logits, iou = filled(masks, "mask_decoder.")(embedding, prompts.get_dense_pe(), sparse, dense, True)
    show("logits", logits)
    print("iou", iou.flatten().tolist())

    for transposed in (False, True):
        unetr = UNETR(
            encoder=encoder,
            out_channels=3,
            use_skip_connection=False,
            use_conv_transpose=transposed,
            initial_features=4,
        )
        filled(unetr)
        skips = [embedding]
        for each in (unetr.deconv1, unetr.deconv2, unetr.deconv3, unetr.deconv4):
            skips.append(each(skips[-1]))
        x = unetr.deconv_out(unetr.decoder(unetr.base(embedding), encoder_inputs=skips[1:4]))
        x = unetr.out_conv(unetr.decoder_head(torch.cat([x, skips[4]], 1)))
        show(f"maps transposed={transposed}", torch.sigmoid(x))


if __name__ == "__main__":
    main()
