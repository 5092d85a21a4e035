"""The words of the command line and their options.  Others script against them: they stay."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from funneldesk import __version__
from funneldesk.text import LANGUAGES

WORDS = (
    "new", "demo", "import", "waiting", "imports", "export", "report",
    "undo", "redo", "journal", "check", "backup", "restore",
    "rates", "password",
)  # fmt: skip
IMPORT_KINDS = ("clients", "leads", "deals", "stage-history", "activities", "people", "invoices", "payments")
EXPORT_KINDS = ("clients", "deals", "products", "activities", "invoices", "payments")
IMPORT_KEYS = ("external_id", "tax_id", "email", "phone", "name", "name_city", "number")
_WITH_VALUE = frozenset({"--db", "--lang"})


def is_command(words: Sequence[str]) -> bool:
    """Whether the arguments name a word (then no window opens), or ask for help."""
    rest = iter(words)
    for word in rest:
        if word in ("-h", "--help", "--version"):
            return True
        if word in _WITH_VALUE:
            next(rest, None)
        elif not word.startswith("-"):
            return word in WORDS
    return False


def window_arguments(words: Sequence[str]) -> argparse.Namespace:
    """Arguments of the window: a base or a spreadsheet, and the language."""
    return window_parser().parse_args(list(words))


def window_parser() -> argparse.ArgumentParser:
    """The parser of what opens the window."""
    parser = argparse.ArgumentParser(prog="funneldesk")
    parser.add_argument("file", nargs="?", help="a base to open or a spreadsheet to import")
    parser.add_argument(
        "--safe", action="store_true", help="forget, for this time, how the window was left and dressed"
    )
    parser.add_argument(
        "--self-test", nargs="?", const="", metavar="FOLDER",
        help="try the installed program out of sight and say what it did; pictures and PDFs go to FOLDER",
    )  # fmt: skip
    _common(parser)
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--db", default=os.environ.get("FUNNELDESK_DB"), help="the base: a path (or FUNNELDESK_DB)"
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language of messages and words")


def command_parser() -> argparse.ArgumentParser:
    """The parser of all words."""
    parser = argparse.ArgumentParser(
        prog="funneldesk",
        description="FunnelDesk: clients, a stage board and reports over one local file. "
        "Without a word the window opens: funneldesk [FILE] [--lang en|ru|pl]",
    )
    parser.add_argument("--version", action="version", version=f"FunnelDesk {__version__}")
    _common(parser)
    words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    _bases(words)
    _imports(words)
    _reports(words)
    for name, help_text in (("undo", "take back the last changes"), ("redo", "do them again")):
        word = words.add_parser(name, help=help_text)
        word.add_argument("--steps", type=_positive, default=1, metavar="N", help="so many changes")
        if name == "undo":
            word.add_argument(
                "--entry",
                type=_positive,
                metavar="ID",
                help="that change of the journal, whenever it was made",
            )
            word.add_argument("--dry-run", action="store_true", help="only say what --entry would do")
    rates = words.add_parser("rates", help="currency rates by day")
    rates.add_argument(
        "--set", dest="set_", nargs=3, metavar=("CODE", "DAY", "RATE"), help="the rate that holds from a day"
    )
    rates.add_argument("--remove", nargs=2, metavar=("CODE", "DAY"), help="take the rate of that day away")
    rates.add_argument("--json", action="store_true", help="tell it as JSON")
    journal = words.add_parser("journal", help="what was done, the newest first")
    journal.add_argument("--json", action="store_true", help="tell it as JSON")
    return parser


def _bases(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    new = words.add_parser("new", help="make an empty base")
    new.add_argument("--template", metavar="NAME", help="with a funnel made from this template")
    new.add_argument("--currency", metavar="CODE", help="accounting currency (by the language)")
    demo = words.add_parser("demo", help="fill a base with believable sample data")
    demo.add_argument("--deals", type=_positive, default=300, metavar="N", help="so many deals")
    demo.add_argument("--seed", type=int, default=1, metavar="S", help="the same number, the same data")
    check = words.add_parser("check", help="whether the base is whole")
    check.add_argument(
        "--repair", action="store_true", help="put right what can be; the base as it was is kept beside it"
    )
    check.add_argument(
        "--salvage", metavar="OUT", help="save what can be read of a damaged base into a new one"
    )
    check.add_argument("--json", action="store_true", help="tell it as JSON")
    backup = words.add_parser("backup", help="a verified copy of the base")
    backup.add_argument("out", metavar="OUT", help="where the copy comes")
    password = words.add_parser(
        "password", help="protect the base; asks, or takes FUNNELDESK_PASSWORD and FUNNELDESK_NEW_PASSWORD"
    )
    password.add_argument("what", choices=("set", "change", "remove"), help="what to do with the password")
    password.add_argument(
        "--delete-left", action="store_true", help="delete backups that could not be brought along"
    )
    password.add_argument(
        "--also", action="append", default=[], metavar="FILE",
        help="bring this copy along too, wherever it lies; again for more",
    )  # fmt: skip
    restore = words.add_parser("restore", help="put a backup in the place of the base")
    restore.add_argument("file", metavar="FILE", help="the backup")


def _imports(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    word = words.add_parser("import", help="read a spreadsheet into the base")
    word.add_argument("file", metavar="FILE", help="the spreadsheet, or a file of contacts")
    word.add_argument("--as", dest="kind", required=True, choices=IMPORT_KINDS, help="what its rows are")
    word.add_argument("--sheet", metavar="NAME", help="which sheet of a workbook")
    word.add_argument("--header", type=_positive, metavar="ROW", help="number of the header row, from 1")
    word.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=field",
        type=_pair,
        help="the field of a column; nothing after = leaves it out",
    )
    word.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="field=value",
        type=_pair,
        help="the same value for every row",
    )
    word.add_argument(
        "--value",
        action="append",
        default=[],
        metavar="field:IN=OUT",
        type=_value_pair,
        help="what a value of the file means",
    )
    word.add_argument(
        "--unknown-options", choices=("create", "empty", "reject"),
        help="values that are none of the choices of an own field: make them choices, leave them empty, "
        "or reject their rows",
    )  # fmt: skip
    word.add_argument("--funnel", metavar="NAME", help="the funnel that deals come into")
    word.add_argument("--create-funnel", action="store_true", help="make a funnel of the stages in the file")
    word.add_argument("--stages", metavar="A,B,C", type=_list, help="the order of its stages")
    word.add_argument(
        "--on-duplicate", choices=("skip", "fill", "update", "create"), default="skip",
        type=_policy, metavar="skip|fill|overwrite|create",
        help="what becomes of a row whose record is there already",
    )  # fmt: skip
    word.add_argument(
        "--key", metavar="A,B,C", type=_keys, help=f"know duplicates only by these: {', '.join(IMPORT_KEYS)}"
    )
    word.add_argument("--mapping", metavar="NAME|FILE", help="decisions kept before, in the base or a file")
    word.add_argument("--save-mapping", metavar="NAME|FILE.json", help="keep the decisions for another file")
    word.add_argument(
        "--split", action="append", default=[], metavar="COLUMN",
        help="a column that holds company and contact, or full names, is parted",
    )  # fmt: skip
    word.add_argument(
        "--vanished", metavar="leave|tag[:NAME]|field=value", type=_vanished,
        help="what is no longer in a list that was imported before: leave it, tag it, or set a field",
    )  # fmt: skip
    word.add_argument("--dry-run", action="store_true", help="only say what would be done")
    word.add_argument("--rejects", metavar="OUT.xlsx", help="save the rejected rows with their reasons")
    word.add_argument("--json", action="store_true", help="tell it as JSON")
    waiting = words.add_parser("waiting", help="rows that wait for a deal, client or invoice they name")
    waiting.add_argument("--drop", action="store_true", help="throw them away")
    waiting.add_argument("--json", action="store_true", help="tell it as JSON")
    imports = words.add_parser("imports", help="the imports that were run, or what one of them made")
    imports.add_argument("number", nargs="?", type=_positive, metavar="N", help="the number of one import")
    imports.add_argument("--json", action="store_true", help="tell it as JSON")
    export = words.add_parser("export", help="write all records of a kind to a file")
    export.add_argument("what", choices=EXPORT_KINDS, help="which records")
    export.add_argument("-o", "--output", required=True, metavar="FILE", help="an .xlsx or a .csv")


def _reports(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    word = words.add_parser("report", help="a report as a table, JSON, CSV, spreadsheet or PDF")
    word.add_argument("name", metavar="NAME", help="the report, as the page of the help lists them")
    word.add_argument("--funnel", metavar="F", help="the funnel, by name or number")
    word.add_argument("--from", dest="start", metavar="D", help="the first day of the period, 2026-01-31")
    word.add_argument("--to", dest="end", metavar="D", help="the first day after the period")
    word.add_argument("--as-of", metavar="T", help="as it stood then")
    word.add_argument(
        "--population",
        choices=("cohort", "activity", "snapshot", "finished", "active"),
        help="which deals are counted",
    )
    word.add_argument(
        "--rule",
        choices=("current", "reached", "reached_bitrix", "visited", "strict"),
        help="when a deal counts at a stage",
    )
    word.add_argument("--by", type=_list, default=[], metavar="B", help="by what it is grouped")
    word.add_argument("--own", metavar="CONDITION", help="stage-funnel: at each stage also such deals")
    word.add_argument(
        "--columns", type=_list, default=[], metavar="A,B",
        help="only these figures (the keys of JSON); JSON itself always has all",
    )  # fmt: skip
    word.add_argument("--plan", type=_positive, metavar="N", help="the goal of a plan report in wins")
    word.add_argument("--plan-amount", type=_amount, metavar="M", help="or in money")
    word.add_argument(
        "--turn", action="store_true", help="manager-matrix: managers in rows, stages in columns"
    )
    word.add_argument("--new-business", action="store_true", help="a forecast counts deals yet to come, too")
    word.add_argument(
        "--training", type=_months, metavar="N|all",
        help="a forecast learns from the deals that ended in the last N months (the funnel's own by default)",
    )  # fmt: skip
    word.add_argument(
        "--season", type=_months, metavar="N|all", help="and its seasons from so many whole months"
    )
    word.add_argument(
        "--manager", action="append", default=[], metavar="M", help="only the deals of this manager"
    )
    word.add_argument(
        "--where", action="append", default=[], metavar="CONDITION",
        help="only such deals: field=value, or 'amount >= 1000 and (source = Web, Fair or city ~ War)'",
    )  # fmt: skip
    word.add_argument("--conditions", metavar="FILE.json", help="conditions of a file")
    word.add_argument("--view", metavar="NAME", help="as a saved view of deals or of reports narrows them")
    word.add_argument(
        "--compare", type=_span, metavar="previous|year|FROM..TO",
        help="with the period before, a year before, or between any two dates (the second exclusive)",
    )  # fmt: skip
    word.add_argument(
        "--format", choices=("table", "json", "csv", "xlsx", "pdf"), default="table", help="how it is written"
    )
    word.add_argument("--booklet", action="store_true", help="managers: a PDF with a page for each")
    word.add_argument("--paper", choices=("A4", "Letter"), help="of a PDF")
    word.add_argument("--across", action="store_true", default=None, help="a PDF with wide pages")
    word.add_argument("--upright", dest="across", action="store_false", help="or with high ones")
    word.add_argument("-o", "--output", metavar="OUT", help="the file")


def _span(text: str) -> str:
    """What to compare with; the dates themselves are read in the zone of the base."""
    first, dots, until = text.partition("..")
    if text not in ("previous", "year") and not (dots and first and until):
        raise argparse.ArgumentTypeError(f"{text!r} is not previous, year or FROM..TO")
    return text


def _months(text: str) -> int:
    """Months of history; all = 0."""
    return 0 if text == "all" else _positive(text)


def _policy(text: str) -> str:
    """`overwrite` is what `update` has always meant."""
    return "update" if text == "overwrite" else text


def _vanished(text: str) -> tuple[str, str] | None:
    """(field, value); ("tag", name or nothing) for a tag, whose field and name are words."""
    if text == "leave":
        return None
    word, _mark, name = text.partition(":")
    if word != "tag" or "=" in text:
        return _pair(text)
    return word, name.strip()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return number


def _amount(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or number <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not an amount above 0")
    return number


def _pair(text: str) -> tuple[str, str]:
    """COLUMN=field: the last `=` splits, so that a column may have one in its name."""
    left, mark, right = text.rpartition("=")
    if not mark:
        raise argparse.ArgumentTypeError(f"{text!r} has no =")
    return left, right


def _value_pair(text: str) -> tuple[str, str, str]:
    left, right = _pair(text)
    field, mark, value = left.partition(":")
    if field == "custom":
        name, mark, value = value.partition(":")
        field = f"custom:{name}"
    if not mark:
        raise argparse.ArgumentTypeError(f"{text!r} is not field:IN=OUT")
    return field, value, right


def _keys(text: str) -> tuple[str, ...]:
    keys = tuple(_list(text))
    unknown = [key for key in keys if key not in IMPORT_KEYS]
    if unknown or not keys:
        raise argparse.ArgumentTypeError(f"{text!r}: choose from {', '.join(IMPORT_KEYS)}")
    return keys


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
