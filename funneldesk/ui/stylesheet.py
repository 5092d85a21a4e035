"""One stylesheet made of the theme's tokens; rules are narrow so that painting stays cheap."""

from __future__ import annotations

from string import Template

from funneldesk.resources import resource_path
from funneldesk.ui.theme import BODY, HEADLINE, RADIUS, SMALL, TITLE, Theme, field_line

# Roles are given with `widget.setProperty("role", ...)`; see widgets/labels.py and widgets/buttons.py.
_RULES = Template("""
QToolTip { background: $tooltip_back; color: $tooltip_text; border: none; padding: 5px 8px; }

QLabel[role="headline"] { font-size: ${headline}px; font-weight: 600; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="quiet"] { color: $quiet; }
QLabel[role="small"] { color: $quiet; font-size: ${small}px; }
QLabel[role="error"] { color: $danger; font-size: ${small}px; }
QLabel[role="field"] { color: $quiet; }

QPushButton { background: $raised; color: $text; border: 1px solid $line; border-radius: ${radius}px;
  padding: 0 ${pad}px; min-height: ${control}px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $selected; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $disabled; background: $surface; }
QPushButton[role="primary"] { background: $accent_fill; color: $on_accent; border-color: $accent_fill;
  font-weight: 600; }
QPushButton[role="primary"]:hover, QPushButton[role="primary"]:pressed { background: $accent_hover; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $hover; color: $disabled; border-color: $hover; }
QPushButton[role="danger"] { color: $danger; }
QPushButton[role="link"] { background: transparent; border: none; color: $accent; padding: 0 4px; }
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="chip"] { border-radius: ${chip}px; min-height: ${chip_height}px; padding: 0 10px; }
QPushButton[role="chip"][on="true"] { background: $selected; border-color: $accent; color: $text; }
QPushButton::menu-indicator { image: none; width: 0; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: ${radius}px;
  padding: 4px; color: $text; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $selected; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $disabled; }
QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QDateTimeEdit, QComboBox {
  background: $raised; color: $text; border: 1px solid $field_line; border-radius: ${radius}px;
  padding: 0 8px; selection-background-color: $accent_fill; selection-color: $on_accent; }
QLineEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QDateTimeEdit, QComboBox { min-height: ${control}px; }
QPlainTextEdit, QTextEdit { padding: 4px; }
QLineEdit:hover, QComboBox:hover, QDateEdit:hover { border-color: $outline; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QDateEdit:focus, QDateTimeEdit:focus, QComboBox:focus { border-color: $accent; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled { color: $disabled; background: $surface; }
QLineEdit[invalid="true"], QComboBox[invalid="true"], QDateEdit[invalid="true"],
QPlainTextEdit[invalid="true"] { border-color: $danger; }
QLineEdit[role="search"] { background: $raised; padding-left: 2px; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 22px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url("$icons/style-arrow-$name.svg");
  width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; outline: 0; padding: 4px;
  selection-background-color: $selected; selection-color: $text; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
  border: none; background: transparent; width: 0; }

QCheckBox, QRadioButton { spacing: 8px; min-height: ${line_box}px; }
QCheckBox::indicator, QRadioButton::indicator, QListView::indicator, QTableView::indicator,
QTreeView::indicator, QMenu::indicator { width: ${tick}px; height: ${tick}px; border: 1px solid $outline;
  border-radius: 4px; background: $raised; }
QRadioButton::indicator { border-radius: ${tick_round}px; }
QMenu::indicator { margin-left: 6px; }
QCheckBox::indicator:checked, QListView::indicator:checked, QTableView::indicator:checked,
QTreeView::indicator:checked, QMenu::indicator:checked { background: $accent_fill;
  border-color: $accent_fill; image: url("$icons/style-check.svg"); }
QCheckBox::indicator:indeterminate { background: $accent_fill; border-color: $accent_fill;
  image: url("$icons/style-dash.svg"); }
QRadioButton::indicator:checked { background: $accent_fill; border-color: $accent_fill;
  image: url("$icons/style-dot.svg"); }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }

QTableView, QTreeView, QListView { background: $raised; alternate-background-color: $surface;
  border: 1px solid $line; border-radius: ${radius}px; outline: 0; gridline-color: $line;
  selection-background-color: $selected; selection-color: $text; }
QListView[role="plain"], QTableView[role="plain"], QTreeView[role="plain"] { border: none; border-radius: 0; }
QListView[role="cards"] { border: none; border-radius: 0; background: transparent; }
QListWidget { padding: 2px; }
QListWidget::item { padding: 1px 6px; border-radius: 4px; }
QListWidget::item:hover { background: $hover; }
QListWidget::item:selected { background: $selected; color: $text; }
QHeaderView { background: $raised; border: none; }
QHeaderView::section { background: $raised; color: $quiet; border: none; border-bottom: 1px solid $line;
  padding: 0 8px; min-height: ${row}px; font-weight: 600; }
QHeaderView::section:hover { color: $text; }
QTableCornerButton::section { background: $raised; border: none; border-bottom: 1px solid $line; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar::tab { background: transparent; color: $quiet; padding: 8px 2px; margin-right: 18px;
  border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; font-weight: 600; }

QMenuBar { background: $surface; padding: 2px 4px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: $selected; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $outline; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
QScrollArea { background: transparent; border: none; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }

QProgressBar { background: $hover; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent_fill; border-radius: 3px; }

QFrame[role="card"] { background: $raised; border: 1px solid $line; border-radius: ${radius}px; }
QFrame[role="row"] { border: none; border-bottom: 1px solid $line; }
QFrame[role="row"]:hover { background: $hover; }
QFrame[role="row"]:focus { border-bottom-color: $accent; background: $hover; }
QFrame[role="panel"] { background: $raised; border: none; border-left: 1px solid $line; }
QFrame[role="bar"] { background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[role="foot"] { background: $surface; border: none; border-top: 1px solid $line; }
QFrame[role="banner"] { background: $warning_back; border: none; }
QFrame[role="banner"] QLabel { color: $warning_text; }
QFrame[role="toast"] { background: $tooltip_back; border: none; border-radius: ${radius}px; }
QFrame[role="toast"] QLabel { color: $tooltip_text; }
QFrame[role="toast"] QPushButton { background: transparent; border: none; color: $toast_accent;
  font-weight: 600; padding: 0 8px; }
QFrame[role="toast"] QPushButton:hover { text-decoration: underline; }
QFrame[role="rail"] { background: $sunken; border: none; border-right: 1px solid $line; }
QFrame[role="rail"] QToolButton { color: $quiet; font-size: ${small}px; padding: 6px 2px; }
QFrame[role="rail"] QToolButton:hover { color: $text; }
QFrame[role="rail"] QToolButton:checked { color: $accent; background: $selected; font-weight: 600; }
QFrame[role="popup"] { background: $raised; border: 1px solid $line; border-radius: ${radius}px; }
QFrame[role="rule"] { background: $line; border: none; }
QFrame[role="line"] { background: transparent; border: 1px solid transparent; border-radius: ${radius}px; }
QFrame[role="line"]:hover { background: $hover; }
QFrame[role="line"]:focus { border-color: $accent; }
QFrame[role="step"] { background: $surface; border: 1px solid $line; border-radius: ${radius}px; }
QFrame[role="step"][state="late"] { border-color: $danger; }
QFrame[role="step"][state="none"] { background: $warning_back; border-color: $warning_back; }
QFrame[role="step"][state="none"] QLabel { color: $warning_text; }
QLabel[token="danger"] { color: $danger; }
QLabel[token="won"] { color: $won_text; }
QLabel[token="lost"] { color: $lost_text; }
QLineEdit[role="inline"], QPlainTextEdit[role="inline"] { background: transparent;
  border-color: transparent; padding: 0 6px; }
QPlainTextEdit[role="inline"] { padding: 2px 2px; }
QLineEdit[role="inline"]:hover, QPlainTextEdit[role="inline"]:hover { border-color: $line; }
QLineEdit[role="inline"]:focus, QPlainTextEdit[role="inline"]:focus { background: $raised;
  border-color: $accent; }
QLineEdit[big="true"] { font-size: ${title}px; font-weight: 600; }
QPushButton[role="inline"] { background: transparent; border-color: transparent; text-align: left;
  padding: 0 6px; }
QPushButton[role="field"] { background: $raised; border: 1px solid $field_line; text-align: left;
  padding: 0 8px; font-weight: 400; }
QPushButton[role="field"]:focus { border-color: $accent; }
QPushButton[role="inline"]:hover { border-color: $line; background: transparent; }
QPushButton[role="inline"]:focus { border-color: $accent; }
QPushButton[role="inline"][empty="true"] { color: $quiet; }
QTextBrowser[role="page"] { background: $surface; border: none; }
QDialog { background: $surface; }
""")


def make_stylesheet(theme: Theme) -> str:
    """The stylesheet of a theme."""
    tokens: dict[str, object] = theme._asdict()
    tokens.update(
        headline=theme.px(HEADLINE),
        title=theme.px(TITLE),
        body=theme.px(BODY),
        small=theme.px(SMALL),
        radius=RADIUS,
        pad=12,
        control=theme.px(28),
        row=theme.px(28),
        chip=theme.px(24) // 2,
        chip_height=theme.px(24),
        line_box=theme.px(22),
        scroll=field_line(theme),
        field_line=field_line(theme),
        toast_accent="#a9bbff" if not theme.dark else "#2946b4",
        tick=theme.px(15),
        tick_round=theme.px(15) // 2 + 1,
        icons=resource_path("icons").as_posix(),
    )
    return _RULES.substitute(tokens)
