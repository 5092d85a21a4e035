"""The first frame: what it loads, that it is the real window's picture, that no key is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from funneldesk.domain import clock
from funneldesk.domain.closing_months import columns_of
from funneldesk.services import bases, demo
from funneldesk.settings import Settings
from funneldesk.ui.board.page import BoardPage
from funneldesk.ui.first_frame import FirstFrame
from funneldesk.ui.host import Host
from funneldesk.ui.main_window import MainWindow
from tests.benchmarks.bench_start import x_server

HEAVY = (
    "sqlalchemy",
    "numpy",
    "pyqtgraph",
    "babel",
    "alembic",
    "openpyxl",
    "python_calamine",
    "multiprocessing",
)
LOADED = """
import sys
from funneldesk.app import main
def painted():
    from PySide6 import QtCore
    names = {name.partition(".")[0] for name in sys.modules}
    print(" ".join(sorted(names)), "constants" if "Qt" in vars(QtCore) else "")
    sys.stdout.flush()
    import os
    os._exit(0)
main([sys.argv[1]], painted=painted)
"""


# What the whole window shows when the real parts have taken over, as a picture.
SHOWN = """
import os, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from funneldesk.app import main
def look():
    window = next((w for w in QApplication.topLevelWidgets() if getattr(w, "built", False)), None)
    if window is None or not window.current_page().model.board.complete:
        QTimer.singleShot(50, look)
    elif window.isVisible():
        QTimer.singleShot(300, lambda: keep(window))
def keep(window):
    if os.environ["QT_QPA_PLATFORM"] == "xcb":
        picture = window.screen().grabWindow(window.winId())
    else:
        picture = window.grab()
    picture.save(sys.argv[2])
    os._exit(0)
main([sys.argv[1]], painted=look)
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("first") / "sales.funneldesk"
    with bases.new_base(path, language="en") as db:
        demo.make_sample(db, deals=600)
    return path


@pytest.fixture
def host(qtbot: QtBot, qapp: QApplication) -> Iterator[Host]:
    made = Host(qapp, Settings(theme="light", language="en"))
    yield made
    made.end()


def test_nothing_heavy_is_loaded_before_the_first_screen_is_painted(base: Path, tmp_path: Path) -> None:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "FUNNELDESK_CONFIG": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", LOADED, str(base)], env=env, capture_output=True, text=True, timeout=300
    )
    loaded = done.stdout.split()
    assert "PySide6" in loaded, done.stderr
    assert set(HEAVY).isdisjoint(loaded)
    assert "constants" not in loaded, "something asked for a constant of Qt: 15 ms (see ui/shapes.py)"


