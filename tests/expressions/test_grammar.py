"""What can be read, how it is read, and what is said of the rest."""

# ruff: noqa: RUF001  (look-alikes of - and x are what is tested)

from __future__ import annotations

import tracemalloc
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.expressions import algebra, conditions, grammar, orders
from grader.expressions.tree import Expression, ExpressionError, Relation
from grader.expressions.writing import text

from .trees import NAMES, trees

READ = [
    # powers
    ("2n^2", "2n²"),
    ("2n**2", "2n²"),
    ("2*n**2", "2n²"),
    ("2 n²", "2n²"),
    ("2n^{2}", "2n²"),
    ("2n^(2)", "2n²"),
    ("$2n^2$", "2n²"),
    ("$2n^{2}$", "2n²"),
    ("\\(2n^2\\)", "2n²"),
    ("n^12", "n¹²"),
    ("n¹²", "n¹²"),
    ("n^-1", "n⁻¹"),
    ("n⁻¹", "n⁻¹"),
    ("n⁺²", "n²"),
    ("2^n", "2^n"),
    ("2^(2n)", "2^(2n)"),
    ("n^0.5", "n^0.5"),
    ("(n+m)^2", "(n + m)²"),
    ("(2n)²", "(2n)²"),
    ("-n^2", "−n²"),
    # products
    ("3mn", "3mn"),
    ("3 m n", "3mn"),
    ("3*m*n", "3mn"),
    ("3·m·n", "3mn"),
    ("3×m×n", "3mn"),
    ("3 \\cdot m \\times n", "3mn"),
    ("3⋅m∙n", "3mn"),
    ("n*2", "n·2"),
    ("n(2n+m)", "n(2n + m)"),
    ("n (2n + m)", "n(2n + m)"),
    ("(2n+m)n", "(2n + m)n"),
    ("(m+n)(m-n)", "(m + n)(m − n)"),
    ("2(m+n+mn)", "2(m + n + mn)"),
    ("2[m+n+mn]", "2(m + n + mn)"),
    ("2\\left(m+n+mn\\right)", "2(m + n + mn)"),
    ("2{m}", "2m"),
    ("m\\,n", "mn"),
    ("m\u2062n", "mn"),
    ("N", "n"),
    ("3MN", "3mn"),
    # fractions
    ("n/2", "n/2"),
    ("n÷2", "n/2"),
    ("\\frac{n}{2}", "n/2"),
    ("\\frac{n(n+1)}{2}", "n(n + 1)/2"),
    ("n(n+1)/2", "n(n + 1)/2"),
    ("1/2 n", "(1/2)n"),
    ("1/2 n m", "(1/2)nm"),
    ("(1/2)n", "(1/2)n"),
    ("½n", "0.5n"),
    ("⅓n", "⅓n"),
    ("1/(2n)", "1/(2n)"),
    ("n/2/m", "(n/2)/m"),
    ("n/2*m", "(n/2)m"),
    ("0.5n", "0.5n"),
    (".5n", "0.5n"),
    ("n/m + 1", "n/m + 1"),
    # sums
    ("n^2 + 3n", "n² + 3n"),
    ("n^2+3n", "n² + 3n"),
    ("n^2 - 3n", "n² − 3n"),
    ("n^2 − 3n", "n² − 3n"),
    ("n^2 – 3n", "n² − 3n"),
    ("-n + m", "−n + m"),
    ("+n", "n"),
    ("2*-n", "2(−n)"),
    ("2*+n", "2n"),
    ("n\n + m", "n + m"),
    ("  n + m  ", "n + m"),
    ("n + m.", "n + m"),
    ("n - (m - 1)", "n − (m − 1)"),
    ("(n + m) + 1", "(n + m) + 1"),
    # functions
    ("n log n", "n log(n)"),
    ("n log(n)", "n log(n)"),
    ("n*log(n)", "n log(n)"),
    ("nlogn", "n log(n)"),
    ("n \\log n", "n log(n)"),
    ("n Log n", "n log(n)"),
    ("log^2 n", "log(n)²"),
    ("log(n)^2", "log(n)²"),
    ("log n^2", "log(n²)"),
    ("log 2", "log(2)"),
    ("log log n", "log(log(n))"),
    ("log n log m", "log(n)·log(m)"),
    ("log(n) m", "log(n)·m"),
    ("ln n", "ln(n)"),
    ("lg n", "log2(n)"),
    ("log2(n)", "log2(n)"),
    ("log_2 n", "log2(n)"),
    ("log_{10} n", "log10(n)"),
    ("\\log_2(n)", "log2(n)"),
    ("sqrt(n)", "sqrt(n)"),
    ("√n", "sqrt(n)"),
    ("\\sqrt{n m}", "sqrt(nm)"),
    ("exp(n)", "exp(n)"),
    # orders
    ("O(n)", "O(n)"),
    ("O(n·m)", "O(nm)"),
    ("O(n m)", "O(nm)"),
    ("O(mn)", "O(mn)"),
    ("O (n)", "O(n)"),
    ("O[n]", "O(n)"),
    ("O{n}", "O(n)"),
    ("O(1)", "O(1)"),
    ("O(n log n)", "O(n log(n))"),
    ("Θ(n)", "Θ(n)"),
    ("\\Theta(n)", "Θ(n)"),
    ("\\mathcal{O}(n m)", "O(nm)"),
    ("\\mathcal O(n)", "O(n)"),
    ("$\\mathcal{O}\\left(n\\right)$", "O(n)"),
    ("\\operatorname{O}(n)", "O(n)"),
    ("𝒪(n)", "O(n)"),
    ("O(n) + O(m)", "O(n) + O(m)"),
    # comparisons
    ("m > n", "m > n"),
    ("m>n", "m > n"),
    ("n < m", "n < m"),
    ("m >= n", "m ≥ n"),
    ("m => n", "m ≥ n"),
    ("m ≥ n", "m ≥ n"),
    ("m \\geq n", "m ≥ n"),
    ("n <= m", "n ≤ m"),
    ("n ≤ m", "n ≤ m"),
    ("m = n", "m = n"),
    ("m - n > 0", "m − n > 0"),
    ("max(n, m)", "max(n, m)"),
    ("3n + m + max(n^2, m n)", "3n + m + max(n², mn)"),
    ("2 min{n, m, 1}^2", "2 min(n, m, 1)²"),
    ("\\max(n,m) \\cdot{} 2", "max(n, m)·2"),
    ("max(n,m) n", "max(n, m)·n"),
    ("nmax(n, m)", "n max(n, m)"),
    ("O(max[n, m])", "O(max(n, m))"),
    ("Theta(n)", "Θ(n)"),
    ("theta(n)", "Θ(n)"),
    ("θ(n)", "Θ(n)"),
    ("\\bigO{n}", "O(n)"),
    ("\\bigO(n)", "O(n)"),
    ("\\mathit{O}(n)", "O(n)"),
    ("O\\bigl(n\\bigr)", "O(n)"),
    ("O\\biggl( n m \\biggr)", "O(nm)"),
    ("n \\cdot{} m", "nm"),
    ("O(\\text{n})", "O(n)"),
    ("(n-1) x m", "(n − 1)m"),
    ("3 x n x m", "3nm"),
    ("`2n`", "2n"),
    ("**O(n)**", "O(n)"),
    ("'2n'.", "2n"),
    ('"2n"', "2n"),
    ("“2n”", "2n"),
    ("= 2n", "2n"),
    ("𝑂(𝑛)", "O(n)"),
    ("2𝐧", "2n"),
    ("２ｎ", "2n"),
    ("m ＞ n", "m > n"),
]


