"""Figures as the pages show them: SVG in the page, with the same said in words.

What draws is imported when the first figure is drawn, so that a course without figures does not
wait for matplotlib.  A figure that cannot be drawn is told in words and breaks nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from grader.records import Figure
from grader.report.text import printable


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure, ready to be shown."""

    title: str
    text: str
    drawing: Markup | None  # None: it is told in words only

    @property
    def drawn(self) -> bool:
        """Whether there is a picture."""
        return self.drawing is not None


def shown(figures: Sequence[Figure], name: str) -> tuple[ShownFigure, ...]:
    """Return figures as a page shows them; `name` is one that nothing else on the page has."""
    return tuple(
        ShownFigure(figure.title, figure.text, _drawing(figure, f"{name}-{number}"))
        for number, figure in enumerate(figures, start=1)
    )


def _drawing(figure: Figure, name: str) -> Markup | None:
    drawn = _drawn(figure)
    if drawn is None:
        return None
    from grader.report.svg import ID_PREFIX  # noqa: PLC0415  (only where something was drawn)

    size, content, kind = drawn
    width, height = size.split()[2:]
    title, text = escape(printable(figure.title)), escape(printable(figure.text))
    svg = (
        f'<svg class="drawing {kind}" role="img" viewBox="{size}" '
        f'width="{width}" height="{height}" aria-labelledby="{name}-title" '
        f'aria-describedby="{name}-text"><title id="{name}-title">{title}</title>'
        f'<desc id="{name}-text">{text}</desc>{content.replace(ID_PREFIX, name)}</svg>'
    )
    return Markup(svg)  # noqa: S704  (its texts are escaped, its elements from a list)


@lru_cache(maxsize=256)  # the same mistake gives many students the same picture
def _drawn(figure: Figure) -> tuple[str, str, str] | None:
    """Return the view box, the content and what it is; None if it cannot be drawn."""
    if not (figure.nodes or figure.curves or figure.spots or figure.contours):
        return None
    try:
        from grader.report import canvas, svg  # noqa: PLC0415  (see above)

        with canvas.drawing():
            if figure.nodes:
                from grader.report import graphs  # noqa: PLC0415

                raw = graphs.drawn(figure)
            else:
                from grader.report import plots  # noqa: PLC0415

                raw = plots.plotted(figure)
        size, content = svg.rewritten(raw)
    # Numbers and names come from students: whatever matplotlib makes of them, a page has to come.
    except Exception:  # noqa: BLE001
        return None
    return size, content, "graph" if figure.nodes else "plot"
