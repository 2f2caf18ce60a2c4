"""The reference of P2 (b) and P3 of autodiff-and-optimizers."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from sklearn.datasets import load_digits  # type: ignore[import-untyped]

from grader.kinds.base import Judging, Planning
from grader.kinds.registry import kinds
from grader.records import PartResult, Status
from grader.spec.reference import Reference
from tests.kinds.student import observe

COURSE = Path(__file__).resolve().parents[2]
ASSIGNMENT = COURSE / "assignments" / "autodiff-and-optimizers"


def reference(name: str) -> Reference:
    return Reference(COURSE / "reference", "autodiff_and_optimizers", name)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Any:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def p2() -> ModuleType:
    return reference("p2_torch").loaded


@pytest.fixture(scope="module")
def p3() -> ModuleType:
    return reference("p3_optimizers").loaded


@pytest.fixture(scope="module")
def data() -> ModuleType:
    return reference("p3_data").loaded


def matrices(seed: int, samples: int = 50) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = [(5, samples), (2, samples), (4, 5), (3, 4), (2, 3)]
    return [rng.normal(size=shape) for shape in shapes]


@pytest.mark.parametrize("seed", range(5))
def test_the_gradients_by_hand_agree_with_torch(p2: ModuleType, seed: int) -> None:
    X, Y, W1, W2, W3 = matrices(seed)
    weights = [torch.tensor(W, requires_grad=True) for W in (W1, W2, W3)]
    objective = p2.objective(torch.tensor(X), torch.tensor(Y), *weights)
    automatic = torch.autograd.grad(objective, weights)
    for found in (p2.gradients_by_hand(X, Y, W1, W2, W3), p2.p2_torch(X, Y, W1, W2, W3)):
        for one, other in zip(found, automatic, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-11)


def test_the_gradients_agree_with_difference_quotients(p2: ModuleType) -> None:
    given = matrices(0, samples=3)
    slopes = p2.gradients_by_hand(*given)

    def value(*changed: np.ndarray) -> float:
        return float(p2.objective(*map(torch.tensor, changed)))

    for number, slope in enumerate(slopes, 2):
        for at in np.ndindex(slope.shape):
            step = np.zeros_like(given[number])
            step[at] = 1e-6
            up, down = (
                value(*[W + s * step if n == number else W for n, W in enumerate(given)])
                for s in (1, -1)
            )
            assert slope[at] == pytest.approx((up - down) / 2e-6, rel=1e-5, abs=1e-6)


def test_a_column_without_active_units_leaves_the_choice_at_the_kink_open(p2: ModuleType) -> None:
    X, Y, W1, W2, W3 = matrices(1, samples=1)
    W1 = -np.abs(W1) * np.sign(X.T)  # every first unit is off
    assert np.all(W1 @ X < 0)
    for found in (p2.gradients_by_hand(X, Y, W1, W2, W3), p2.p2_torch(X, Y, W1, W2, W3)):
        assert all(np.all(np.asarray(slope) == 0) for slope in found)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("Adagrad", {"lr": 0.1, "eps": 0.01}),
        ("RMSprop", {"lr": 0.05, "alpha": 0.7, "eps": 0.01}),
        ("Adam", {"lr": 0.05, "betas": (0.7, 0.9), "eps": 0.01}),
    ],
)
def test_an_optimizer_takes_the_steps_of_torch(
    p3: ModuleType, name: str, options: dict[str, Any]
) -> None:
    start = [torch.randn(3, 2, dtype=torch.float64), torch.randn(4, dtype=torch.float64)]
    paths = []
    for home in (p3, torch.optim):
        parameters = [item.clone().requires_grad_() for item in start]
        unused = torch.ones(2, requires_grad=True)
        optimizer = getattr(home, name)(iter([*parameters, unused]), **options)
        for _ in range(30):
            optimizer.zero_grad()
            terms = [(item**2).sum() + torch.cos(item).sum() for item in parameters]
            torch.stack(terms).sum().backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        assert unused.tolist() == [1, 1]
        paths.append([item.detach().numpy() for item in parameters])
    for ours, theirs in zip(*paths, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-13)


def test_the_network_has_three_layers(p3: ModuleType) -> None:
    network = p3.p3_network(20, 4)
    assert [p.shape for p in network.parameters() if p.ndim > 1] == [
        (128, 20),
        (128, 128),
        (4, 128),
    ]
    assert network(torch.ones(5, 20)).shape == (5, 4)


def test_a_training_can_be_repeated(p3: ModuleType) -> None:
    rng = np.random.default_rng(0)
    X, y = rng.uniform(size=(40, 6)), np.arange(40) % 3
    first, second, other = (p3.p3_train("adam", X, y, X[:9], seed) for seed in (1, 1, 2))
    assert first[0] == second[0]
    assert np.array_equal(first[1], second[1])
    assert first[0] != other[0]


def test_a_training_leaves_the_global_generator_alone(p3: ModuleType) -> None:
    X, y = np.ones((8, 4)), np.arange(8) % 2
    p3.p3_train("adam", X, y, X, 0)
    before = torch.random.get_rng_state()
    # Layers draw their first weights from it; they are drawn anew, and nothing depends on that.
    torch.manual_seed(1)
    one = p3.p3_train("adagrad", X, y, X, 0)[0]
    torch.manual_seed(2)
    assert p3.p3_train("adagrad", X, y, X, 0)[0] == one
    torch.random.set_rng_state(before)


def test_the_digits_are_all_there_once(data: ModuleType) -> None:
    found = data.dataset({})
    assert (found["name"], found["scale"]) == ("digits", 16)
    assert (found["X"].shape, found["X_test"].shape) == ((1347, 64), (450, 64))
    assert found["X"].dtype == found["X_test"].dtype == np.uint8
    assert max(found["X"].max(), found["X_test"].max()) == 16
    counts = np.bincount(np.concatenate([found["y"], found["y_test"]]))
    assert counts.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert np.array_equal(found["X"], data.dataset({})["X"])


def idx(array: np.ndarray) -> bytes:
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.astype(np.uint8).tobytes()


@pytest.mark.parametrize("name", ["{}-idx{}-ubyte", "{}.idx{}-ubyte", "{}-idx{}-ubyte.gz"])
def test_mnist_is_read_from_its_files(data: ModuleType, tmp_path: Path, name: str) -> None:
    pictures, labels = np.arange(24).reshape(3, 2, 4), np.array([3, 1, 2])
    for part, picture, label in (("train", pictures, labels), ("t10k", pictures[:2], labels[:2])):
        for kind, array in (("images", picture), ("labels", label)):
            content = idx(array)
            path = tmp_path / name.format(f"{part}-{kind}", array.ndim)
            path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    found = data.dataset({"mnist": tmp_path})
    assert (found["name"], found["scale"]) == ("mnist", 255)
    assert np.array_equal(found["X"], pictures.reshape(3, 8))
    assert np.array_equal(found["X_test"], pictures[:2].reshape(2, 8))
    assert (found["y"].tolist(), found["y_test"].tolist()) == ([3, 1, 2], [3, 1])


def test_without_the_folder_the_digits_are_taken(data: ModuleType, tmp_path: Path) -> None:
    assert data.dataset({"mnist": tmp_path / "mnist"})["name"] == "digits"


def test_a_folder_without_the_files_is_told(data: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no train-images-idx"):
        data.dataset({"mnist": tmp_path})


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "expected an IDX file of unsigned bytes"),
        (b"PK\3\4", "expected an IDX file of unsigned bytes"),
        (b"\0\0\10\3\0", "expected the lengths of 3 axes"),
        (idx(np.zeros((2, 3)))[:-1], r"expected 6 numbers for shape \(2, 3\), found 5"),
    ],
)
def test_what_is_no_idx_file_is_refused(data: ModuleType, content: bytes, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        data.read_idx(content)


def results() -> list[PartResult]:
    """Return the verdicts on the reference, taken for a student's work."""
    found = []
    for problem in ("p2-torch", "p3-optimizers"):
        given = yaml.safe_load((ASSIGNMENT / f"{problem}.yaml").read_text(encoding="utf-8"))
        course = reference(given["reference"])
        for fields in given["parts"]:
            kind = kinds()[fields["kind"]]
            part = kind.model.model_validate(fields)
            plan = kind.plan(part, Planning(course, 0))
            seen = [observe(call, course.loaded) for call in plan.calls]
            judging = Judging(course, answers={"p2-torch-agree": True})
            found.append(kind.judge(part, plan, seen, judging))
    return found


def test_the_reference_earns_every_point() -> None:
    found = results()
    assert {result.id: result.status for result in found} == {
        "p2-torch": Status.CORRECT,
        "p2-torch-agree": Status.CORRECT,
        "p3-network": Status.CORRECT,
        "p3-adagrad": Status.CORRECT,
        "p3-rmsprop": Status.CORRECT,
        "p3-adam": Status.CORRECT,
        "p3-accuracy": Status.CORRECT,
    }
    assert sum(result.points for result in found) == 5
    accuracy = found[-1]
    assert [check.status for check in accuracy.checks] == [Status.CORRECT] * 3
    assert len(accuracy.figures) == 3


@pytest.mark.parametrize("found", [True, False])
def test_the_digits_are_those_of_scikit_learn(
    data: ModuleType, found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not found:
        monkeypatch.setattr(data.importlib.util, "find_spec", lambda _name: None)
    pictures, labels = data._digits()
    given = load_digits()
    np.testing.assert_array_equal(pictures, given.data)
    np.testing.assert_array_equal(labels, given.target)