@pytest.mark.parametrize(("written", "read_as"), READ)
def test_what_people_write_is_read(written: str, read_as: str) -> None:
    assert text(grammar.parse(written, NAMES)) == read_as


@pytest.mark.parametrize("written", [written for written, _ in READ])
def test_what_was_read_is_read_the_same_again(written: str) -> None:
    tree = grammar.parse(written, NAMES)
    assert grammar.parse(text(tree), NAMES) == tree


@pytest.mark.parametrize(
    ("written", "names", "read_as"),
    [
        ("R*D - D", ["R", "D"], "RD − D"),
        ("(R-1)D", ["R", "D"], "(R − 1)D"),
        ("(R−1)·D", ["R", "D"], "(R − 1)D"),
        ("(r-1)d", ["R", "D"], "(R − 1)D"),
        ("O(dT)", ["T", "d"], "O(dT)"),
        ("O(TD)", ["T", "d"], "O(Td)"),
        ("Nn", ["N", "n"], "Nn"),
        ("batch*n", ["batch", "n"], "batch·n"),
        ("nbatch", ["batch", "n"], "n·batch"),
        ("2 λ", ["λ"], "2λ"),
        ("2 \\lambda", ["λ"], "2λ"),
        ("n1 n12", ["n1", "n12"], "n1·n12"),
    ],
)
def test_the_names_are_those_that_are_given(written: str, names: list[str], read_as: str) -> None:
    tree = grammar.parse(written, names)
    assert text(tree) == read_as
    assert grammar.parse(text(tree), names) == tree


