"""Reports on paper: one layout for preview, printer and PDF; white, vector, its text selectable."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QBuffer, QMarginsF, QRectF
from PySide6.QtGui import (
    QFontDatabase,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPicture,
)

from funneldesk import __version__
from funneldesk.domain.booklet import Booklet, Printable, ReportPack
from funneldesk.domain.results import Report
from funneldesk.exporting.files import atomic_write
from funneldesk.report_words import (
    ahead_note,
    ahead_stages,
    ahead_title,
    ahead_work,
    comparison_note,
    comparison_report,
    comparison_title,
    cross,
    excluded_sentences,
    finding_text,
    findings,
    header_block,
    note_sentences,
    prospects_note,
    prospects_report,
    prospects_title,
    report_title,
    season_chances,
    season_chances_title,
    season_note,
    season_report,
    season_title,
    unsuccessful_report,
    unsuccessful_title,
)
from funneldesk.reports.manager_matrix import UPRIGHT
from funneldesk.resources import resource_path
from funneldesk.text import format_datetime, language
from funneldesk.ui.reports.booklet import pages
from funneldesk.ui.reports.charts.look import paper_look
from funneldesk.ui.reports.laying_out import Told
from funneldesk.ui.reports.paper import QUIET, Paper
from funneldesk.ui.reports.print_charts import add_chart, chart
from funneldesk.ui.reports.print_cover import add_cover, pack_title
from funneldesk.ui.reports.print_figures import add_figures, one_line
from funneldesk.ui.reports.print_table import MANY, add_table, table_fits
from funneldesk.ui.reports.print_week import add_week

MARGIN_MM = 13.0
MOST_FITTED = 3  # pages
CHART_SCALES = (0.84, 0.76, 0.68)  # of the size on the screen; a smaller one where it saves a page


def default_paper() -> str:
    """Letter where people use it, else A4."""
    from PySide6.QtCore import QLocale

    america = (QLocale.Country.UnitedStates, QLocale.Country.Canada)
    here = QLocale.system().territory() in america
    return "Letter" if here and language() == "en" else "A4"


def device_dpi() -> int:
    """The resolution at which pyqtgraph's kept pictures are played back in their own size."""
    return QPicture().logicalDpiX()


@cache  # Qt would keep another copy of the fonts at every call
def print_font() -> str:
    """The family of the bundled font, which knows all letters of the languages spoken."""
    families: list[str] = []
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        path = resource_path("fonts", name)
        number = QFontDatabase.addApplicationFont(str(path)) if path.is_file() else -1
        families += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return families[0] if families else ""


def page_layout(paper: str, *, landscape: bool) -> QPageLayout:
    """The page with its margins."""
    size = QPageSize.PageSizeId.Letter if paper == "Letter" else QPageSize.PageSizeId.A4
    way = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    return QPageLayout(QPageSize(size), way, margins, QPageLayout.Unit.Millimeter)


def render_pdf(
    what: Printable,
    path: Path,
    *,
    zone: ZoneInfo | None = None,
    company: str = "",
    logo: bytes = b"",
    paper: str | None = None,
    landscape: bool | None = None,
    told: Told = lambda _done: None,
) -> None:
    """Write what is printed as PDF; `landscape` None = each report as it needs, `told` of the parts laid out.

    UserError `export.failed` where the file cannot be written.
    """
    chosen = paper or default_paper()
    each = landscape is None and lie_differently(what, chosen, zone)
    if landscape is None:
        landscape = not each and needs_landscape(what, chosen, zone)
    # Qt does not say why it cannot write, and nothing at all when the disk is full.
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(device_dpi())
    writer.setTitle(print_title(what))
    writer.setCreator(f"FunnelDesk {__version__}")
    writer.setPageLayout(page_layout(chosen, landscape=landscape))
    paint_report(writer, what, zone=zone, company=company, logo=logo, each=each, told=told)
    atomic_write(path, bytes(buffer.data().data()))


