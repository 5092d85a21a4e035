"""Draws cards, for the board and for the first screen before the board is loaded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from PySide6 import QtCore  # its `Qt` is slow to load: only where the first screen does not come
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap

from funneldesk.domain.board import BoardCard, Mark, is_stale
from funneldesk.text import _
from funneldesk.ui.board.card_text import (
    Today,
    amount_text,
    close_text,
    days_text,
    initials,
    step_variants,
)
from funneldesk.ui.shapes import brush_of, ellipse, fill_rect, pen_of, rounded
from funneldesk.ui.theme import BODY, SMALL, SPACE_2, Theme

WHERE = "board_where"  # in the settings: base -> conditions, for they name managers, stages, fields of it
GAP = 6  # between cards
SIDE = 6  # between a card and the edge of its column
BAR_SIDE = 2  # between a card and the scroll bar
KEPT = 600
FADE = 22  # width of the mark at the edge of a card that has stood for too long
ALL_FIELDS = frozenset({"title", "amount", "days", "manager", "step", "close"})
USUAL_FIELDS = ALL_FIELDS - {"close"}
_HUES = ("accent", "boost", "won", "leak", "waiting", "lost")
_STEP_COLOURS = {Mark.OVERDUE: "danger", Mark.TODAY: "success", Mark.LATER: "quiet", Mark.NONE: "quiet"}


def fields_of(kept: object) -> frozenset[str]:
    """The parts of cards that a person has chosen to see; the usual ones when nothing was kept."""
    chosen = kept.get("fields") if isinstance(kept, dict) else None
    return frozenset(chosen) & ALL_FIELDS if isinstance(chosen, list) else USUAL_FIELDS


def own_chosen(more: Mapping[str, object], base: str) -> list[int]:
    """The own fields that stand on the cards of a base."""
    kept = more.get("board_own")
    chosen = kept.get(base) if isinstance(kept, dict) else None
    return [i for i in chosen if type(i) is int] if isinstance(chosen, list) else []


def months_chosen(more: Mapping[str, object]) -> bool:
    """Whether the columns were months, by a person's choice, when the board was shown last."""
    kept = more.get("board")
    return isinstance(kept, dict) and kept.get("months") is True


def narrowed(more: Mapping[str, object], base: str) -> bool:
    """Whether conditions narrowed the board of a base when it was shown last."""
    kept = more.get(WHERE)
    return isinstance(kept, dict) and bool(kept.get(base))