UNREADABLE = [
    ("", 0, "there is nothing to read."),
    ("  $ $ ", 0, "there is nothing to read."),
    ("k", 1, "found 'k'; expected one of the names n, m."),
    ("2n + mk", 7, "found 'k'; expected one of the names n, m."),
    ("n + time", 5, "found 'time'; expected one of the names n, m."),
    ("depends on n", 1, "found 'depends'; expected one of the names n, m."),
    ("\\foo n", 1, "found '\\foo'; expected one of the names n, m."),
    ("n @ m", 3, "found '@', which has no meaning here."),
    ("n!", 2, "found '!', which has no meaning here."),
    ("n, m", 2, "found ',', which has no meaning here."),
    ("n_1", 2, "found '_', which has no meaning here."),
    ("n +", 4, "the text ends here; expected a number, a name or a bracket."),
    ("n^", 3, "the text ends here; expected a number, a name or a bracket."),
    ("log", 4, "the text ends here; expected a number, a name or a bracket."),
    ("m > ", 4, "the text ends here; expected a number, a name or a bracket."),
    ("(n", 1, "the bracket '(' is not closed."),
    ("n(2n+m", 2, "the bracket '(' is not closed."),
    ("n^{2", 3, "the bracket '{' is not closed."),
    ("n)", 2, "found ')', but no bracket is open."),
    ("(n]", 3, "found ']'; expected ')', as the bracket was opened."),
    ("()", 2, "found ')'; expected a number, a name or a bracket."),
    ("n ++ m", 4, "found '+'; expected a number, a name or a bracket."),
    ("--n", 2, "found '-'; expected a number, a name or a bracket."),
    ("* n", 1, "found '*'; expected a number, a name or a bracket."),
    ("n2", 2, "found '2' behind a factor; write 2n for a product and n^2 for a power."),
    ("(n)2", 4, "found '2' behind a factor; write 2n for a product and n^2 for a power."),
    ("2 3", 3, "found '3' behind a factor; write 2n for a product and n^2 for a power."),
    ("n^2^3", 4, "found a second exponent, '^'; use brackets to say what it raises."),
    ("n²³²^2", 5, "found a second exponent, '^'; use brackets to say what it raises."),
    ("1 < n < m", 7, "found '<'; expected one comparison at most, of two complete sides."),
    ("(n < m)", 4, "found '<'; expected one comparison at most, of two complete sides."),
    ("\\frac{1}n", 9, "found 'n'; expected a number, a name or a bracket."),
    (
        "1/2n",
        4,
        (
            "it is not clear whether this belongs to the denominator; use brackets, as in "
            "(1/2)n or 1/(2n)."
        ),
    ),
    (
        "n/2 m",
        5,
        (
            "it is not clear whether this belongs to the denominator; use brackets, as in "
            "(1/2)n or 1/(2n)."
        ),
    ),
    (
        "log n m",
        7,
        (
            "it is not clear whether this belongs to the function before it; use brackets, as in "
            "log(n)."
        ),
    ),
    (
        "2^2n",
        4,
        (
            "it is not clear whether this belongs to the exponent; use a sign or brackets, as in "
            "2^(2n)."
        ),
    ),
    (
        "n^mn",
        4,
        (
            "it is not clear whether this belongs to the exponent; use a sign or brackets, as in "
            "2^(2n)."
        ),
    ),
    ("o(n)", 1, "found 'o', which is a strict bound; expected the capital letter O."),
    ("Ω(n)", 1, "found 'Ω', which is a lower bound; expected the capital letter O."),
    ("\\Omega(n)", 1, "found 'Ω', which is a lower bound; expected the capital letter O."),
    ("ω(n)", 1, "found 'ω', which is a strict bound; expected the capital letter O."),
    ("O n", 1, "found 'O' without brackets; expected O(…)."),
    (31 * "9", 1, "found a number of more than 30 digits."),
    ("n^" + 31 * "9", 3, "found a number of more than 30 digits."),
    ("n" + 31 * "²", 2, "found a number of more than 30 digits."),
    (501 * "n", 0, "found 501 characters; expected at most 500."),
    ("n, m", 2, "found ',', which has no meaning here."),
    ("max(n, (n, m))", 10, "found ',', which has no meaning here."),
    ("max(n)", 6, "found ')'; expected a sign such as + or *, or the end."),
    ("max n", 2, "found 'a'; expected one of the names n, m."),
    ("x n", 1, "found 'x'; expected one of the names n, m."),
    (40 * "(", 31, "found more than 30 nested brackets, or more than 30 functions."),
    (40 * "√" + "n", 31, "found more than 30 nested brackets, or more than 30 functions."),
]