def reports_of(what: Printable) -> list[Report]:
    """The reports that stand one after the other; of a booklet the one it is about."""
    if isinstance(what, Report):
        return [what]
    if isinstance(what, Booklet):
        return [what.managers]
    return list(what.reports if isinstance(what, ReportPack) else what)


def print_title(what: Printable) -> str:
    """The name of a print, for its window and its file."""
    if isinstance(what, Booklet):
        return pages.title()
    return pack_title() if isinstance(what, ReportPack) else report_title(reports_of(what)[0].name)


def needs_landscape(what: Printable, paper: str, zone: ZoneInfo | None) -> bool:
    """Whether a table or a matrix would be too small on an upright page."""
    return any(_ways(what, page_layout(paper, landscape=False), zone))


def lie_differently(what: Printable, paper: str, zone: ZoneInfo | None) -> bool:
    """Whether some of its reports need a page that lies across, and others do not."""
    return len(set(_ways(what, page_layout(paper, landscape=False), zone))) > 1


def _ways(what: Printable, upright: QPageLayout, zone: ZoneInfo | None) -> list[bool]:
    """Of each report whether its pages lie across."""
    if isinstance(what, Booklet):
        return [False]  # its pages are laid out for both
    page, across = _paper(upright, zone, "", 0), _paper(upright, zone, "", 0)
    across.turn(wide=True)

    def lies_across(report: Report) -> bool:
        if report.name == "week" or table_fits(page, report):  # the words of a week wrap
            return False
        if not table_fits(across, report):
            return False  # in parts under each other it stands better on a high page
        return len(report.rows) > MANY or pages_of(across, report) <= pages_of(page, report)

    def pages_of(paper: Paper, report: Report) -> int:
        _add_fitting(paper, report, zone)
        count = len(paper.pages)
        paper.drop_after(0)
        return count

    try:
        return [_columns_of_matrix(report) > UPRIGHT or lies_across(report) for report in reports_of(what)]
    finally:
        page.close()
        across.close()


def paint_report(
    device: QPagedPaintDevice,
    what: Printable,
    *,
    zone: ZoneInfo | None,
    company: str = "",
    logo: bytes = b"",
    each: bool = False,
    told: Told = lambda _done: None,
) -> None:
    """Paint on a printer or a preview whose page layout and resolution are set; `each`: see `lay_out`."""
    layout = device.pageLayout()
    paper = lay_out(what, layout, zone=zone, company=company, logo=logo, each=each, told=told)
    pdf = each and isinstance(device, QPdfWriter)  # its sheets can be turned, those of a printer cannot

    def lie(wide: bool) -> None:
        if pdf:
            way = QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait
            device.setPageOrientation(way)

    def new_page(wide: bool) -> None:
        lie(wide)
        device.newPage()

    lie(paper.pages[0].wide)
    painter = QPainter()
    if painter.begin(device):
        try:
            paper.paint(painter, new_page, turned=each and not pdf)
        finally:
            painter.end()
    paper.close()


def lay_out(
    what: Printable,
    layout: QPageLayout,
    *,
    zone: ZoneInfo | None = None,
    company: str = "",
    logo: bytes = b"",
    each: bool = False,
    told: Told = lambda _done: None,
) -> Paper:
    """The pages: of a report totals, chart, what was left out and table, under a head that says it all.

    `each` = a report whose table or matrix is too wide for an upright page lies across, the others do not.
    """
    reports = reports_of(what)
    paper = _paper(layout, zone, company, reports[0].as_of, logo)
    if isinstance(what, Booklet):
        pages.add_booklet(paper, what, zone, chart, told)
        return paper
    starts: list[int] = []
    if isinstance(what, ReportPack):
        add_cover(paper, what, zone, starts)
    ways = _ways(what, layout, zone) if each else [paper.is_wide] * len(reports)
    for done, (report, wide) in enumerate(zip(reports, ways, strict=True)):
        told(done)
        starts.append(len(paper.pages) + 1)
        paper.turn(wide=wide)
        _add_fitting(paper, report, zone)
    told(len(reports))
    return paper


