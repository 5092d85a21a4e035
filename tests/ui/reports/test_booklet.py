"""The booklet and the pack on paper, read back from their PDFs."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from funneldesk.domain.booklet import Booklet, HangingDeal, Printable, ReportPack
from funneldesk.domain.results import ReportRequest
from funneldesk.report_words import (
    cell_text,
    excluded_sentences,
    period_text,
    report_answer,
    report_title,
    rule_sentence,
)
from funneldesk.report_words.advice import advice_text
from funneldesk.report_words.cells import range_text
from funneldesk.reports import booklet
from funneldesk.text import _, set_language
from funneldesk.ui.context import AppContext
from funneldesk.ui.reports.booklet.summary import verdicts
from funneldesk.ui.reports.pack_dialog import PackDialog
from funneldesk.ui.reports.page import ReportsPage
from funneldesk.ui.reports.preview import PreviewDialog
from funneldesk.ui.reports.print import render_pdf
from funneldesk.ui.settings.logo import LogoField, small_png
from tests.reports.golden import at
from tests.ui.reports.sample import Reporting, sample

ZONE = ZoneInfo("Europe/Warsaw")
BOOKLET = booklet.build(sample(), ReportRequest("managers"), lambda _done, _total: None)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def pages_of(what: Printable, path: Path, **how: object) -> list[str]:
    render_pdf(what, path, zone=ZONE, **how)  # type: ignore[arg-type]
    return [squeezed(page.extract_text()) for page in PdfReader(path).pages]


def figures_of(made: Booklet, place: int) -> list[str]:
    """What stands in the reports and must stand on the page of a manager."""
    part, report = made.parts[place], made.managers
    row = report.rows[place]
    found = [
        cell_text(report, report.column(key), row[key], row)
        for key in ("won", "win_rate", "flag", "won_amount", "expected_amount", "cycle_median_days", "repeat")
    ]
    found.append(range_text(row, "win_rate"))
    for each in part.funnel.rows:
        found += [
            cell_text(part.funnel, part.funnel.column(key), each[key], each) for key in ("count", "share")
        ]
    for each in made.leaks.rows:
        if each["slice"] == part.manager:
            keys = ("rate", "reference", "flag")
            found += [cell_text(made.leaks, made.leaks.column(key), each[key], each) for key in keys]
            found.append(f"{each['advanced']}/{each['resolved']}")
    for each in part.times.rows:
        found.append(cell_text(part.times, part.times.column("p50"), each["p50"], each))
    for each in part.lost.rows[:5]:
        found.append(cell_text(part.lost, part.lost.column("label"), each["label"], each))
        found.append(cell_text(part.lost, part.lost.column("lost"), each["lost"], each))
    for each in made.plan.rows:
        if each["manager"] == part.manager and each["plan"] is not None:
            keys = ("plan", "fact", "share")
            found += [cell_text(made.plan, made.plan.column(key), each[key], each) for key in keys]
    return found + [advice_text(advice, made) for advice in part.advice]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("landscape", [False, True])
def test_a_page_for_each_manager_says_what_the_reports_say(
    qtbot: QtBot, tmp_path: Path, paper: str, landscape: bool
) -> None:
    pages = pages_of(BOOKLET, tmp_path / "b.pdf", company="Delta", paper=paper, landscape=landscape)
    assert len(pages) == len(BOOKLET.parts) + 2
    for place, part in enumerate(BOOKLET.parts):
        page = pages[1 + place]
        assert page.startswith(squeezed("Delta" + part.manager))
        assert squeezed(f"Page {place + 2} of {len(pages)}") in page
        for text in figures_of(BOOKLET, place):
            assert squeezed(text) in page, text
    report = BOOKLET.managers
    for row in (*report.rows, report.totals):
        for key in ("deals", "won", "lost", "won_amount", "win_rate", "expected_amount", "repeat"):
            assert squeezed(cell_text(report, report.column(key), row[key], row)) in pages[0]
    for each in (BOOKLET.managers, BOOKLET.leaks, BOOKLET.times, BOOKLET.forecast, BOOKLET.plan):
        assert squeezed(rule_sentence(each)) in pages[-1]
        for sentence in excluded_sentences(each):
            assert squeezed(sentence) in pages[-1]


@pytest.mark.parametrize(
    ("spoken", "one", "two"),
    [
        ("en", "Wins surely more often", "Win surely more often"),
        ("ru", "Достоверно выигрывает чаще", "Достоверно выигрывают чаще"),
        ("pl", "Na pewno wygrywa częściej", "Na pewno wygrywają częściej"),
    ],
)
def test_several_who_stand_apart_are_spoken_of_as_several(spoken: str, one: str, two: str) -> None:
    def told(flags: list[str]) -> str:
        rows = [{**row, "flag": flag} for row, flag in zip(BOOKLET.managers.rows, flags, strict=False)]
        return verdicts(replace(BOOKLET, managers=replace(BOOKLET.managers, rows=tuple(rows))))

    set_language(spoken)
    assert told(["boost"]).startswith(one + " ")
    assert told(["boost", "boost"]).startswith(two + " ")


def test_deals_that_hang_stay_on_the_page_of_their_manager(qtbot: QtBot, tmp_path: Path) -> None:
    """In Polish, on the short paper, with all that may be said: the first of them are named, none spills."""
    set_language("pl")
    part = max(BOOKLET.parts, key=lambda each: len(each.lost.rows))
    deals = tuple(HangingDeal(n, "Oferta", 100_00 * n, 9.0, "Delta", f"Deal {n}") for n in range(5, 0, -1))
    crowded = replace(part, hanging=deals, advice=(part.advice * 3)[:7])
    pages = pages_of(replace(BOOKLET, parts=(crowded,)), tmp_path / "b.pdf", paper="Letter", landscape=False)
    assert len(pages) == 3
    assert "Deal5" in pages[1]


@pytest.mark.parametrize("spoken", ["ru", "pl"])
def test_the_booklet_speaks_other_languages_and_its_text_is_found(
    qtbot: QtBot, tmp_path: Path, spoken: str
) -> None:
    set_language(spoken)
    pages = pages_of(BOOKLET, tmp_path / "b.pdf", paper="A4")
    assert len(pages) == len(BOOKLET.parts) + 2
    title = {
        "ru": "Сравнение менеджеров: страница на каждого",
        "pl": "Porównanie handlowców: strona na każdego",
    }
    assert squeezed(title[spoken]) in pages[0]
    assert any(squeezed("Борис Петров") in page for page in pages[1:-1])
    for place in range(len(BOOKLET.parts)):
        for text in figures_of(BOOKLET, place):
            assert squeezed(text) in pages[1 + place], text


def test_one_activity_is_no_activities(qtbot: QtBot, tmp_path: Path) -> None:
    pages = pages_of(BOOKLET, tmp_path / "b.pdf", paper="A4")
    assert squeezed("activities per deal: ") in pages[1]


def test_the_booklet_is_vectors_and_its_own_font(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "b.pdf"
    pages_of(BOOKLET, path)
    for page in PdfReader(path).pages:
        assert list(page.images) == []
        fonts = page["/Resources"]["/Font"]  # type: ignore[index]
        assert all("DejaVu" in str(font.get_object()["/BaseFont"]) for font in fonts.values())


def test_many_hanging_deals_are_summed_up_and_the_page_stays_one(qtbot: QtBot, tmp_path: Path) -> None:
    part = BOOKLET.parts[0]
    deal = next(each for part in BOOKLET.parts for each in part.hanging)
    many = [replace(deal, deal_id=n, amount=1_000_00, client=f"Client {n}") for n in range(60)]
    made = replace(BOOKLET, parts=(replace(part, hanging=tuple(many)), *BOOKLET.parts[1:]))
    pages = pages_of(made, tmp_path / "b.pdf", paper="A4", landscape=False)
    assert len(pages) == len(BOOKLET.parts) + 2
    shown = [n for n in range(60) if f"Client{n}" in pages[1]]
    left = re.search(r"and(\d+)more", pages[1])
    assert left
    assert 3 <= len(shown) == 60 - int(left[1])


def test_a_base_without_a_single_closed_deal_still_makes_a_booklet(qtbot: QtBot, tmp_path: Path) -> None:
    facts = sample(60)
    facts = replace(facts, deals=tuple(d for d in facts.deals if d.status == "open"))
    made = booklet.build(facts, ReportRequest("managers"), lambda _done, _total: None)
    pages = pages_of(made, tmp_path / "b.pdf")
    assert len(pages) >= len(made.parts) + 2
    assert squeezed("No losses.") in pages[1]


def test_a_pack_begins_with_the_comment_and_what_follows(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting
) -> None:
    reports = [reporting.run(None, ReportRequest(name)) for name in ("stage-funnel", "cycle")]
    pages = pages_of(ReportPack(tuple(reports), "Better than May.\nSee page 3."), tmp_path / "p.pdf")
    assert squeezed("Better than May. See page 3.") in pages[0]
    assert squeezed("Sales cycle: How long") in pages[0]
    assert squeezed("Stage funnel") in pages[1]
    assert squeezed("Sales cycle") in pages[-1]


def test_a_pack_says_on_which_page_each_report_begins(tmp_path: Path, reporting: Reporting) -> None:
    names = ("activities", "stage-funnel", "cycle")  # the first of them is several pages long
    reports = [reporting.run(None, ReportRequest(name)) for name in names]
    pages = pages_of(ReportPack(tuple(reports), ""), tmp_path / "p.pdf")
    for report in reports:
        title, answer = report_title(report.name), report_answer(report.name)
        begins = next(n for n, page in enumerate(pages[1:], start=2) if squeezed(title) in page)
        assert re.search(re.escape(squeezed(f"{title}: {answer}")) + rf"{begins}(?!\d)", pages[0])
    assert begins > 4


@pytest.mark.parametrize("lang", ["en", "ru", "pl"])
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_cover_names_the_funnel_and_period_of_each_report_when_they_differ(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting, paper: str, lang: str
) -> None:
    set_language(lang)
    names = ("stage-funnel", "cycle", "lost")
    one, all_of_them, month = (reporting.run(None, ReportRequest(name)) for name in names)
    reports = [
        replace(one, funnel="Rent of machines and tools for building sites"),
        replace(all_of_them, funnel=None),
        replace(month, start=at("2026-10-31T23:00:00Z"), end=at("2026-11-30T23:00:00Z")),
    ]
    cover, *following = pages_of(ReportPack(tuple(reports), "Better."), tmp_path / "p.pdf", paper=paper)
    head = cover[: cover.index(squeezed("Better."))]
    assert squeezed(_("Funnel: {name}").format(name="")) not in head
    assert squeezed(_("As of: {moment}").format(moment="")) in head
    table = cover[cover.index(squeezed(_("In this print"))) :]
    assert "".join(squeezed(_(word)) for word in ("Report", "Funnel", "Period", "Page")) in table
    for report, page in zip(reports, (2, 3, 4), strict=True):
        said = f"{report_title(report.name)}: {report_answer(report.name)}"
        period = period_text(report.start, report.end, ZONE)
        line = squeezed("".join((said, report.funnel or _("all"), period)))
        assert re.search(re.escape(line) + rf"{page}(?!\d)", table)
        assert squeezed(report_title(report.name)) in following[page - 2]


def test_a_cover_says_once_what_all_its_reports_are_about(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting
) -> None:
    reports = [reporting.run(None, ReportRequest(name)) for name in ("stage-funnel", "cycle")]
    cover, *_others = pages_of(ReportPack(tuple(reports), ""), tmp_path / "p.pdf")
    assert squeezed("Funnel: Equipment sales · Period: all time · As of: ") in cover
    assert cover.count(squeezed("Equipment sales")) == cover.count(squeezed("all time")) == 1


def test_the_preview_shows_the_booklet_upright_and_across(qtbot: QtBot, context: AppContext) -> None:
    dialog = PreviewDialog(BOOKLET, context)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.windowTitle() == "Print: Managers compared: a page for each"
    assert dialog.pages.pageCount() == len(BOOKLET.parts) + 2
    dialog.way.set_value(True)
    dialog._turn()
    assert dialog.pages.pageCount() == len(BOOKLET.parts) + 2


def test_print_offers_this_report_the_booklet_and_a_pack(page: ReportsPage) -> None:
    menu = page.output.print_menu()
    assert [action.text() for action in menu.actions()] == [
        "This report…", "Managers: a page for each…", "Several reports…",
    ]  # fmt: skip
    menu.deleteLater()


def test_the_pack_remembers_its_reports_and_needs_one(qtbot: QtBot, context: AppContext) -> None:
    dialog = PackDialog(context, ["cycle", "lost", "managers"], "lost")
    qtbot.addWidget(dialog)
    assert dialog.names == ["lost"]
    dialog.list.item(0).setCheckState(Qt.CheckState.Checked)
    dialog.text.setPlainText("Look at this")
    dialog.accept()
    assert (dialog.names, dialog.comment) == (["cycle", "lost"], "Look at this")
    again = PackDialog(context, ["cycle", "lost", "managers"], "managers")
    qtbot.addWidget(again)
    assert again.names == ["cycle", "lost"]
    for row in range(3):
        again.list.item(row).setCheckState(Qt.CheckState.Unchecked)
    assert not again.button.isEnabled()


def picture(path: Path, width: int, height: int) -> Path:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#005580"))
    image.save(str(path))
    return path


def test_a_logo_stands_at_the_head_of_every_page(qtbot: QtBot, tmp_path: Path) -> None:
    logo = small_png(picture(tmp_path / "logo.png", 4000, 1000))
    kept = QImage.fromData(logo)
    assert (kept.width(), kept.height()) == (900, 225)
    path = tmp_path / "b.pdf"
    pages_of(BOOKLET, path, logo=logo)
    for page in PdfReader(path).pages:
        inside = page["/Resources"]["/XObject"]  # type: ignore[index]
        kinds = [each.get_object()["/Subtype"] for each in inside.values()]
        assert "/Image" in kinds


def test_a_file_that_is_no_picture_leaves_the_logo_as_it_was(
    qtbot: QtBot, context: AppContext, tmp_path: Path
) -> None:
    said: list[str] = []
    context.toast = lambda text, **_more: said.append(text)
    context.logo = small_png(picture(tmp_path / "logo.png", 30, 10))
    field = LogoField(context)
    qtbot.addWidget(field)
    wrong = tmp_path / "notes.png"
    wrong.write_text("no picture")
    field.take(wrong)
    assert said == ["notes.png is not a picture that can be read. The logo was not changed."]
    assert not field.picture.pixmap().isNull()
