"""Sentences about networks, training, and gradients that torch is to compute."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from grader.messages.results import shape_text
from grader.messages.text import counted

GRADIENTS_RIGHT = "torch's automatic differentiation ran in each call."
BY_HAND = (
    "The values are right, but torch's automatic differentiation did not run in the call: make "
    "tensors with requires_grad=True of the matrices, compute f from them, and call f.backward() "
    "or torch.autograd.grad."
)
NETWORK_RIGHT = "Right: three layers, and a loss that falls under gradient descent."
NO_PARAMETERS = (
    "The network has no parameters: layers in a plain list are not registered; use "
    "torch.nn.Sequential or torch.nn.ModuleList, and call super().__init__() first."
)
NO_GRADIENT = (
    "The loss does not depend on any parameter in a way that torch can differentiate: is there an "
    "item(), a detach(), an argmax or a conversion to NumPy on the way?"
)
LOSS_RISES_WITH_TRUTH = (
    "Gradient descent on this loss makes the output of the right class smaller than that of the "
    "others: is the sign of the loss the wrong way round?"
)
UNBOUNDED = (
    "The loss has no lower bound: under gradient descent it falls and falls, and the outputs grow "
    "with it. A loss compares each output with the others, as cross-entropy does, or with a target."
)
LOSS_BLIND = (
    "After gradient descent, the loss is no larger for wrong labels than for the right ones: does "
    "p3_loss use its second argument?"
)
UNREADABLE = "What came back of this run is no result of a training."
HISTORY_EMPTY = "The history is empty; it has the loss of each epoch."
HISTORY_SHAPE = "The history is no list of numbers; it has one loss for each epoch."
CONSTANT = "Every prediction is the same class: the network has not been trained."
DIVERGED = "The loss grows from epoch to epoch: try a smaller learning rate."
NO_STEP_AT_ALL = (
    "But none of the optimizer classes took a step in any of these trainings: a person looks at "
    "how the network was trained."
)
BY_PERSON = "The network was trained with the optimizers that were asked for."
YOURS, REFERENCE = "yours", "reference"
EPOCH, LOSS = "epoch", "loss"
SIGMOID_REFERENCE, RELU_REFERENCE, RELU_YOURS = "sigmoid", "ReLU, reference", "ReLU, yours"
SCRIPT_UNREADABLE = "What came back of the training is no list of losses and accuracies."
LEARNS = "The training learns with this ReLU."
SWAPPED = "The two figures seem to have changed places."
NOT_MEASURED = "It could not be checked, since the training with this ReLU did not run."
RETRAINED = "Right: it learns, and the figures are those that were measured."


def gradient_count(count: int) -> str:
    """Return the sentence for something else than a list of gradients."""
    return f"Expected {counted(count, 'gradient')}, in the order asked for, as a tuple or a list."


def wrong_gradient(name: str, says: str) -> str:
    """Return the sentence for a gradient with respect to one argument."""
    return f"{name}: {says}"


def also_by_hand(says: str) -> str:
    """Return the same with the remark that autograd did not run."""
    return f"{says} torch's automatic differentiation did not run in the call."


def no_function(name: str, file: str) -> str:
    """Return the sentence for a second function that is not there."""
    return f"{file} has no function {name}."


def not_module(found: str) -> str:
    """Return the sentence for a network that is something else."""
    return f"p3_network returned a value of type {found}; a torch.nn.Module was expected."


def not_tensor(found: str) -> str:
    """Return the sentence for an output that is something else."""
    return f"The network returned a value of type {found}; a tensor was expected."


def wrong_output(shape: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    """Return the sentence for an output of another shape."""
    return (
        f"For {wanted[0]} rows and {wanted[1]} classes the output has shape {shape_text(shape)}; "
        f"expected {shape_text(wanted)}, one number for each class."
    )


def loss_class(name: str, found: str) -> str:
    """Return the sentence for a loss that is a class."""
    return f"{name} is a class; make an instance of it: {name} = {found}()."


def loss_type(name: str, found: str) -> str:
    """Return the sentence for a loss that is no tensor."""
    return f"{name} returned a value of type {found}; a tensor with one number was expected."


def loss_shape(name: str, shape: tuple[int, ...]) -> str:
    """Return the sentence for a loss of several numbers."""
    return f"{name} returned a tensor of shape {shape_text(shape)}; expected one number, a mean."


def loss_not_finite(value: float) -> str:
    """Return the sentence for a loss that is NaN or infinite."""
    return f"The loss is {value}; a finite number was expected."


def layer_count(shapes: Sequence[tuple[int, ...]], wanted: int) -> str:
    """Return the sentence for another number of layers."""
    found = f": {', '.join(map(str, shapes))}" if shapes else ""
    return (
        f"Expected {counted(wanted, 'weight layer')}, found {len(shapes)}{found}. Every matrix or "
        "kernel that a row is multiplied with counts as one; biases, normalisations and whatever "
        "is only added do not."
    )


def loss_stays(first: float, last: float) -> str:
    """Return the sentence for a loss that gradient descent does not lower."""
    return (
        f"The loss does not fall under plain gradient descent: it is {first:.4g} at first and "
        f"{last:.4g} in the end, with any step size."
    )


def percent(share: Fraction) -> str:
    """Return a share as a percentage with one decimal, cut and never rounded up.

    >>> percent(Fraction(2, 3)), percent(Fraction(1))
    ('66.6 %', '100 %')
    """
    text = f"{floor(share * 1000) / 10:.1f}".removesuffix(".0")
    return f"{text} %"


def accuracy(share: Fraction, wanted: Fraction) -> str:
    """Return how accurate the predictions are, and what is lacking."""
    says = f"{percent(share)} of the test set."
    if share >= wanted:
        return says
    lacks = percent(wanted - share)
    return f"{says} {percent(wanted)} are asked for: {lacks.removesuffix(' %')} points are lacking."


def accuracies(found: Sequence[tuple[str, Fraction, bool]], enough: int, wanted: Fraction) -> str:
    """Return the summary of a training that is accurate enough with some of the optimizers.

    Each has its name, its share, and whether its class took no step.
    """
    each = ", ".join(
        f"{percent(share)} for {name} (its class took no step)"
        if idle
        else f"{percent(share)} with {name}"
        for name, share, idle in found
    )
    asked = counted(enough, "optimizer")
    return f"Right: {each}. Asked for were {percent(wanted)} with {asked}."


def too_few(found: Sequence[str], enough: int, total: int, wanted: Fraction) -> str:
    """Return the summary of a training that is not accurate enough."""
    reached = "none" if not found else f"only {', '.join(found)}"
    return (
        f"{percent(wanted)} on the test set are asked for with {enough} of {total} optimizers; "
        f"{reached} got there."
    )


def each(name: str, says: str) -> str:
    """Return what is said of one optimizer."""
    return f"{name}: {says}"


def not_a_pair(found: str) -> str:
    """Return the sentence for a training that does not return two things."""
    return f"It returned a value of type {found}; (history, predictions) was expected."


def history_not_finite(epoch: int, value: float) -> str:
    """Return the sentence for a loss that is NaN or infinite in an epoch."""
    return (
        f"The loss of epoch {epoch} is {value}: the training has blown up. Try a smaller learning "
        "rate, and look for the logarithm of zero or a division by zero."
    )


def not_finite_note(epoch: int, value: float) -> str:
    """Return the note for such a loss where the predictions are good nonetheless."""
    return f"Note: the loss of epoch {epoch} is {value}."


def no_steps(name: str) -> str:
    """Return the note for a training in which the optimizer that was asked for had no part."""
    return f"Note: the class for {name} took no step in this training."


def prediction_shape(shape: tuple[int, ...], count: int) -> str:
    """Return the sentence for predictions of another shape."""
    says = (
        f"The predictions have shape {shape_text(shape)}; expected ({count},), one label for each "
        "row of X_test."
    )
    if len(shape) == 2 and shape[0] == count:
        says += " Return the class with the largest output: argmax over the second axis."
    return says


def prediction_type(says: str) -> str:
    """Return the sentence for predictions that are no numbers."""
    return f"Predictions: {says}"


def history_title(name: str) -> str:
    """Return the title of a picture of a training."""
    return f"{name}: loss per epoch"


def history_text(name: str, losses: Sequence[float], reference: Sequence[float]) -> str:
    """Return a picture of a training in words."""
    return (
        f"With {name}, the loss goes from {losses[0]:.4g} to {losses[-1]:.4g} in "
        f"{counted(len(losses), 'epoch')}; that of the reference, which may be another kind of "
        f"loss, from {reference[0]:.4g} to {reference[-1]:.4g} in "
        f"{counted(len(reference), 'epoch')}."
    )


def stays_at_chance(loss: float, chance: float) -> str:
    """Return the sentence for a training that does not leave the loss of guessing."""
    return (
        f"The loss stays at {loss:.4g}, about {chance:.4g}, which is what guessing costs: no "
        "gradient comes through the layer. forward has to return max(x, 0), and backward has to "
        "let grad through where x > 0."
    )


def learns_too_little(accuracy: float, least: float) -> str:
    """Return the sentence for a training that learns, but not enough."""
    return (
        f"The validation accuracy with this ReLU is {accuracy:.4f} in the end; at least "
        f"{least:g} was expected. Look at forward and backward once more."
    )


def loss_blows_up(epoch: int) -> str:
    """Return the sentence for a training whose loss is no finite number any more."""
    return f"The loss is no finite number after epoch {epoch}: look at forward and backward."


def declared(given: float, measured: float, within: float) -> str:
    """Return the sentence for a figure in answers.yaml that is off."""
    return (
        f"{given:g} was declared, but the training gives {measured:.4f}; they may differ by "
        f"{within:g}."
    )


def declared_hidden(given: float, within: float) -> str:
    """Return the same without the figure that is right."""
    return (
        f"{given:g} was declared, and the training gives something else by more than {within:g}: "
        "run the script again, and write down its last accuracy."
    )


def declared_right(given: float) -> str:
    """Return the sentence for a figure that is right."""
    return f"{given:g} is what the training gives."


def figure_expected(found: str) -> str:
    """Return the sentence for a figure that is no share."""
    return f"Expected an accuracy such as 0.97 or 97 %, found {found[:60]!r}."


def retraining_title() -> str:
    """Return the title of the picture of the trainings with both nonlinearities."""
    return "Training loss with sigmoid and ReLU"


def retraining_text(found: Sequence[tuple[str, float, float]]) -> str:
    """Return that picture in words: label, first and last loss of each curve."""
    each = "; ".join(f"{label}: from {first:.4g} to {last:.4g}" for label, first, last in found)
    return f"The training loss per epoch. {each}."


def asks_accuracy(operation: str) -> str:
    """Return what is asked of a training, on the sheet for answers."""
    return f"The last validation accuracy with {operation}."
