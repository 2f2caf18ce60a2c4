"""Figures: drawn from records, safe in a page, readable in every theme and without seeing."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf, nan

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.records import Contours, Curve, Figure, Node, ProblemResult, Spot, Status
from grader.report.canvas import drawing
from grader.report.figures import ShownFigure, shown
from grader.report.pages import submission_html
from grader.report.plots import HEIGHT, MOST_CURVES, MOST_PLACES
from grader.report.submission_page import submission_page
from grader.report.svg import COLOURS, rewritten

from . import sample
from .page import Element, Page

FIGURES = (sample.CONTOURS, sample.LOSSES, sample.TRACE)
LETTERS = st.characters(exclude_categories=())
NUMBERS = st.floats() | st.sampled_from([1e300, -1e300, 1e-300, 1.7e308, 0.0])


def figure(**given: object) -> Figure:
    return Figure("A figure", "What it shows.", **given)  # type: ignore[arg-type]


def only(drawn: Figure) -> ShownFigure:
    (found,) = shown((drawn,), "figure-p1")
    return found


def picture(drawn: Figure) -> Page:
    """Return a drawing; it must be one."""
    found = only(drawn).drawing
    assert found is not None
    return Page(found)


def texts(drawn: Figure) -> list[str]:
    return [each.text for each in picture(drawn).all("text")]


def drawn_with(page: Page, colour: str) -> list[Element]:
    return [each for each in page.elements if {f"fill-{colour}", f"stroke-{colour}"} & each.classes]


@pytest.mark.parametrize("drawn", FIGURES, ids=lambda each: each.title)
def test_a_picture_has_a_name_and_the_same_in_words(drawn: Figure) -> None:
    page = picture(drawn)
    svg = page.elements[0]
    assert (svg.tag, svg.attributes["role"]) == ("svg", "img")
    assert page.by_id(svg.attributes["aria-labelledby"]).text == drawn.title
    assert page.by_id(svg.attributes["aria-describedby"]).text == drawn.text


@pytest.mark.parametrize("drawn", FIGURES, ids=lambda each: each.title)
def test_a_picture_fits_the_policy_of_the_page(drawn: Figure) -> None:
    for element in picture(drawn).elements:
        assert element.tag in {
            *("svg", "title", "desc", "g", "defs", "clippath", "path", "use", "text", "tspan"),
            "rect",
        }
        assert not {"style", "onload", "xmlns", "xlink:href"} & set(element.attributes)


@pytest.mark.parametrize("drawn", FIGURES, ids=lambda each: each.title)
def test_every_colour_is_one_of_the_theme(drawn: Figure) -> None:
    html = str(only(drawn).drawing)
    assert "#0000" not in html
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', html)) <= {"none"}
    used = set(re.findall(r"(?:fill|stroke)-([a-z]+)[ \"]", html))
    assert used - {"width", "opacity", "dasharray", "dashoffset", "linejoin", "linecap"} <= set(
        COLOURS
    )


def test_the_style_sheet_knows_every_colour() -> None:
    page = submission_html(submission_page(sample.report(), sample.worked()), "").decode()
    for colour in set(COLOURS) - {"note"}:
        assert f".fill-{colour} {{ fill: var(--{colour}); }}" in page
        assert f".stroke-{colour} {{ stroke: var(--{colour}); }}" in page


def test_the_same_figure_is_drawn_the_same_in_every_process() -> None:
    program = (
        "from tests.report.test_figures import FIGURES, shown\n"
        "import sys; sys.stdout.reconfigure(encoding='utf-8')\n"
        "print([str(each.drawing) for each in shown(FIGURES, 'f')])"
    )
    runs = [
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert b"<svg" in runs[0]


def test_ids_of_figures_on_one_page_do_not_meet() -> None:
    worked = sample.worked()
    parts = [
        sample.part(name, Status.WRONG, 0, 2, "", figures=(*FIGURES, *FIGURES))
        for name in ("q3-gradient", "q3-hessian")
    ]
    submission = replace(worked, problems=(ProblemResult("q3", "k", tuple(parts)),))
    html = submission_html(submission_page(sample.report(submission), submission), "")
    page = Page(html)
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(set(ids)) == len(ids)
    assert len(page.all("svg", "drawing")) == 12
    for each in page.all("use"):
        assert each.attributes["href"].removeprefix("#") in ids


def test_what_looks_like_a_formula_stays_text() -> None:
    drawn = figure(
        x_label="$\\frac{1}{$", curves=(Curve("$\\alpha", (0, 1), (0, 1)), Curve("$_", (0,), (1,)))
    )
    assert {"$\\frac{1}{$", "$\\alpha", "$_"} <= set(texts(drawn))


@given(st.text(LETTERS), st.text(LETTERS))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_of_a_student_leaves_a_picture_well_formed(text: str, other: str) -> None:
    curve = Curve(other, (0, 1), (1, 0))
    for drawn in (
        Figure(text, other, text, other, (curve,), (Spot(text, 0, 0, other),)),
        Figure(text, other, nodes=(Node(text, other, text), Node(other + "!", text))),
    ):
        found = only(drawn)
        assert found.drawing is not None
        assert Page(found.drawing).elements[0].tag == "svg"


def test_markup_in_labels_is_shown_and_does_nothing() -> None:
    evil = "</text></svg><script>alert(1)</script>"
    page = picture(figure(nodes=(Node(evil, evil),)))
    assert not page.all("script")
    assert page.all("text")[0].text == "</text></svg><script>a"


@given(st.lists(st.tuples(NUMBERS, st.none() | NUMBERS), max_size=8), NUMBERS, NUMBERS)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_any_numbers_make_a_picture(
    places: Sequence[tuple[float, float | None]], x: float, y: float
) -> None:
    curve = Curve("c", tuple(x for x, _ in places), tuple(y for _, y in places))
    html = str(only(figure(curves=(curve,), spots=(Spot("s", x, y, "wrong"),))).drawing)
    assert html.startswith("<svg")
    assert not re.search(r"\b(nan|inf)\b", html)


@pytest.mark.parametrize(
    "drawn",
    [
        figure(),
        figure(contours=Contours((0.0, 1.0), (0.0, 1.0), ((1.0,), (1.0, 2.0)))),
        figure(nodes=tuple(Node(str(number), "") for number in range(500))),
    ],
)
def test_a_figure_that_cannot_be_drawn_is_told_in_words(drawn: Figure) -> None:
    found = only(drawn)
    assert not found.drawn
    part = sample.part("q3-gradient", Status.WRONG, 0, 2, "", figures=(drawn,))
    submission = replace(sample.worked(), problems=(ProblemResult("q3", "k", (part,)),))
    html = submission_html(submission_page(sample.report(submission), submission), "")
    (shown_figure,) = Page(html).all("figure")
    assert shown_figure.text == "A figure What it shows."


@pytest.mark.parametrize(
    "drawn",
    [
        figure(curves=(Curve("", (), ()),)),
        figure(curves=(Curve("one", (1.0,), (2.0,)),)),
        figure(curves=(Curve("none", (1.0, 2.0), (None, None)),)),
        figure(curves=(Curve("short", (1.0, 2.0, 3.0), (1.0,)),)),
        figure(curves=(Curve("odd", (nan, inf, 1.0), (1.0, 2.0, nan)),)),
        figure(spots=(Spot("odd", nan, 1.0, "right"),)),
        figure(contours=Contours((0.0, 1.0), (0.0, 1.0), ((1.0, 1.0), (1.0, 1.0)))),
        figure(nodes=(Node("", ""),)),
        figure(nodes=(Node("a", "a"), Node("a", "b")), edges=(("a", "a"), ("a", "nowhere"))),
    ],
)
def test_little_to_draw_is_no_fault(drawn: Figure) -> None:
    assert only(drawn).drawn


def test_a_lone_place_between_breaks_is_marked() -> None:
    broken = figure(curves=(Curve("f", (0.0, 1.0, 2.0), (None, 1.0, None)),))
    assert [each.tag for each in drawn_with(picture(broken), "accent")].count("use") == 1


def test_a_break_is_a_gap() -> None:
    def lines(*y: float | None) -> int:
        page = picture(figure(curves=(Curve("f", tuple(range(len(y))), y),)))
        return len([each for each in drawn_with(page, "accent") if each.tag == "path"])

    assert lines(1.0, 2.0, None, 4.0, 5.0) == lines(1.0, 2.0, 3.0, 4.0, 5.0) + 1


def test_thousands_of_places_are_thinned_and_their_extremes_stay() -> None:
    y = [0.25] * 30_000
    y[12_345], y[23_456] = 1.0, 0.0
    drawn = figure(curves=(Curve("f", tuple(range(len(y))), tuple(y)),))
    html = str(only(drawn).drawing)
    paths = [
        each.attributes["d"] for each in drawn_with(Page(html), "accent") if each.tag == "path"
    ]
    longest = max(paths, key=len)
    heights = [float(number) for number in longest.replace("M", "").split()[1::2]]
    assert len(heights) <= MOST_PLACES + 4
    down, up = heights[0] - min(heights), max(heights) - heights[0]
    assert down == pytest.approx(up / 3, abs=0.5) or up == pytest.approx(down / 3, abs=0.5)
    assert down + up > HEIGHT * 0.9


def test_more_curves_than_can_be_told_apart_are_left_out() -> None:
    curves = tuple(Curve(f"curve {number}", (0, 1), (0, number)) for number in range(40))
    assert len([text for text in texts(figure(curves=curves)) if "curve" in text]) == MOST_CURVES


def test_values_of_very_different_sizes_get_a_logarithmic_axis() -> None:
    falling = tuple(10.0**-number for number in range(10))
    assert "10⁻⁶" in texts(figure(curves=(Curve("f", tuple(range(10)), falling),)))


def test_curves_differ_by_more_than_their_colour() -> None:
    page = picture(sample.LOSSES)
    lines = [e for e in drawn_with(page, "accent") + drawn_with(page, "half") if e.tag == "path"]
    assert {"stroke-dasharray" in line.attributes for line in lines} == {True, False}


def test_every_state_of_a_point_has_a_shape_of_its_own_and_a_word() -> None:
    states = ("right", "wrong", "missed", "plain")
    page = picture(figure(spots=tuple(Spot("", i, i, state) for i, state in enumerate(states))))
    assert {"right", "wrong", "missed"} <= {each.text for each in page.all("text")}
    outlines = {each.attributes["href"] for each in page.all("use")}
    shapes = {page.by_id(each.removeprefix("#")).attributes["d"] for each in outlines}
    assert len(shapes) >= 4


def test_many_points_of_a_state_are_counted_in_the_legend() -> None:
    drawn = figure(spots=tuple(Spot("", i, i, "wrong") for i in range(3)))
    assert "wrong (3)" in texts(drawn)


def test_every_state_of_a_node_has_a_border_of_its_own_and_a_word() -> None:
    states = ("right", "wrong", "follows", "plain")
    page = picture(figure(nodes=tuple(Node(state, "", state) for state in states)))
    words = {each.text for each in page.all("text")}
    assert {"right", "wrong", "follows from an earlier wrong value"} <= words
    borders = {
        (each.attributes.get("stroke-dasharray"), each.attributes.get("stroke-width"))
        for each in page.all("path", "fill-sheet")
    }
    assert len(borders) == 4


def test_a_graph_without_judged_nodes_has_no_legend() -> None:
    assert texts(figure(nodes=(Node("a", "a"),))) == ["a"]


def _place(page: Page, label: str) -> tuple[float, float]:
    (found,) = [each for each in page.all("text") if each.text == label]
    return float(found.attributes["x"]), float(found.attributes["y"])


def test_a_graph_runs_from_its_inputs_down() -> None:
    page = picture(
        figure(
            nodes=tuple(Node(name, name) for name in "zabc"),
            edges=(("a", "b"), ("b", "z"), ("c", "z"), ("a", "z")),
        )
    )
    down = {name: _place(page, name)[1] for name in "zabc"}
    assert down["a"] == down["c"] < down["b"] < down["z"]


def test_an_edge_is_drawn_once_with_its_head() -> None:
    def heads(*edges: tuple[str, str]) -> int:
        page = picture(figure(nodes=(Node("a", "a"), Node("b", "b")), edges=edges))
        return len(page.all("path", "fill-muted"))

    assert heads() == 0
    assert heads(("a", "b")) == heads(("a", "b"), ("a", "b"))
    assert heads(("a", "b"), ("b", "a")) == 2 * heads(("a", "b"))


def test_a_long_label_is_wrapped_and_then_cut() -> None:
    lines = texts(figure(nodes=(Node("a", "word " * 100),)))
    assert len(lines) == 4
    assert lines[-1].endswith("…")
    assert max(map(len, lines)) <= 22


def test_boxes_of_a_layer_do_not_overlap() -> None:
    names = [f"a long label number {number}" for number in range(6)]
    page = picture(
        figure(
            nodes=tuple(Node(n, n) for n in [*names, "end"]), edges=tuple((n, "end") for n in names)
        )
    )
    boxes = []
    for each in page.all("path", "fill-sheet"):
        numbers = [float(number) for number in re.findall(r"[\d.]+", each.attributes["d"])]
        boxes.append((min(numbers[::2]), max(numbers[::2]), min(numbers[1::2])))
    top = min(y for *_, y in boxes)
    layer = sorted(box for box in boxes if box[2] == top)
    assert len(layer) == 6
    assert all(before[1] < after[0] for before, after in pairwise(layer))


def test_an_edge_that_passes_a_layer_stays_within_the_picture() -> None:
    page = picture(
        figure(
            nodes=tuple(Node(name, name) for name in "abcdz"),
            edges=(("a", "b"), ("b", "c"), ("c", "z"), ("d", "z"), ("a", "z"), ("d", "b")),
        )
    )
    width = page.elements[0].attributes["width"]
    lines = [each for each in page.all("path", "stroke-muted") if each.attributes.get("fill")]
    assert lines
    for each in lines:
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", each.attributes["d"])]
        assert min(numbers[::2]) > 0
        assert max(numbers[::2]) < float(width)


def test_what_someone_set_in_matplotlib_changes_nothing() -> None:
    import matplotlib as mpl  # noqa: PLC0415

    wanted = str(only(replace(sample.LOSSES, title="before")).drawing)
    kept = mpl.rcParams["lines.linewidth"], mpl.rcParams["font.size"]
    mpl.rcParams.update({"lines.linewidth": 9.0, "font.size": 30.0})
    try:
        found = str(only(replace(sample.LOSSES, title="after")).drawing)
        assert (mpl.rcParams["lines.linewidth"], mpl.rcParams["font.size"]) == (9.0, 30.0)
    finally:
        mpl.rcParams.update({"lines.linewidth": kept[0], "font.size": kept[1]})
    assert found == wanted.replace(">before<", ">after<")


def test_drawing_leaves_no_trace_in_the_settings() -> None:
    import matplotlib as mpl  # noqa: PLC0415

    before = dict(mpl.rcParams)
    with drawing():
        pass
    assert dict(mpl.rcParams) == before


def test_what_is_no_svg_is_refused() -> None:
    with pytest.raises(ValueError, match="unclosed token"):
        rewritten("<svg")


def test_elements_and_attributes_that_no_picture_needs_are_dropped() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1.005 2"><script>x</script>'
        '<image href="x"/><path d="M 0 0 L 1.239 0" onclick="x" style="fill: url(#a)"/></svg>'
    )
    assert rewritten(svg) == ("0 0 1 2", '<path d="M 0 0 1.24 0"/>')


@pytest.mark.parametrize("command", ["--help", "validate --schema", "doctor --help"])
def test_a_command_that_draws_nothing_does_not_load_what_draws(command: str) -> None:
    program = (
        "import sys\n"
        f"sys.argv = ['grader', *{command.split()!r}]\n"
        "from grader.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "loaded = {'matplotlib', 'networkx'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {loaded}' if loaded else 0)"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_pages_without_figures_do_not_load_what_draws() -> None:
    program = (
        "import sys\n"
        "from tests.report import sample\n"
        "from grader.report.pages import submission_html\n"
        "from grader.report.submission_page import submission_page\n"
        "submission_html(submission_page(sample.report(), sample.finished()), '')\n"
        "sys.exit(int('matplotlib' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0  # noqa: S603