@pytest.mark.parametrize("scale", [100, 150])
def test_the_first_frame_is_the_picture_of_the_window_that_follows(
    host: Host, base: Path, qtbot: QtBot, scale: int
) -> None:
    host.settings.font_scale = scale
    host.start(base)
    window = host.window
    assert window is not None
    frame = window.centralWidget()
    assert isinstance(frame, FirstFrame)
    qtbot.waitExposed(window)
    frame.draw_icons()
    first = frame.grab().toImage()
    qtbot.waitUntil(lambda: window.built)
    QApplication.processEvents()
    assert window.centralWidget().isVisible()
    real = window.centralWidget().grab().toImage()
    assert first.size() == real.size()
    # squares of pixels, so that the smoothing of letters and icons does not count
    far = different_squares(first, real)
    assert far <= 0.01, f"{far:.1%} of the window jumps when the first frame is replaced"
    head = QRect(88 * scale // 100, 0, first.width(), 128 * scale // 100)  # right of the rail
    far = different_squares(first.copy(head), real.copy(head))
    assert far <= 0.01, f"{far:.1%} of the head jumps when the first frame is replaced"


def shown_without_cards(host: Host, base: Path, qtbot: QtBot) -> MainWindow:
    """The window, whose first frame has columns and no card in them."""
    host.start(base)
    window = host.window
    assert window is not None
    frame = window.centralWidget()
    assert isinstance(frame, FirstFrame)
    qtbot.waitExposed(window)
    picture = frame.grab().toImage()
    board = colours(picture, QRect(110, 110, picture.width() - 150, picture.height() - 180))
    assert QColor("#eef0f4").rgb() in board and QColor("white").rgb() not in board
    return window


def test_where_months_were_chosen_the_first_frame_shows_no_stage(
    host: Host, base: Path, qtbot: QtBot
) -> None:
    host.settings.more["board"] = {"months": True}
    window = shown_without_cards(host, base, qtbot)
    qtbot.waitUntil(lambda: window.built)
    page = window.current_page()
    assert isinstance(page, BoardPage) and page.months.on
    qtbot.waitUntil(lambda: bool(page.area.columns))
    today = clock.local_date(clock.now(), page.context.zone)
    assert [column.model.column.stage_id for column in page.area.columns] == list(columns_of(today))


def test_where_conditions_narrow_the_board_the_first_frame_shows_no_deal(
    host: Host, base: Path, qtbot: QtBot
) -> None:
    host.settings.more["board_where"] = {
        str(base): {"any": False, "parts": [{"field": "amount", "op": "ge", "value": 1}]}
    }
    shown_without_cards(host, base, qtbot)


@pytest.mark.parametrize("platform", ["offscreen", "xcb"])
def test_the_real_window_is_not_blank_after_it_took_over(base: Path, tmp_path: Path, platform: str) -> None:
    env = {**os.environ, "QT_QPA_PLATFORM": platform, "FUNNELDESK_CONFIG": str(tmp_path)}
    (tmp_path / "settings.json").write_text('{"theme": "light", "language": "en"}', encoding="utf-8")
    target = tmp_path / "window.png"
    command = [sys.executable, "-c", SHOWN, str(base), str(target)]
    with ExitStack() as stack:
        if platform == "xcb":
            variables = stack.enter_context(x_server())
            if variables is None:
                pytest.skip("no Xvfb here")
            env.update(variables)
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)
    if 'Could not load the Qt platform plugin "xcb"' in done.stderr:
        pytest.skip("an X server is here, but not the libraries by which Qt talks to it")
    assert target.is_file(), done.stderr
    picture = QImage(str(target))
    width, height = picture.width(), picture.height()
    rail = colours(picture, QRect(4, 60, 76, height - 120))
    board = colours(picture, QRect(110, 150, width - 150, height - 220))
    top = colours(picture, QRect(100, 4, width - 120, 88))
    assert min(len(rail), len(board), len(top)) > 20, "a part of the window is blank"
    for name in ("white", "#eef0f4", "#1f2430"):  # cards, columns, their words
        assert QColor(name).rgb() in board, name


def colours(picture: QImage, where: QRect) -> set[int]:
    """The colours within a rectangle."""
    across, down = range(where.left(), where.right()), range(where.top(), where.bottom())
    return {picture.pixel(x, y) for y in down for x in across}


def test_keys_and_clicks_on_the_first_frame_reach_the_window(host: Host, base: Path, qtbot: QtBot) -> None:
    host.start(base)
    window = host.window
    assert window is not None
    frame = window.centralWidget()
    assert isinstance(frame, FirstFrame)
    qtbot.mouseClick(frame, Qt.MouseButton.LeftButton, pos=QPoint(300, 23))  # the search field
    qtbot.keyClicks(frame, "anna")
    qtbot.waitUntil(lambda: window.built and bool(window.search.text()))
    assert window.search.text() == "anna"


def test_a_shortcut_pressed_on_the_first_frame_is_done(host: Host, base: Path, qtbot: QtBot) -> None:
    host.start(base)
    window = host.window
    assert window is not None
    frame = window.centralWidget()
    assert isinstance(frame, FirstFrame)
    qtbot.keyClick(frame, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.built and window.search.hasFocus())


def different_squares(one: QImage, other: QImage, side: int = 8) -> float:
    """The share of squares whose mean colours differ visibly."""
    size = QSize(one.width() // side, one.height() // side)
    ways = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    small, large = one.scaled(size, *ways), other.scaled(size, *ways)
    far = 0
    for y in range(size.height()):
        for x in range(size.width()):
            a, b = small.pixelColor(x, y), large.pixelColor(x, y)
            far += max(abs(a.red() - b.red()), abs(a.green() - b.green()), abs(a.blue() - b.blue())) > 40
    return far / (size.width() * size.height())
