"""Made-up nuclei under a fluorescence microscope, and the flows that Cellpose's networks learn of labels.

The sample model of cells is trained on them, and a notebook follows them through a series. Needs numpy alone. Arrays are
(y, x).
"""

import numpy as np

DIAMETER = 24.0  # pixels, mean
MICROMETRES = 0.5  # a pixel
BLUR_TAPS = 4  # standard deviations on either side
EDGE = 0.08  # of a nucleus' radius: how soft its border is


class Nucleus:
    """A smooth closed curve around a middle, with a brightness and a grain of its own."""

    def __init__(self, random, middle, scale, spread):
        self.middle = np.array(middle, float)
        self.radius = np.clip(scale * DIAMETER / 2 * np.exp(0.25 * random.normal()), 4, 20)
        self.stretch = np.exp(np.abs(0.22 * random.normal()))
        self.angle = random.uniform(0, np.pi)
        self.waves = random.normal(size=(3, 2)) * [[0.04], [0.03], [0.02]]
        self.brightness = np.exp(spread * random.normal())
        self.grain = random.uniform(0, 0.35)
        self.speed = random.normal(size=2)
        self.turn = 0.05 * random.normal()

    def depth(self, shape):
        """1 in the middle, 0 on the border, below outside; and the box that holds it."""
        reach = 1.3 * self.radius * self.stretch + 2
        low = np.maximum(0, np.floor(self.middle - reach).astype(int))
        high = np.minimum(shape, np.ceil(self.middle + reach).astype(int) + 1)
        if np.any(low >= high):
            return None
        y, x = np.mgrid[low[0] : high[0], low[1] : high[1]].astype(float)
        y, x = y - self.middle[0], x - self.middle[1]
        sine, cosine = np.sin(self.angle), np.cos(self.angle)
        along, across = (cosine * x + sine * y) / self.stretch, (cosine * y - sine * x) * self.stretch
        around = np.arctan2(across, along)
        border = self.radius * (
            1 + sum(a * np.cos(n * around) + b * np.sin(n * around) for n, (a, b) in enumerate(self.waves, 2))
        )
        return 1 - np.hypot(along, across) / border, (slice(low[0], high[0]), slice(low[1], high[1]))

    def move(self):
        self.middle += self.speed
        self.angle += self.turn


def scattered(random, shape):
    """Nuclei that may touch, in groups, but whose middles are not in one another."""
    scale = random.uniform(0.8, 1.2)
    spread = random.uniform(0.3, 1.0)  # of brightness
    apart = DIAMETER * scale * random.uniform(0.75, 1.0)
    count = int(np.prod(shape) / (DIAMETER * scale) ** 2 * random.uniform(0.15, 0.6))
    nuclei = []
    for _ in range(20 * count):
        middle = random.uniform(-4, np.array(shape) + 4)
        if nuclei and random.random() < 0.45:  # beside another one
            turn = random.uniform(0, 2 * np.pi)
            away = apart * random.uniform(1, 1.3)
            middle = nuclei[random.integers(len(nuclei))].middle + away * np.array([np.sin(turn), np.cos(turn)])
        if all(np.hypot(*(middle - other.middle)) > apart for other in nuclei):
            nuclei.append(Nucleus(random, middle, scale, spread))
        if len(nuclei) == count:
            break
    return nuclei


