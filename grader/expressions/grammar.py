"""The grammar of written maths, and the trees that it gives.

What can be read in two ways is refused with the two ways, rather than guessed: `1/2n` may be half
of n or one over 2n, and `log n m` the logarithm of n, times m, or that of the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from grader import messages
from grader.expressions.tokens import Token, number, tokens
from grader.expressions.tree import (
    Call,
    Expression,
    ExpressionError,
    Extreme,
    Name,
    Negative,
    Number,
    Order,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Tree,
)

if TYPE_CHECKING:
    import lark

GRAMMAR = r"""
start: sum | relation
relation: sum RELATION sum
sum: [PLUS | MINUS] term ((PLUS | MINUS) term)*
term: head tail*
tail: (TIMES | DIVIDE) [PLUS | MINUS] head   -> operated
    | opened                                 -> juxtaposed
?head: NUMBER [exponent]                     -> powered
    | opened
?opened: (name | group | call | fraction | extreme | order) [exponent]  -> powered
    | bare_call
name: NAME
group: LPAR sum RPAR | LBRACE sum RBRACE | LBRACKET sum RBRACKET
fraction: FRAC group group
order: ORDER group
extreme: EXTREME LPAR sum (COMMA sum)+ RPAR
    | EXTREME LBRACE sum (COMMA sum)+ RBRACE
    | EXTREME LBRACKET sum (COMMA sum)+ RBRACKET
call: FUNCTION [exponent] group
bare_call: FUNCTION [exponent] argument
?argument: (NUMBER | name) [exponent]        -> powered
    | call
    | bare_call
exponent: SUPERSCRIPT
    | POWER [PLUS | MINUS] (NUMBER | name | group | call | extreme | order)