class CardLook:
    """What all columns share: fonts, the day, names; and the pictures of cards."""

    def __init__(
        self, theme: Theme, currency: Callable[[], str], manager: Callable[[int | None], str]
    ) -> None:
        self.theme = theme
        self.fields = USUAL_FIELDS  # what of a card is shown beside the client
        self.own_lines = 0  # how many own fields, and what they say of a deal
        self.own_words: Callable[[int], Sequence[str]] = lambda _deal: ()
        self.currency = currency
        self.manager = manager
        self.today: Today | None = None
        self.bold = theme.font(BODY, bold=True)
        self.plain = theme.font(BODY)
        self.small = theme.font(SMALL)
        self.small_bold = theme.font(SMALL, bold=True)
        self.line = QFontMetrics(self.bold).height()
        self.small_line = QFontMetrics(self.small).height()
        # of the picture drawn now: PySide's painter.device() destroys a QPixmap while it is painted
        self.ratio = 1.0
        self.face = theme.font(SMALL - 1, bold=True)
        self._known_metrics: dict[int, QFontMetrics] = {}
        self._brushes: dict[str, QBrush] = {}
        self._pens: dict[tuple[str, float], QPen] = {}
        self._fade: tuple[tuple[int, float], QPixmap] | None = None
        self.pictures: OrderedDict[tuple[object, ...], tuple[BoardCard, QPixmap]] = OrderedDict()

    def card_height(self) -> int:
        """The height of a card without the gap below."""
        lines = 1 + ("title" in self.fields) + bool({"amount", "days"} & self.fields)
        small = ("step" in self.fields) + ("close" in self.fields) + self.own_lines
        return 2 * SPACE_2 + lines * (self.line + 2) + small * (max(self.small_line, self.theme.px(14)) + 2)

    def group_height(self) -> int:
        """The height of a manager's name above the first of their cards."""
        return self.small_line + 6

    def fade(self, height: int) -> QPixmap:
        """The edge of a stale card, drawn once."""
        key = (height, self.ratio)
        if self._fade is None or self._fade[0] != key:
            self._fade = key, _draw_fade(self.theme, *key)
        return self._fade[1]

    def width_of(self, font: QFont, text: str) -> int:
        """The width of a text."""
        return self.metrics(font).horizontalAdvance(text)

    def metrics(self, font: QFont) -> QFontMetrics:
        """The measures of one of the fonts held here."""
        found = self._known_metrics.get(id(font))
        if found is None:
            found = self._known_metrics[id(font)] = QFontMetrics(font)
        return found

    def brush(self, token: str) -> QBrush:
        """A brush in a colour of the theme."""
        found = self._brushes.get(token)
        if found is None:
            found = self._brushes[token] = brush_of(self.theme.color(token))
        return found

    def pen(self, token: str, width: float = 1.0) -> QPen:
        """A pen in a colour of the theme."""
        found = self._pens.get((token, width))
        if found is None:
            found = self._pens[token, width] = pen_of(self.theme.color(token), width)
        return found

    def face_back(self, hue: str) -> QBrush:
        """The ground of a manager's initials."""
        found = self._brushes.get(f"face {hue}")
        if found is None:
            back = _mixed(self.theme.color(hue), self.theme.color("raised"), 0.26 if self.theme.dark else 0.2)
            found = self._brushes[f"face {hue}"] = brush_of(back)
        return found

    def text(self, painter: QPainter, rect: QRect, text: str, font: QFont, token: str) -> None:
        """Write one line, shortened where it does not fit, in the middle of the height."""
        metrics = self.metrics(font)
        shown = self.shorten(metrics, text, rect.width())
        self.write(painter, rect.x(), _base(rect, metrics), shown, font, token)

    def centred(self, painter: QPainter, rect: QRect, text: str, font: QFont, token: str) -> None:
        """Write one line in the middle."""
        metrics = self.metrics(font)
        left = rect.x() + (rect.width() - metrics.horizontalAdvance(text)) // 2
        self.write(painter, left, _base(rect, metrics), text, font, token)

    def shorten(self, metrics: QFontMetrics, text: str, width: int) -> str:
        """What of a text fits into a width."""
        return metrics.elidedText(text, QtCore.Qt.TextElideMode.ElideRight, width)

    def write(self, painter: QPainter, x: int, base: int, text: str, font: QFont, token: str) -> None:
        """Write a text that begins at `x` and stands on `base`."""
        painter.setFont(font)
        painter.setPen(self.pen(token))
        painter.drawText(x, base, text)

    def set_fields(self, fields: frozenset[str]) -> None:
        """Show other parts of cards."""
        self.fields = fields & ALL_FIELDS
        self.pictures.clear()

    def set_today(self, today: Today) -> None:
        """Tell days and marks for another moment."""
        self.today = today
        self.pictures.clear()

    def forget(self) -> None:
        """Draw every card anew."""
        self.pictures.clear()

    def picture(
        self,
        card: BoardCard,
        width: int,
        state: int,
        ratio: float,
        limit_days: float | None,
        *,
        ground: str = "",
    ) -> QPixmap:
        """The picture of a card, `width` wide; `state` holds selected 1, hovered 2, focused 4.

        On a ground of one colour (a token) it is copied much faster than with clear corners.
        """
        key = (
            id(card),
            width,
            state,
            ratio,
            limit_days,
            ground,
        )
        found = self.pictures.get(key)
        if found is not None and found[0] is card:
            self.pictures.move_to_end(key)
            return found[1]
        self.ratio = ratio
        picture = QPixmap(round(width * ratio), round(self.card_height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(self.theme.color(ground) if ground else QColor(0, 0, 0, 0))
        painter = QPainter(picture)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        paint_card(painter, QRect(0, 0, width, self.card_height()), card, self, state, limit_days)
        painter.end()
        self.pictures[key] = card, picture
        if len(self.pictures) > KEPT:
            self.pictures.popitem(last=False)
        return picture


def paint_card(
    painter: QPainter, rect: QRect, card: BoardCard, look: CardLook, state: int, limit_days: float | None
) -> None:
    """Draw one card: frame, client, deal, amount with days, next step."""
    theme, today = look.theme, look.today
    assert today is not None
    stale = is_stale(card, today.now, limit_days)
    _frame(painter, rect, look, state, stale)
    inner = rect.adjusted(SPACE_2 + 2, SPACE_2, -SPACE_2 - 2, -SPACE_2)
    face = theme.px(22)
    manager = look.manager(card.manager_id) if "manager" in look.fields else ""
    text_width = inner.width() - (face + SPACE_2 if manager else 0)
    y, step = inner.y(), look.line + 2
    head = card.client or card.title
    look.text(painter, QRect(inner.x(), y, text_width, look.line), head, look.bold, "text")
    if manager:
        _face(painter, QRect(inner.right() - face + 1, y, face, face), manager, card.manager_id or 0, look)
    y += step
    if "title" in look.fields:
        second = card.title if card.client else _("No client")
        token = "text" if card.client else "quiet"
        look.text(painter, QRect(inner.x(), y, text_width, look.line), second, look.plain, token)
        y += step
    if {"amount", "days"} & look.fields:
        _amount_and_days(painter, QRect(inner.x(), y, inner.width(), look.line), card, look, today, stale)
        y += step
    small = max(look.small_line, theme.px(14))
    if "step" in look.fields:
        _next_step(painter, QRect(inner.x(), y, inner.width(), small), card, look, today)
        y += small + 2
    if "close" in look.fields:
        words = close_text(card)
        look.text(painter, QRect(inner.x(), y, inner.width(), small), words, look.small, "quiet")
        y += small + 2
    for words in look.own_words(card.id):
        look.text(painter, QRect(inner.x(), y, inner.width(), small), words, look.small, "quiet")
        y += small + 2


def _amount_and_days(
    painter: QPainter, rect: QRect, card: BoardCard, look: CardLook, today: Today, stale: bool
) -> None:
    days = days_text(card, today) if "days" in look.fields else ""
    days_font = look.small_bold if stale else look.small
    days_width = look.width_of(days_font, days) + 3 if days else 0
    if "amount" in look.fields:
        where = rect.adjusted(0, 0, -days_width - SPACE_2, 0)
        known = card.amount is not None
        font, token = (look.bold, "text") if known else (look.plain, "quiet")
        look.text(painter, where, amount_text(card, look.currency()), font, token)
    if days:
        where = QRect(rect.right() - days_width + 1, rect.y(), days_width, rect.height())
        look.text(painter, where, days, days_font, "lost_text" if stale else "quiet")


def _base(rect: QRect, metrics: QFontMetrics) -> int:
    return rect.y() + (rect.height() - metrics.height()) // 2 + metrics.ascent()


def _frame(painter: QPainter, rect: QRect, look: CardLook, state: int, stale: bool) -> None:
    shape = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
    selected, hovered, focused = state & 1, state & 2, state & 4
    token = "accent" if selected or focused else "outline" if hovered else "line"
    line = look.pen(token, 1.6 if focused and selected else 1.0)
    rounded(painter, shape, 6, look.brush("selected" if selected else "raised"), line)
    if stale:
        painter.drawPixmap(rect.topLeft(), look.fade(rect.height()))


def _draw_fade(theme: Theme, height: int, ratio: float) -> QPixmap:
    """The left edge of a card that has stood for too long: a line that fades away."""
    picture = QPixmap(round(FADE * ratio), round(height * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(0, 0, 0, 0))
    path = QPainterPath()
    path.addRoundedRect(QRectF(0.5, 0.5, 2 * FADE, height - 1), 6, 6)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(path)
    # column by column: loading Qt's gradients takes longer than drawing all the cards of a screen
    colour, step = theme.color("lost"), 1 / ratio
    for place in range(round(FADE * ratio)):
        share = place / (FADE * ratio)
        colour.setAlphaF(0.75 if share < 0.15 else 0.22 * (1 - share) / 0.85)
        fill_rect(painter, QRectF(place * step, 0, step, height), brush_of(colour))
    painter.end()
    return picture


def _face(painter: QPainter, rect: QRect, name: str, manager_id: int, look: CardLook) -> None:
    hue = _HUES[manager_id % len(_HUES)]
    ellipse(painter, QRectF(rect), look.face_back(hue))
    look.centred(painter, rect, initials(name), look.face, "text" if hue == "accent" else f"{hue}_text")


def _next_step(painter: QPainter, rect: QRect, card: BoardCard, look: CardLook, today: Today) -> None:
    mark = today.mark(card)
    size = look.theme.px(9)
    dot = QRectF(rect.x() + 1, rect.y() + (rect.height() - size) / 2, size, size)
    if mark == Mark.NONE:
        ellipse(painter, dot.adjusted(0.75, 0.75, -0.75, -0.75), None, look.pen("lost_text", 1.5))
    else:
        token = {Mark.OVERDUE: "danger_fill", Mark.TODAY: "boost", Mark.LATER: "neutral"}[mark]
        ellipse(painter, dot, look.brush(token))
    left = rect.x() + size + SPACE_2
    where = QRect(left, rect.y(), rect.right() - left + 1, rect.height())
    font = look.small_bold if mark == Mark.OVERDUE else look.small
    metrics = look.metrics(font)
    texts = step_variants(card, today)
    text = texts[0]
    if len(texts) > 1:  # a subject may be cut at its end; what is to be done and when is not
        room, head = where.width(), metrics.horizontalAdvance(texts[1])
        fits = metrics.horizontalAdvance(text) <= room or head + metrics.horizontalAdvance(" · …") <= room
        text = text if fits else texts[1] if head <= room else texts[-1]
    look.text(painter, where, text, font, _STEP_COLOURS[mark])


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    return QColor(
        *(
            round(a * share + b * (1 - share))
            for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
        )
    )
