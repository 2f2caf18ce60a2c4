"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from grader.messages import training

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    (
        "gradient_count",
        (3,),
        {},
        "Expected 3 gradients, in the order asked for, as a tuple or a list.",
    ),
    (
        "gradient_count",
        (1,),
        {},
        "Expected 1 gradient, in the order asked for, as a tuple or a list.",
    ),
    (
        "wrong_gradient",
        ("W1", "The result is 1; expected 2."),
        {},
        "W1: The result is 1; expected 2.",
    ),
    (
        "also_by_hand",
        ("W1: The result is 1; expected 2.",),
        {},
        (
            "W1: The result is 1; expected 2. torch's automatic differentiation did "
            "not run in the call."
        ),
    ),
    (
        "no_function",
        ("p3_loss", "solution.py"),
        {},
        "solution.py has no function p3_loss.",
    ),
    (
        "not_module",
        ("function",),
        {},
        ("p3_network returned a value of type function; a torch.nn.Module was expected."),
    ),
    (
        "not_tensor",
        ("tuple",),
        {},
        "The network returned a value of type tuple; a tensor was expected.",
    ),
    (
        "wrong_output",
        ((3,), (40, 10)),
        {},
        (
            "For 40 rows and 10 classes the output has shape (3,); expected (40, 10), "
            "one number for each class."
        ),
    ),
    (
        "loss_type",
        ("p3_loss", "float"),
        {},
        ("p3_loss returned a value of type float; a tensor with one number was expected."),
    ),
    (
        "loss_shape",
        ("p3_loss", (40,)),
        {},
        ("p3_loss returned a tensor of shape (40,); expected one number, a mean."),
    ),
    (
        "loss_not_finite",
        (float("nan"),),
        {},
        "The loss is nan; a finite number was expected.",
    ),
    (
        "layer_count",
        ([(8, 64), (10, 8)], 3),
        {},
        (
            "Expected 3 weight layers, found 2: (8, 64), (10, 8). Every matrix or "
            "kernel that a row is multiplied with counts as one; biases, normalisations "
            "and whatever is only added do not."
        ),
    ),
    (
        "layer_count",
        ([], 1),
        {},
        (
            "Expected 1 weight layer, found 0. Every matrix or kernel that a row is "
            "multiplied with counts as one; biases, normalisations and whatever is only "
            "added do not."
        ),
    ),
    (
        "loss_stays",
        (2.302585, 2.302585),
        {},
        (
            "The loss does not fall under plain gradient descent: it is 2.303 at first "
            "and 2.303 in the end, with any step size."
        ),
    ),
    (
        "percent",
        (Fraction(2, 3),),
        {},
        "66.6 %",
    ),
    (
        "percent",
        (Fraction(1, 1),),
        {},
        "100 %",
    ),
    (
        "percent",
        (Fraction(19, 20),),
        {},
        "95 %",
    ),
    (
        "accuracy",
        (Fraction(97, 100), Fraction(24, 25)),
        {},
        "97 % of the test set.",
    ),
    (
        "accuracy",
        (Fraction(19, 20), Fraction(49, 50)),
        {},
        "95 % of the test set. 98 % are asked for: 3 points are lacking.",
    ),
    (
        "accuracies",
        (
            [("adam", Fraction(49, 50), False), ("adagrad", Fraction(97, 100), True)],
            2,
            Fraction(24, 25),
        ),
        {},
        (
            "Right: 98 % with adam, 97 % for adagrad (its class took no step). Asked for "
            "were 96 % with 2 optimizers."
        ),
    ),
    (
        "accuracies",
        ([("adam", Fraction(49, 50), False)], 1, Fraction(24, 25)),
        {},
        "Right: 98 % with adam. Asked for were 96 % with 1 optimizer.",
    ),
    (
        "loss_class",
        ("p3_loss", "CrossEntropyLoss"),
        {},
        "p3_loss is a class; make an instance of it: p3_loss = CrossEntropyLoss().",
    ),
    (
        "not_finite_note",
        (3, float("inf")),
        {},
        "Note: the loss of epoch 3 is inf.",
    ),
    (
        "no_steps",
        ("adagrad",),
        {},
        "Note: the class for adagrad took no step in this training.",
    ),
    (
        "too_few",
        (["adam"], 2, 3, Fraction(24, 25)),
        {},
        ("96 % on the test set are asked for with 2 of 3 optimizers; only adam got there."),
    ),
    (
        "too_few",
        ([], 2, 3, Fraction(24, 25)),
        {},
        ("96 % on the test set are asked for with 2 of 3 optimizers; none got there."),
    ),
    (
        "each",
        ("adam", "95 % of the test set."),
        {},
        "adam: 95 % of the test set.",
    ),
    (
        "not_a_pair",
        ("dict",),
        {},
        ("It returned a value of type dict; (history, predictions) was expected."),
    ),
    (
        "history_not_finite",
        (3, float("nan")),
        {},
        (
            "The loss of epoch 3 is nan: the training has blown up. Try a smaller "
            "learning rate, and look for the logarithm of zero or a division by zero."
        ),
    ),
    (
        "prediction_shape",
        ((9,), 10),
        {},
        ("The predictions have shape (9,); expected (10,), one label for each row of X_test."),
    ),
    (
        "prediction_shape",
        ((10, 5), 10),
        {},
        (
            "The predictions have shape (10, 5); expected (10,), one label for each "
            "row of X_test. Return the class with the largest output: argmax over the "
            "second axis."
        ),
    ),
    (
        "prediction_type",
        ("Text came back ('a'); numbers were expected.",),
        {},
        "Predictions: Text came back ('a'); numbers were expected.",
    ),
    (
        "history_title",
        ("adam",),
        {},
        "adam: loss per epoch",
    ),
    (
        "history_text",
        ("adam", [2.0, 0.5], [1.5, 0.25, 0.125]),
        {},
        (
            "With adam, the loss goes from 2 to 0.5 in 2 epochs; that of the "
            "reference, which may be another kind of loss, from 1.5 to 0.125 in 3 "
            "epochs."
        ),
    ),
    (
        "stays_at_chance",
        (0.69312, 0.693147),
        {},
        (
            "The loss stays at 0.6931, about 0.6931, which is what guessing costs: no "
            "gradient comes through the layer. forward has to return max(x, 0), and "
            "backward has to let grad through where x > 0."
        ),
    ),
    (
        "learns_too_little",
        (0.8, 0.93),
        {},
        (
            "The validation accuracy with this ReLU is 0.8000 in the end; at least "
            "0.93 was expected. Look at forward and backward once more."
        ),
    ),
    (
        "loss_blows_up",
        (2,),
        {},
        ("The loss is no finite number after epoch 2: look at forward and backward."),
    ),
    (
        "declared",
        (0.9, 0.9716, 0.02),
        {},
        ("0.9 was declared, but the training gives 0.9716; they may differ by 0.02."),
    ),
    (
        "declared_hidden",
        (0.9, 0.02),
        {},
        (
            "0.9 was declared, and the training gives something else by more than "
            "0.02: run the script again, and write down its last accuracy."
        ),
    ),
    (
        "declared_right",
        (0.97,),
        {},
        "0.97 is what the training gives.",
    ),
    (
        "figure_expected",
        ("high",),
        {},
        "Expected an accuracy such as 0.97 or 97 %, found 'high'.",
    ),
    (
        "retraining_title",
        (),
        {},
        "Training loss with sigmoid and ReLU",
    ),
    (
        "retraining_text",
        ([("sigmoid", 0.7, 0.3), ("ReLU, yours", 0.6, 0.05)],),
        {},
        ("The training loss per epoch. sigmoid: from 0.7 to 0.3; ReLU, yours: from 0.6 to 0.05."),
    ),
    ("asks_accuracy", ("ReLU",), {}, "The last validation accuracy with ReLU."),
]
CONSTANTS: Mapping[str, str] = {
    "GRADIENTS_RIGHT": "torch's automatic differentiation ran in each call.",
    "UNBOUNDED": (
        "The loss has no lower bound: under gradient descent it falls and falls, and the outputs "
        "grow with it. A loss compares each output with the others, as cross-entropy does, or with "
        "a target."
    ),
    "NO_STEP_AT_ALL": (
        "But none of the optimizer classes took a step in any of these trainings: a person looks "
        "at how the network was trained."
    ),
    "BY_PERSON": "The network was trained with the optimizers that were asked for.",
    "BY_HAND": (
        "The values are right, but torch's automatic differentiation did not run "
        "in the call: make tensors with requires_grad=True of the matrices, "
        "compute f from them, and call f.backward() or torch.autograd.grad."
    ),
    "NETWORK_RIGHT": "Right: three layers, and a loss that falls under gradient descent.",
    "NO_PARAMETERS": (
        "The network has no parameters: layers in a plain list are not registered; "
        "use torch.nn.Sequential or torch.nn.ModuleList, and call "
        "super().__init__() first."
    ),
    "NO_GRADIENT": (
        "The loss does not depend on any parameter in a way that torch can "
        "differentiate: is there an item(), a detach(), an argmax or a conversion "
        "to NumPy on the way?"
    ),
    "LOSS_RISES_WITH_TRUTH": (
        "Gradient descent on this loss makes the output of the right class smaller "
        "than that of the others: is the sign of the loss the wrong way round?"
    ),
    "LOSS_BLIND": (
        "After gradient descent, the loss is no larger for wrong labels than for "
        "the right ones: does p3_loss use its second argument?"
    ),
    "UNREADABLE": "What came back of this run is no result of a training.",
    "HISTORY_EMPTY": "The history is empty; it has the loss of each epoch.",
    "HISTORY_SHAPE": "The history is no list of numbers; it has one loss for each epoch.",
    "CONSTANT": "Every prediction is the same class: the network has not been trained.",
    "DIVERGED": "The loss grows from epoch to epoch: try a smaller learning rate.",
    "YOURS": "yours",
    "REFERENCE": "reference",
    "EPOCH": "epoch",
    "LOSS": "loss",
    "SIGMOID_REFERENCE": "sigmoid",
    "RELU_REFERENCE": "ReLU, reference",
    "RELU_YOURS": "ReLU, yours",
    "SCRIPT_UNREADABLE": "What came back of the training is no list of losses and accuracies.",
    "LEARNS": "The training learns with this ReLU.",
    "SWAPPED": "The two figures seem to have changed places.",
    "NOT_MEASURED": ("It could not be checked, since the training with this ReLU did not run."),
    "RETRAINED": "Right: it learns, and the figures are those that were measured.",
}


def test_every_sentence_reads_like_this() -> None:
    check(training, SENTENCES, CONSTANTS)