def _add_fitting(paper: Paper, report: Report, zone: ZoneInfo | None) -> None:
    """Put a report on as few pages as it can stand on; its chart is no smaller than that takes."""
    before = len(paper.pages)
    needed: list[int] = []
    for scale in CHART_SCALES:
        paper.drop_after(before)
        _add_report(paper, report, zone, scale)
        needed.append(len(paper.pages) - before)
        # a page alone needs nothing smaller, and what is many pages long is a table
        if not 1 < needed[-1] <= MOST_FITTED:
            break
    best = needed.index(min(needed))
    if best < len(needed) - 1:
        paper.drop_after(before)
        _add_report(paper, report, zone, CHART_SCALES[best])


def _add_report(paper: Paper, report: Report, zone: ZoneInfo | None, scale: float) -> None:
    title, *lines = header_block(report, zone)
    paper.begin([title, *lines])
    add_figures(paper, report)
    for note in note_sentences(report):
        paper.text(note, 9.5, bold=True)
    for finding in findings(report):
        paper.text(f"{finding.sign}  {finding_text(finding)}", 10.5, gap=7)
    add_chart(paper, report, scale)
    losses = unsuccessful_report(report)
    if losses is not None:
        add_table(paper, losses, unsuccessful_title(report))
    paper.text(" ".join(excluded_sentences(report)), 9, color=QUIET, gap=10)
    if report.name == "week":
        add_week(paper, report)
    elif not (cross.told_by_grid(report) or one_line(report)):
        add_table(paper, report)
    _add_ahead(paper, report, zone or ZoneInfo("UTC"))
    other = comparison_report(report)
    if other is not None:
        add_table(paper, other, comparison_title(report, zone or ZoneInfo("UTC")), comparison_note(report))
    months, chances = season_report(report), season_chances(report)
    if months is not None:
        add_table(paper, months, season_title(report), season_note(report))
    elif season_title(report):
        paper.text(season_title(report), 12.5, bold=True, gap=4)
        paper.text(season_note(report), 9, color=QUIET, gap=8)
    if chances is not None:
        add_table(paper, chances, season_chances_title(report))


def _add_ahead(paper: Paper, report: Report, zone: ZoneInfo) -> None:
    """What the goal of a reverse plan still takes."""
    if ahead_title(report):
        paper.text(ahead_title(report), 12.5, bold=True, gap=4)
        paper.text(ahead_note(report, zone), 9, color=QUIET, gap=8)
    for table in (ahead_work(report), ahead_stages(report)):
        if table is not None:
            add_table(paper, table)
    sources = prospects_report(report)
    if sources is not None:
        add_table(paper, sources, prospects_title(report), prospects_note(report))


def _paper(layout: QPageLayout, zone: ZoneInfo | None, company: str, as_of: int, logo: bytes = b"") -> Paper:
    dpi = device_dpi()
    inside = QRectF(layout.paintRectPixels(dpi))
    # the painter's origin is the corner of the paintable part
    area = QRectF(0, 0, inside.width(), inside.height())
    stamp = f"FunnelDesk · {format_datetime(as_of, zone or ZoneInfo('UTC'))}"
    picture = QImage.fromData(logo) if logo else QImage()
    look = paper_look(print_font(), dpi / 96)
    return Paper(area, look, company, stamp, None if picture.isNull() else picture)


def _columns_of_matrix(report: Report) -> int:
    if report.name == "cross-table":
        return len({row.get("label_2") for row in report.rows})
    if report.name != "manager-matrix":
        return 0
    if report.extra["turned"]:
        return len({row["stage"] for row in report.rows})
    return len({(row.get("scope"), row.get("manager")) for row in report.rows})
