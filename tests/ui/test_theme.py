from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QFileInfo, QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QFileIconProvider
from shiboken6 import isValid

from funneldesk import text
from funneldesk.ui.icons import icon
from funneldesk.ui.qt_words import use_qt_words
from funneldesk.ui.stylesheet import make_stylesheet
from funneldesk.ui.theme import DARK, LIGHT, Theme, apply_theme, choose_theme, contrast, make_palette

GROUNDS = ("surface", "raised", "sunken", "hover", "selected")
TEXTS = (
    "text",
    "accent",
    "danger",
    "success",
    "won_text",
    "lost_text",
    "leak_text",
    "boost_text",
    "waiting_text",
)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", [*TEXTS, "quiet"])
def test_text_can_be_read_on_every_ground(theme: Theme, ground: str, text: str) -> None:
    assert contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("on_accent", "accent_fill"),
        ("on_accent", "accent_hover"),
        ("on_danger", "danger_fill"),
        ("warning_text", "warning_back"),
        ("tooltip_text", "tooltip_back"),
    ],
)
def test_text_can_be_read_on_coloured_grounds(theme: Theme, text: str, ground: str) -> None:
    assert contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("line", ["outline", "fill_outline"])
def test_lines_around_shapes_can_be_seen(theme: Theme, line: str) -> None:
    assert contrast(getattr(theme, line), theme.raised) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_role_of_the_palette_is_set_in_every_group(qapp: object, theme: Theme) -> None:
    palette = make_palette(theme)
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
        for role in QPalette.ColorRole:
            if role not in (QPalette.ColorRole.NoRole, QPalette.ColorRole.NColorRoles):
                assert palette.isBrushSet(group, role), (group, role)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_letters_grow_with_the_scale_within_its_bounds(qapp: object) -> None:
    assert choose_theme("light", 1.5).px(13) == 20
    assert choose_theme("dark", 9).scale == 1.75
    assert choose_theme("dark").dark


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_stylesheet_has_no_token_left(theme: Theme) -> None:
    sheet = make_stylesheet(theme)
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_another_theme_makes_no_other_style(qapp: QApplication) -> None:
    before = (qapp.styleSheet(), qapp.font(), qapp.palette())
    apply_theme(qapp, LIGHT)
    style = qapp.style()
    apply_theme(qapp, DARK)
    assert isValid(style) and qapp.style() is style, "each would stay for as long as the program runs"
    qapp.setStyleSheet(before[0])
    qapp.setFont(before[1])
    qapp.setPalette(before[2])


def test_going_back_to_a_theme_draws_no_icon_again(qapp: QApplication) -> None:
    before = (qapp.styleSheet(), qapp.font(), qapp.palette())
    mark, size = icon("bell", "#123456", 16), QSize(9, 9)
    drawn = []
    for theme in (LIGHT, DARK, LIGHT):
        apply_theme(qapp, theme)
        drawn.append(mark.pixmap(size, 1.0).cacheKey())
    assert drawn[2] == drawn[0], "Qt keeps what it drew by the palette: it would stay, unused"
    qapp.setStyleSheet(before[0])
    qapp.setFont(before[1])
    qapp.setPalette(before[2])


# Widgets that refer to themselves die when the collector comes; here it comes while Qt goes through them.
DYING = """
import gc
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel
from funneldesk.ui import stylesheet
from funneldesk.ui.theme import apply_theme, choose_theme

class Label(QLabel):
    due = False
    def changeEvent(self, event):
        if Label.due and event.type() == QEvent.Type.StyleChange:
            [[] for _ in range(3000)]
        super().changeEvent(event)

def due(theme, make=stylesheet.make_stylesheet):
    sheet = make(theme)
    Label.due = True
    gc.set_threshold(2000, 0, 0)
    return sheet

app = QApplication([])
apply_theme(app, choose_theme("light"))
gc.set_threshold(10**9)
kept = []
for n in range(200):
    kept.append(Label("kept"))
    kept[-1].show()
    for _ in range(3):
        lost = Label("lost")
        lost.show()
        lost.hide()
        lost.itself = lost
del lost
app.processEvents()
stylesheet.make_stylesheet = due
apply_theme(app, choose_theme("dark"))
gc.collect()
print(len(app.allWidgets()))
"""


def test_nothing_dies_while_the_window_is_dressed_anew() -> None:
    env = {**os.environ, "MALLOC_PERTURB_": "165"}  # fills what was freed: nothing takes it for alive
    done = subprocess.run([sys.executable, "-c", DYING], env=env, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "200\n"), done.stderr


def test_the_words_of_qt_in_another_language_take_the_place_of_those_before(qapp: QApplication) -> None:
    text.set_language("ru")
    words = use_qt_words(qapp, None)
    assert words is not None
    text.set_language("pl")
    others = use_qt_words(qapp, words)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(words)
    text.set_language("en")
    assert use_qt_words(qapp, others) is None


@pytest.mark.parametrize(
    ("language", "folder", "off"), [("ru", "Папка", "Отключена"), ("pl", "Katalog", "Wyłączone")]
)
def test_words_that_the_translations_of_qt_lack_are_there(
    qapp: QApplication, tmp_path: Path, language: str, folder: str, off: str
) -> None:
    kind = QFileInfo(str(tmp_path))
    before = QFileIconProvider().type(kind)
    text.set_language(language)
    words = use_qt_words(qapp, None)
    assert QFileIconProvider().type(kind) == folder
    assert QCoreApplication.translate("QPrintSettingsOutput", "Off") == off
    assert QCoreApplication.translate("QPrintSettingsOutput", "nobody knows this") == "nobody knows this"
    text.set_language("en")
    use_qt_words(qapp, words)
    assert QFileIconProvider().type(kind) == before
