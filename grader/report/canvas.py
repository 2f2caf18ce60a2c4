"""The sheet that figures are drawn on: a matplotlib figure without pyplot, written as SVG.

matplotlib is imported with this module, which takes a moment: only what draws imports it.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib.style
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Sheet

from grader.report.svg import COLOURS

TEXT, SMALL = 13.0, 12.0
"""Sizes of letters, in units of a drawing that is shown about as wide as it says."""

_POINTS_PER_INCH = 72.0
_LOCK = threading.Lock()
_STYLE = {
    "svg.fonttype": "none",  # real text: small, searchable, in the reader's own font
    "svg.hashsalt": "grader",
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that the layout is the same anywhere
    "font.size": SMALL,
    "text.parse_math": False,
    "text.color": COLOURS["ink"],
    "axes.labelcolor": COLOURS["ink"],
    "axes.edgecolor": COLOURS["muted"],
    "axes.formatter.use_mathtext": False,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": COLOURS["rule"],
    "grid.linewidth": 0.8,
    "xtick.color": COLOURS["muted"],
    "ytick.color": COLOURS["muted"],
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "agg.path.chunksize": 0,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Draw in the style of the reports, whatever matplotlib was told elsewhere.

    The style is one for the whole process, so only one thread draws at a time.
    """
    with _LOCK, warnings.catch_warnings(), matplotlib.style.context(["default", _STYLE]):
        warnings.simplefilter("ignore")  # a glyph that DejaVu lacks is the browser's to find
        yield


def sheet(width: float, height: float) -> Sheet:
    """Return an empty sheet of so many units; a unit is a pixel of the page, or near it."""
    made = Sheet(figsize=(width / _POINTS_PER_INCH, height / _POINTS_PER_INCH), dpi=72)
    made.patch.set_visible(False)
    FigureCanvasSVG(made)
    return made


def written(made: Sheet) -> str:
    """Return a sheet as matplotlib's SVG, the same for the same drawing."""
    out = io.StringIO()
    made.savefig(out, format="svg", metadata={"Date": None}, transparent=True)
    return out.getvalue()
