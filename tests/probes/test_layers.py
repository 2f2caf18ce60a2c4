"""What counts as a weight layer of a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from grader.probes.layers import weight_layers

ROWS = torch.rand(6, 16, generator=torch.Generator().manual_seed(1))
Layers = list[list[int]]


def layers(network: nn.Module) -> Layers:
    network.eval()
    network(ROWS)
    return weight_layers(torch, network, ROWS)


def plain(*middle: nn.Module) -> nn.Module:
    return nn.Sequential(nn.Linear(16, 5), *middle, nn.Linear(5, 3))


class Free(nn.Module):
    """One linear layer, and a parameter that is used as given."""

    def __init__(self, shape: tuple[int, ...], use: Callable[[Any, Any], Any]) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layer, self.free, self.use = nn.Linear(16, 4), nn.Parameter(torch.randn(shape)), use

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.use(torch.relu(self.layer(x)), self.free)  # type: ignore[no-any-return]


FIRST = [4, 16]


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        (plain(nn.ReLU()), [[5, 16], [3, 5]]),
        (nn.Sequential(nn.Linear(16, 1), nn.Linear(1, 3)), [[1, 16], [3, 1]]),
        (plain(nn.LayerNorm([5]), nn.PReLU(), nn.BatchNorm1d(5)), [[5, 16], [3, 5]]),
        (nn.Sequential(nn.LazyLinear(5), nn.Linear(5, 3, bias=False)), [[5, 16], [3, 5]]),
        (
            nn.Sequential(
                nn.Unflatten(1, (1, 4, 4)), nn.Conv2d(1, 2, 3, padding=1),
                nn.LayerNorm([2, 4, 4]), nn.Flatten(), nn.Linear(32, 3),
            ),
            [[2, 1, 3, 3], [3, 32]],
        ),
        (
            nn.Sequential(
                nn.Unflatten(1, (1, 16)), nn.Conv1d(1, 1, 5), nn.Flatten(), nn.Linear(12, 3)
            ),
            [[1, 1, 5], [3, 12]],
        ),
        (nn.utils.parametrizations.weight_norm(nn.Linear(16, 3)), [[3, 16]]),
        (nn.utils.parametrizations.spectral_norm(nn.Linear(16, 3)), [[3, 16]]),
        (nn.GRUCell(16, 3), [[9, 16], [9, 3]]),
    ],
)  # fmt: skip
def test_modules_count_by_their_kind(network: nn.Module, expected: Layers) -> None:
    if isinstance(network, nn.GRUCell):
        network.register_forward_pre_hook(lambda _, x: (x[0], torch.ones(len(x[0]), 3)))
    assert layers(network) == expected


@pytest.mark.parametrize(
    ("shape", "use", "counts"),
    [
        ((4, 3), lambda x, w: x @ w, True),
        ((3, 4), nn.functional.linear, True),
        ((4, 1), lambda x, w: x @ w, True),
        ((4, 3), lambda x, w: torch.einsum("ij,jk->ik", x, w), True),
        ((4, 3), lambda x, w: (x[:, :, None] * w).sum(1), True),
        ((2, 2), lambda x, w: x @ torch.kron(w, w), True),
        ((1, 4), lambda x, w: x + w, False),
        ((1, 4), lambda x, w: x * w, False),
        ((2, 2), lambda x, w: x + w.reshape(4), False),
        ((2, 2), lambda x, w: torch.relu(x.reshape(-1, 2, 2) + w).flatten(1), False),
        ((4,), lambda x, w: x * w, False),
        ((4, 3), lambda x, w: x + 1e-9 * w.sum(), False),
        ((4, 3), lambda x, w: x + 0 * w.sum(), False),
        ((4, 3), lambda x, w: x + 0 * (x @ w).sum(), False),
        ((4, 3), lambda x, _: x, False),
        ((1, 3), lambda x, w: torch.addmm(w, x, torch.ones(4, 3)), False),
    ],
)
def test_a_free_parameter_counts_if_rows_are_multiplied_with_it(
    shape: tuple[int, ...], use: Callable[[Any, Any], Any], counts: bool
) -> None:
    assert layers(Free(shape, use)) == [FIRST, *([list(shape)] if counts else [])]


def test_a_layer_counts_once_however_often_it_is_used() -> None:
    inner = nn.Linear(5, 5)
    assert layers(plain(inner, nn.ReLU(), inner)) == [[5, 16], [5, 5], [3, 5]]


def test_layers_before_one_that_starts_at_zero_count() -> None:
    network = nn.Sequential(nn.Linear(16, 5), nn.Tanh(), nn.Linear(5, 3))
    nn.init.zeros_(network[2].weight)  # type: ignore[arg-type]
    assert layers(network) == [[5, 16], [3, 5]]


def test_a_layer_that_is_not_used_does_not_count() -> None:
    network = nn.Linear(16, 3)
    network.extra = nn.Linear(4, 4)
    assert layers(network) == [[3, 16]]


def test_a_frozen_layer_does_not_count() -> None:
    network = plain()
    next(network.parameters()).requires_grad_(False)
    assert layers(network) == [[3, 5]]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_scripted_network_counts_as_the_same() -> None:
    assert layers(torch.jit.script(plain(nn.Tanh()))) == [[5, 16], [3, 5]]


def test_the_parameters_are_as_before() -> None:
    network = plain()
    before = [item.detach().clone() for item in network.parameters()]
    layers(network)
    assert all(torch.equal(a, b) for a, b in zip(before, network.parameters(), strict=True))


@pytest.mark.parametrize("output", [lambda x: x.detach(), lambda x: x.sum(), lambda x: x[:2]])
def test_an_output_that_tells_nothing_has_no_layers(output: Callable[[Any], Any]) -> None:
    network = Free((4, 3), lambda x, w: output(x @ w))
    assert layers(network) == []