def blurred(image, sigma):
    taps = np.exp(-0.5 * (np.arange(-int(BLUR_TAPS * sigma), int(BLUR_TAPS * sigma) + 1) / sigma) ** 2)
    taps /= taps.sum()
    for axis in (0, 1):
        image = np.apply_along_axis(lambda line: np.convolve(np.pad(line, len(taps) // 2, "edge"), taps, "valid"), axis, image)
    return image


def rendered(random, nuclei, shape, blur, light, noise):
    """Counts of photons as uint16, and labels as uint16; nucleus n of the list has the label n + 1 in all pictures."""
    image, labels, deepest = np.zeros(shape), np.zeros(shape, np.uint16), np.zeros(shape)
    for n, nucleus in enumerate(nuclei, 1):
        found = nucleus.depth(shape)
        if found is None:
            continue
        depth, box = found
        grain = blurred(np.random.default_rng(n).normal(size=depth.shape), 1.5) * 4
        inside = np.clip(depth / EDGE / 2 + 0.5, 0, 1)
        image[box] += nucleus.brightness * inside * np.maximum(0.3, 1 + nucleus.grain * grain)
        wins = depth > np.maximum(deepest[box], 0)
        labels[box][wins] = n
        deepest[box][wins] = depth[wins]
    y, x = np.mgrid[: shape[0], : shape[1]]
    haze = 0.3 * blurred(image, 8) + 0.15 * (1 + np.sin(y / 90 + light) * np.cos(x / 70))
    counts = random.poisson((blurred(image, blur) + haze) * noise) + random.normal(20, 2, shape)
    return np.clip(np.round(counts), 0, 65535).astype(np.uint16), labels


def series(seed, shape=(256, 256), frames=1):
    """Pictures and labels, (t, y, x) both."""
    random = np.random.default_rng(seed)
    nuclei = scattered(random, shape)
    blur, light, noise = random.uniform(0.8, 2.0), random.uniform(0, 6), 10 ** random.uniform(1.2, 2.3)
    made = []
    for _ in range(frames):
        made.append(rendered(random, nuclei, shape, blur, light, noise))
        for nucleus in nuclei:
            nucleus.move()
    pictures, labels = zip(*made, strict=True)
    return np.stack(pictures), np.stack(labels)


def flows_of(labels):
    """Unit vectors (2, y, x), y first, that lead to the middle of each label: heat that spreads from there."""
    flows = np.zeros((2, *labels.shape), np.float32)
    for label in np.unique(labels[labels > 0]):
        ys, xs = np.nonzero(labels == label)
        low, high = (ys.min(), xs.min()), (ys.max() + 1, xs.max() + 1)
        box = (slice(low[0], high[0]), slice(low[1], high[1]))
        inside = np.pad(labels[box] == label, 1)
        nearest = np.argmin((ys - ys.mean()) ** 2 + (xs - xs.mean()) ** 2)
        middle = ys[nearest] - low[0] + 1, xs[nearest] - low[1] + 1
        heat = np.zeros(inside.shape)
        for _ in range(2 * sum(inside.shape)):
            heat[middle] += 1
            rows = heat[:-2] + heat[1:-1] + heat[2:]
            heat[1:-1, 1:-1] = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9
            heat *= inside
        slope = np.stack([heat[2:, 1:-1] - heat[:-2, 1:-1], heat[1:-1, 2:] - heat[1:-1, :-2]])
        slope /= 1e-60 + np.sqrt((slope**2).sum(0))
        flows[(slice(None), *box)] += (slope * inside[1:-1, 1:-1]).astype(np.float32)
    return flows


def main():
    """Writes the demo's sample; takes tifffile."""
    import argparse
    import pathlib

    import tifffile

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent / "cells")
    arguments = parser.parse_args()
    pictures, labels = series(arguments.seed)
    size = {f"PhysicalSize{axis}": MICROMETRES for axis in "XY"} | {f"PhysicalSize{axis}Unit": "µm" for axis in "XY"}
    arguments.out.mkdir(exist_ok=True)
    packed = {"compression": "zlib", "predictor": True}
    metadata = {"axes": "YX", "Channel": {"Name": "nuclei"}, **size}
    tifffile.imwrite(arguments.out / "nuclei_BF.ome.tif", pictures[0], ome=True, metadata=metadata, **packed)
    tifffile.imwrite(arguments.out / "nuclei_truth.tif", labels[0], metadata=None, **packed)


if __name__ == "__main__":
    main()
