"""Images, models and label maps that are made for the rows; nothing of a patient."""

from __future__ import annotations

from pathlib import Path

import contestant  # noqa: F401  (says where the next two are)
import numpy as np
from nifti_file import header_of, write_nifti
from segment_memory import OUT_CHANNELS, PLANE, volume, whole_body_model

__all__ = [
    "OUT_CHANNELS",
    "PLANE",
    "ct_volume",
    "ct_windows",
    "full_volume",
    "label_volume",
    "trunk_volume",
    "volume",
    "whole_body_model",
]


def full_volume(folder: Path, slices: int, spacing: tuple[float, ...]) -> Path:
    """Noise up to the border, so that no border is cropped."""
    voxels = np.random.default_rng(1).integers(1, 1000, (*PLANE, slices)).astype("<i2")
    return write_nifti(folder / f"full_{slices}.nii", voxels, header_of(voxels, spacing))


def label_volume(folder: Path, labels: int = 100, shape: tuple[int, int, int] = (256, 192, 144)) -> Path:
    """Ellipsoids of 1..labels around random centres in background; every 500th voxel has a label at random."""
    file = folder / f"labels_{labels}.nii"
    if file.exists():
        return file
    random = np.random.default_rng(3)
    voxels = np.zeros(shape, "<i2")
    for value in range(1, labels + 1):
        radius = random.uniform(0.05, 0.14, 3) * shape
        centre = random.uniform(radius, shape - radius)
        low, high = np.floor(centre - radius).astype(int), np.ceil(centre + radius).astype(int) + 1
        box = tuple(slice(max(a, 0), min(b, n)) for a, b, n in zip(low, high, shape, strict=True))
        axes = np.ogrid[box]
        inside = sum(((axis - c) / r) ** 2 for axis, c, r in zip(axes, centre, radius, strict=True)) < 1
        voxels[box][inside] = value
    speckle = random.random(shape) < 1 / 500
    voxels[speckle] = random.integers(0, labels + 1, int(speckle.sum()))
    return write_nifti(file, voxels, header_of(voxels))


def ct_volume(folder: Path, slices: int = 200) -> Path:
    """105 MB of int16 as CT has them: air outside a body, Hounsfield units with noise inside."""
    file = folder / f"ct_{slices}.nii.gz"
    if file.exists():
        return file
    random = np.random.default_rng(5)
    x, y = np.meshgrid(*(np.linspace(-1, 1, 512, dtype=np.float32),) * 2, indexing="ij")
    voxels = np.empty((512, 512, slices), "<i2")
    for k in range(slices):
        body = (x / 0.85) ** 2 + (y / 0.6) ** 2 < 1
        tissue = np.where((x / 0.75) ** 2 + (y / 0.5) ** 2 < 1, 50, -100) + 30 * np.sin(12 * x + 0.1 * k)
        noise = random.standard_normal((512, 512), np.float32) * 12
        voxels[..., k] = np.where(body, tissue + noise, -1000 + 0.5 * noise)
    return write_nifti(file, voxels, header_of(voxels, (0.8, 0.8, 2.5)))


def trunk_volume(folder: Path, shape: tuple[int, int, int], spacing: tuple[float, float, float]) -> Path:
    """A CT of a trunk in Hounsfield units: fat, muscle, lungs, spine and organs with noise, in air."""
    file = folder / f"trunk_{'x'.join(map(str, shape))}.nii.gz"
    if file.exists():
        return file
    random = np.random.default_rng(11)
    x, y = np.meshgrid(*(np.linspace(-1, 1, n, dtype=np.float32) for n in shape[:2]), indexing="ij")
    voxels = np.empty(shape, "<i2")
    for k in range(shape[2]):
        z = 2 * k / shape[2] - 1
        tissue = np.where((x / 0.8) ** 2 + (y / 0.55) ** 2 < 1, 55, -100) + 15 * np.sin(9 * x + 7 * z) * np.cos(8 * y)
        lung = ((np.abs(x) - 0.38) / 0.28) ** 2 + (y / 0.38) ** 2 + ((z - 0.5) / 0.45) ** 2 < 1
        liver = ((x - 0.3) / 0.4) ** 2 + (y / 0.35) ** 2 + ((z + 0.2) / 0.3) ** 2 < 1
        spine = (x / 0.12) ** 2 + ((y + 0.4) / 0.12) ** 2 < 1 + 0.3 * np.sin(40 * z)
        body = np.select([spine, lung, liver], [600, -820, 110], tissue)
        inside = (x / 0.88) ** 2 + (y / 0.63) ** 2 < 1
        noise = random.standard_normal(shape[:2], np.float32) * 14
        voxels[..., k] = np.where(inside, body + noise, -1000 + 0.3 * noise)
    return write_nifti(file, voxels, header_of(voxels, spacing))


def ct_windows(size: tuple[int, int, int]) -> dict[str, np.ndarray]:
    """Windows as a network of CT sees them, float32 of that size: normalised, clipped at -1.9."""
    random = np.random.default_rng(7)
    low = np.float32(-1.9)
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, n, dtype=np.float32) for n in size), indexing="ij")
    tissue = 0.2 + 0.1 * np.sin(9 * x + 4 * z) * np.cos(7 * y) + random.normal(0, 0.03, size)
    bone = (x / 0.2) ** 2 + ((y - 0.4) / 0.2) ** 2 < 1 + 0.3 * np.sin(20 * z)
    lung = ((np.abs(x) - 0.4) / 0.25) ** 2 + ((y + 0.1) / 0.35) ** 2 + (z / 0.7) ** 2 < 1
    inside = (x / 0.85) ** 2 + (y / 0.65) ** 2 < 1
    body = np.where(bone, 1.1, np.where(lung, -1.5, tissue))
    noise = random.standard_normal(size, np.float32)
    return {
        "CT-like": np.where(inside, np.maximum(body, low), low).astype(np.float32),
        "noise": noise,
        "half constant": np.where(z < 0, noise, low).astype(np.float32),
        "constant": np.full(size, low, np.float32),
    }
