"""Segments with an installed wheel and a LibTorch as its mm_segment does; run by tests/wheel/run with a model's path."""

import subprocess
import sys

import musclemap as mm
import numpy as np

model = sys.argv[1]
x, y = np.meshgrid(np.linspace(-1, 1, 120), np.linspace(-1, 1, 90), indexing="ij")
texture = 300 + 150 * np.sin(9 * x) * np.cos(7 * y)
body = np.where((x**2 + 1.3 * y**2 < 0.8), texture, 20)[:, :, None].repeat(4, axis=2).astype(np.int16)
affine = np.diag([1.2, 1.2, 5.0, 1.0])
mm.write(mm.as_volume(body, affine), "body.nii.gz")
subprocess.run(["mm_segment", "-i", "body.nii.gz", "-m", model, "-s", "50", "--device", "cpu"], check=True)
expected = np.asarray(mm.read("body_dseg.nii.gz"))
assert len(np.unique(expected)) > 3


class NibabelLike:
    dataobj = body
    affine = affine


segmenter = mm.Segmenter(model, device="cpu", overlap=0.5)
images = {"path": "body.nii.gz", "array": mm.as_volume(body, affine), "nibabel-like": NibabelLike()}
for kind, image in images.items():
    assert np.array_equal(mm.segment(image, segmenter), expected), kind
assert "torch" not in sys.modules
print(f"label maps of {', '.join(images)} are that of mm_segment; {segmenter.report.engine}")