@pytest.mark.parametrize(("written", "column", "says"), UNREADABLE)
def test_what_cannot_be_read_is_told_with_its_column(written: str, column: int, says: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        grammar.parse(written, NAMES)
    assert (caught.value.column, caught.value.says) == (column, says)


def test_an_expression_is_no_comparison() -> None:
    with pytest.raises(ExpressionError, match="found a comparison"):
        grammar.expression("m > n", NAMES)


def test_a_relation_needs_a_sign() -> None:
    with pytest.raises(ExpressionError, match="found no sign of comparison"):
        grammar.relation("m", NAMES)


@pytest.mark.parametrize("code", ["__import__('os')", "().__class__", "lambda: n", "n if m else n"])
def test_python_is_not_understood(code: str) -> None:
    with pytest.raises(ExpressionError):
        grammar.parse(code, NAMES)


@given(trees())
def test_every_expression_survives_being_written_and_read(tree: Expression) -> None:
    assert grammar.parse(text(tree), NAMES) == tree


PIECES = [
    "max(",
    ",",
    *"nmkT0123456789+-*/^()[]{}<>=.,²³⁻−·×√½OΘo \\$!_'\"é\n\x00",
    "log ",
    "**",
    "\\frac",
    "<=",
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=60))
@example(500 * "(")
@example(250 * "n+")
@example(500 * "n")
@example("n^999999999")
@example("(n+m)^99999999")
@example(f"(n+m){60 * '(n+m)'}")
@example("((((n^50)^50)^50)^50)^50")
@example("2^(2^(2^(2^(2^(2^n)))))")
@example("999999999^(999999999^0.5)")
@example(60 * "sqrt(n)+" + "n")
@example("exp(exp(exp(exp(n))))")
@example("log(0)")
@example("n/(m-m)")
@example("/".join(100 * ["(n+m)"]))
def test_any_text_gives_a_tree_or_a_sentence(written: str) -> None:
    error = _use(written)
    assert error is None or error.says
    assert error is None or 0 <= error.column <= len(written) + 1


def _use(written: str) -> ExpressionError | None:
    """Do all that is ever done with a text; return why that is not possible."""
    try:
        tree = grammar.parse(written, NAMES)
        assert grammar.parse(text(tree), NAMES) == tree
        if isinstance(tree, Relation):
            conditions.condition(tree, NAMES)
            return None
        orders.same(tree, tree, NAMES)
        algebra.polynomial(orders.without_orders(tree), NAMES)
        algebra.equal(tree, grammar.expression("n log m", NAMES), NAMES)
    except ExpressionError as error:
        return error
    return None


HEAVY = [
    "+".join(f"n^{i}m^{23 - i}" for i in range(24)),
    "(" + "+".join(f"n^{i}" for i in range(1, 40)) + ")^2",
    "("
    + "+".join(f"n^{i}" for i in range(1, 30))
    + ")("
    + "+".join(f"m^{i}" for i in range(30))
    + ")",
    "*".join(60 * ["(n+m)"]),
    "(n+m+1)^24",
    "(n+m+1)^60",
    "(n/m+m+1)^24",
    "+".join(f"sqrt(n^{i} m^{40 - i})" for i in range(30)),
    "/".join(80 * ["(n+m)"]),
    "+".join(f"1/(n+{i})" for i in range(60)),
    30 * "(" + "n+m" + 30 * ")^30",
    "9^999999999",
    "n^(9999999999999999)",
    "exp(exp(exp(exp(n))))",
    "((((9999999999^999)^999)^999)^999)",
]


@pytest.mark.parametrize("written", HEAVY)
def test_large_expressions_come_to_an_end_in_little_memory(written: str) -> None:
    _use("n")  # what is made once is made
    tracemalloc.start()
    _use(written[:500])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6


def test_numbers_are_exact() -> None:
    tree = grammar.expression("0.1 + 0.2", [])
    assert algebra.polynomial(tree, []) == {(): Fraction(3, 10)}