%declare NUMBER NAME FUNCTION ORDER EXTREME COMMA FRAC SUPERSCRIPT
%declare PLUS MINUS TIMES DIVIDE POWER RELATION
%declare LPAR RPAR LBRACE RBRACE LBRACKET RBRACKET
"""


def parse(text: str, names: Sequence[str]) -> Tree:
    """Return the tree of a text in which these sizes may occur.  Raises ExpressionError."""
    import lark  # noqa: PLC0415  (takes as long as all the rest of an offline check)

    found = tokens(text, names)
    given = [lark.Token(token.type, token.value, token.start, end_pos=token.end) for token in found]
    try:
        read = _parser().parse(given)
    except lark.UnexpectedToken as error:
        raise _explained(error, found, text) from None
    return _tree(read.children[0])


def expression(text: str, names: Sequence[str]) -> Expression:
    """Return the tree of an expression such as 2n² + 3mn.  Raises ExpressionError."""
    tree = parse(text, names)
    if isinstance(tree, Relation):
        raise ExpressionError(messages.answers.RELATION_FOUND)
    return tree


def relation(text: str, names: Sequence[str]) -> Relation:
    """Return the tree of a condition such as m > n.  Raises ExpressionError."""
    tree = parse(text, names)
    if not isinstance(tree, Relation):
        raise ExpressionError(messages.answers.NO_RELATION)
    return tree


@cache
def _parser() -> lark.Lark:
    import lark  # noqa: PLC0415
    from lark.lexer import Lexer  # noqa: PLC0415

    class Tokens(Lexer):
        """Hands on tokens that are tokens already."""

        def __init__(self, lexer_conf: Any) -> None:
            del lexer_conf

        def lex(self, data: Any) -> Iterator[lark.Token]:  # type: ignore[override]
            yield from data

    return lark.Lark(GRAMMAR, parser="lalr", lexer=Tokens, maybe_placeholders=True)


# ---- what was expected where the text stops making sense -----------------------------------------

_PAIRS = {"RPAR": "LPAR", "RBRACE": "LBRACE", "RBRACKET": "LBRACKET"}
_ENDS = {"NUMBER", "NAME", "SUPERSCRIPT", *_PAIRS}
_SHOWN = {"LPAR": "()", "LBRACE": "{}", "LBRACKET": "[]"}


def _explained(error: lark.UnexpectedToken, found: Sequence[Token], text: str) -> ExpressionError:
    at = error.token
    place = len(text) if at.type == "$END" else at.start_pos or 0
    opened = _opened(found, place)
    before = next((token.type for token in reversed(found) if token.start < place), "")
    openings = set(_SHOWN) >= set(error.expected)  # the second half of a \frac
    complete = before in _ENDS and not openings  # what stands before could be a whole factor
    if at.type == "$END":
        if complete and opened:
            says = messages.answers.not_closed(_SHOWN[opened[-1].type][0])
            return ExpressionError(says, opened[-1].start + 1)
        return ExpressionError(messages.answers.ENDS_TOO_EARLY, len(text.rstrip()) + 1)
    shown = text[at.start_pos : at.end_pos]
    if at.type in _PAIRS and not opened:
        says = messages.answers.closed_without_opening(shown)
    elif at.type in _PAIRS and opened[-1].type != _PAIRS[at.type]:
        says = messages.answers.closed_by_another(shown, _SHOWN[opened[-1].type][1])
    elif not complete:
        says = messages.answers.operand_expected(shown)
    elif at.type == "NUMBER":
        says = messages.answers.number_behind(shown)
    elif at.type == "RELATION":
        says = messages.answers.second_relation(shown)
    elif at.type in {"POWER", "SUPERSCRIPT"}:
        says = messages.answers.second_power(shown)
    else:
        says = messages.answers.operator_expected(shown)
    return ExpressionError(says, place + 1)


def _opened(found: Sequence[Token], place: int) -> list[Token]:
    """Return the brackets that are open at a place."""
    waiting: list[Token] = []
    for token in found:
        if token.start >= place:
            break
        if token.type in _SHOWN:
            waiting.append(token)
        elif token.type in _PAIRS and waiting:
            waiting.pop()
    return waiting


# ---- from what the grammar gives to our tree -----------------------------------------------------


def _tree(node: Any) -> Tree:
    if node.data == "relation":
        left, sign, right = node.children
        return Relation(_sum(left), str(sign), _sum(right))
    return _sum(node)


def _sum(node: Any) -> Expression:
    terms: list[Expression] = []
    sign = None
    for child in node.children:
        if child is None or not hasattr(child, "data"):
            sign = child
        else:
            terms.append(_signed(sign, _term(child)))
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _signed(sign: Any, read: Expression) -> Expression:
    return Negative(read) if sign is not None and sign.type == "MINUS" else read


@dataclass(slots=True)
class _Factor:
    """A factor as it stands in a term, with what decides whether the next one is ambiguous."""

    tree: Expression
    start: int
    end: int
    operator: str  # *, / or nothing
    plain: bool  # a number by itself
    bare: bool  # a function without brackets
    loose: bool  # ends in an exponent without brackets that a letter behind it might belong to


def _term(node: Any) -> Expression:
    factors = [_factor(node.children[0], "")]
    for tail in node.children[1:]:
        if tail.data == "juxtaposed":
            factors.append(_factor(tail.children[0], ""))
        else:
            operator, sign, head = tail.children
            factors.append(_factor(head, str(operator), sign))
    for place in range(1, len(factors)):
        _check_juxtaposed(factors, place)
    product: list[Expression] = []
    for factor in factors:
        if factor.operator != "/":
            product.append(factor.tree)
        else:
            product = [Quotient(_product(product), factor.tree)]
    return _product(product)


def _product(factors: list[Expression]) -> Expression:
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def _check_juxtaposed(factors: list[_Factor], place: int) -> None:
    before, factor = factors[place - 1], factors[place]
    if factor.operator:
        return
    column = factor.start + 1
    if before.bare and not factor.bare:
        raise ExpressionError(messages.answers.AMBIGUOUS_FUNCTION, column)
    if before.loose and before.end == factor.start and not isinstance(factor.tree, Call):
        raise ExpressionError(messages.answers.AMBIGUOUS_EXPONENT, column)
    first = next(
        (number for number in range(place - 1, -1, -1) if factors[number].operator), 0
    )  # where the row of factors without a sign between them began
    if factors[first].operator == "/":
        coefficient = first == 1 and factors[0].plain and factors[1].plain  # as in 1/2 n m
        if not coefficient or (place == 2 and before.end == factor.start):
            raise ExpressionError(messages.answers.AMBIGUOUS_FRACTION, column)


def _factor(node: Any, operator: str, sign: Any = None) -> _Factor:
    places = [token for token in node.scan_values(lambda _: True) if token is not None]
    start, end = places[0].start_pos, places[-1].end_pos
    tree = _operand(node)
    powered = node.data == "powered"
    exponent = node.children[1] if powered else None
    alone = exponent is None
    return _Factor(
        _signed(sign, tree),
        start,
        end,
        operator,
        plain=isinstance(tree, Number) and alone,
        bare=node.data == "bare_call",
        loose=not alone and _is_loose(tree, exponent),
    )


def _is_loose(tree: Expression, exponent: Any) -> bool:
    """Whether a letter right behind might belong to the exponent: n^km, 2^2n; n^2m may not."""
    if not isinstance(tree, Power) or exponent.children[0].type == "SUPERSCRIPT":
        return False
    last = exponent.children[-1]
    if getattr(last, "data", "") in {"group", "call", "extreme", "order"}:
        return False
    return isinstance(tree.exponent, Name | Negative) or isinstance(tree.base, Number)


def _operand(node: Any) -> Expression:
    if getattr(node, "type", "") == "NUMBER":
        return Number(number(node))
    children = node.children
    match node.data:
        case "powered":
            base = _operand(children[0])
            return base if children[1] is None else Power(base, _exponent(children[1]))
        case "name":
            return Name(str(children[0]))
        case "group":
            return _sum(children[1])
        case "fraction":
            return Quotient(_operand(children[1]), _operand(children[2]))
        case "order":
            return Order(str(children[0]), _operand(children[1]))
        case "extreme":
            parts = [_sum(child) for child in children if hasattr(child, "data")]
            return Extreme(str(children[0]), tuple(parts))
        case "call" | "bare_call":
            function, exponent, argument = children
            call = Call(str(function), _operand(argument))
            return call if exponent is None else Power(call, _exponent(exponent))
        case _:
            raise AssertionError(node.data)


def _exponent(node: Any) -> Expression:
    first = node.children[0]
    if first.type == "SUPERSCRIPT":
        value = Number(abs(Fraction(int(first))))
        return Negative(value) if first.startswith("-") else value
    _, sign, exponent = node.children
    return _signed(sign, _operand(exponent))
