"""The sentences of what an import cannot read or do; `text.ERRORS` holds them with all others."""

from __future__ import annotations


def N_(sentence: str) -> str:  # noqa: N802 - the name by which sentences are found
    """Mark a sentence for translation where it is defined."""
    return sentence


IMPORT_ERRORS: dict[str, str] = {
    "import.not_found": N_("There is no file {file}."),
    "import.no_access": N_("{file} could not be opened ({reason}). Close it elsewhere and try again."),
    "import.empty": N_("There is nothing in {file}."),
    "import.too_large": N_("{file} is too large ({size} MB; at most {limit} MB). Split it into parts."),
    "import.too_wide": N_(
        "A row of {file} is too wide for a table (row {row}). Save the table itself as a new file."
    ),
    "import.long_cell": N_(
        "Row {row} of {file} has a cell of more than {limit} characters. A quotation mark may be open there."
    ),
    "import.too_many_parts": N_("{file} has {parts} parts inside and was not opened."),
    "import.bomb": N_("{file} unpacks to more than {size} MB and was not opened."),
    "import.not_a_table": N_("{file} is not a table that can be read. Save it as .xlsx or .csv."),
    "import.unreadable": N_("{file} is damaged or no spreadsheet. Save it anew where it was made."),
    "import.encrypted": N_("{file} is protected by a password. Save a copy without it."),
    "import.timeout": N_("{file} took more than {seconds} seconds to read. Split it into parts."),
    "import.memory": N_("{file} needs too much memory. Save only the table itself as a new file."),
    "import.unknown_encoding": N_("There is no text encoding {encoding}."),
    "import.no_such_sheet": N_("There is no sheet {name}. There are: {sheets}."),
    "import.no_such_column": N_("There is no column {column}. There are: {columns}."),
    "import.unknown_field": N_("Rows of {kind} have no field {field}."),
    "import.unknown_reading": N_(
        "{field} cannot be read as {reading}. After the colon may stand: {readings}."
    ),
    "import.no_reading": N_("Nothing is said of {field} after a colon: write it without :{reading}."),
    "import.no_rows": N_("There are no rows under the header."),
    "import.missing_field": N_("No column holds the field {field}. Choose the column for it."),
    "import.question_date": N_(
        "Column {column}: {example} may be {dmy} or {mdy}. Say which: --map '{column}=FIELD:dmy' or :mdy."
    ),
    "import.no_funnel": N_("There is no funnel yet. Make one first, or let the import make it."),
    "import.no_such_funnel": N_("There is no funnel {name}. Choose another, or let the import make it."),
    "import.too_many_stages": N_("{name} would get more than 60 stages. Check the column of stages."),
    "import.error_cell": N_("The cell holds the error {value}."),
    "import.no_value": N_("The formula was never calculated. Open the file in its program and save it."),
    "import.far_cell": N_("This row has values too far to the right; they were not read."),
    "import.hidden_row": N_("This row is hidden in the file."),
    "import.merged_value": N_("{column}: {value} was taken from the merged cell above."),
    "import.no_split": N_("Column {column} does not hold two things that can be parted surely."),
    "import.bad_mapping": N_("This mapping is for other rows, or no mapping at all."),
    "import.no_such_mapping": N_("There is no mapping {name}, neither a file nor one kept in the base."),
    "import.bad_amount": N_("{value} is not a sum."),
    "import.bad_date": N_("{value} is not a date."),
    "import.bad_phone": N_("{value} is no phone number; kept as it is."),
    "import.bad_email": N_("{value} is no e-mail address; kept as it is."),
    "import.bad_currency": N_("{value} is no currency."),
    "import.bad_yes_no": N_("{value} is neither yes nor no."),
    "import.unknown_option": N_("{value} is none of the choices of {name}."),
    "import.too_many_options": N_(
        "{name} would get {count} choices. Make it a text, or say what the values mean."
    ),
    "import.bad_number": N_("{value} is no whole number."),
    "import.damaged_number": N_(
        "{value}: the spreadsheet has shortened this number, its last digits are lost. Enter it anew as text."
    ),
    "import.no_name": N_("The row has no name."),
    "import.unknown_funnel": N_("There is no funnel {value}."),
    "import.unknown_stage": N_("The funnel {funnel} has no stage {value}."),
    "import.no_stage": N_("The row says no stage."),
    "import.unknown_outcome": N_("{value} says neither won nor lost."),
    "import.unknown_status": N_("{value} is no status of a lead."),
    "import.unknown_kind": N_("{value} is no kind of activity."),
    "import.likely_double": N_("May be {name}: {score}% alike, in the same city."),
    "import.waits_deal": N_("Waits for the deal {value}, which is not there yet, and comes in with it."),
    "import.waits_client": N_("Waits for the client {value}, who is not there yet, and comes in with them."),
    "import.waits_invoice": N_(
        "Waits for the invoice {value}, which is not there yet, and comes in with it."
    ),
    "import.many_deals": N_("Several deals are called {value}. Give the number of the deal."),
    "import.many_invoices": N_("There are several invoices {value}. Give the client and the date too."),
    "import.no_number": N_("The row has no number of an invoice."),
    "import.no_amount": N_("The row has no amount."),
    "import.no_invoice_or_client": N_("The row names neither an invoice nor a client."),
    "import.no_deal": N_("The row names no deal."),
    "import.no_deal_or_client": N_("The row names neither a deal nor a client."),
    "import.no_date": N_("The row has no date."),
    "import.history_incomplete": N_(
        "The history of this deal was left as it is, because row {because} could not be read."
    ),
    "import.same_stage": N_("The deal is in this stage already, so this row changes nothing."),
    "import.reason_unused": N_("The deal is not lost, so the reason {value} was not kept."),
    "import.custom_unused": N_("{value} was not kept: this field belongs to companies, the row has none."),
    "import.total_row": N_("A row of totals was left out."),
    "import.footer": N_("This stands under the totals and was left out."),
    "import.header_again": N_("The header stands here again and was left out."),
    "import.left_out": N_("Left out by hand."),
}
