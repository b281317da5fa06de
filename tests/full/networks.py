"""Networks that are not MONAI's UNet, as other authors write them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

OUT_CHANNELS = 4


class Block(nn.Sequential):
    def __init__(self, inputs: int, outputs: int) -> None:
        layers: list[nn.Module] = []
        for channels in (inputs, outputs):
            layers += [nn.Conv2d(channels, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]
        super().__init__(*layers)


class PooledUNet(nn.Module):
    """Max-pooling on the way down, nearest upsampling on the way up."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.bottom = Block(1, 6), Block(6, 9), Block(9, 9)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.Upsample(scale_factor=2)
        self.up_second, self.up_first = Block(18, 6), Block(12, 6)
        self.head = nn.Conv2d(6, OUT_CHANNELS, 1)

    def forward(self, x: Tensor) -> Tensor:
        first = self.first(x)
        second = self.second(self.pool(first))
        below = self.bottom(self.pool(second))
        below = self.up_second(torch.cat([second, self.up(below)], dim=1))
        scores: Tensor = self.head(self.up_first(torch.cat([self.up(below), first], dim=1)))
        return scores


class ResidualNet(nn.Module):
    """Residual blocks without skip connections; the stride of the first layer is taken back at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 8, 7, stride=2, padding=3)
        self.inner = nn.ModuleList(nn.Conv2d(8, 8, 3, padding=1, bias=False) for _ in range(2))
        self.norms = nn.ModuleList(nn.BatchNorm2d(8) for _ in range(2))
        self.up = nn.ConvTranspose2d(8, OUT_CHANNELS, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.first(x))
        for convolution, norm in zip(self.inner, self.norms):
            y = norm(convolution(x))
            y += x
            x = F.relu(y)
        return torch.sigmoid(self.up(x))


class StyleNet(nn.Module):
    """The style of CPnet: a mean over space of length 1, a linear layer, added at every place."""

    def __init__(self, inputs: int = 1) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, 8, 3, padding=1)
        self.full = nn.Linear(8, 8)
        self.head = nn.Conv2d(8, OUT_CHANNELS, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = self.first(x)
        style = F.avg_pool2d(x, kernel_size=(x.shape[-2], x.shape[-1]))
        style = torch.flatten(style, 1)
        style = style / torch.sum(style**2, dim=1, keepdim=True) ** 0.5
        features = self.full(style)
        return self.head(F.relu(x + features.unsqueeze(-1).unsqueeze(-1))), style


class TwoImages(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Conv2d(2, 8, 3, padding=1)
        self.head = nn.Conv2d(8, OUT_CHANNELS, 1)

    def forward(self, fat: Tensor, water: Tensor) -> Tensor:
        scores: Tensor = self.head(F.relu(self.inner(torch.cat([fat, water], dim=1))))
        return scores


def fixed(network: nn.Module, seed: int = 11) -> nn.Module:
    """With random weights and statistics, and scores that differ from class to class."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if not tensor.is_floating_point():
                continue
            if name.endswith("running_var"):
                tensor.copy_(0.5 + torch.rand_like(tensor))
            else:
                tensor.copy_(0.3 * torch.randn_like(tensor))
    return network.eval()
