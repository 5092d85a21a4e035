"""The sentences of errors and the names of changes, by their codes; `text` puts them into a language."""

from __future__ import annotations


def N_(sentence: str) -> str:  # noqa: N802 - the name by which sentences are found
    """Mark a sentence for translation where it is defined."""
    return sentence


# What happened, what was kept, what to do.
BASE_ERRORS: dict[str, str] = {
    "base.missing": N_("There is no file {path}. Check the path, or make a new base."),
    "base.exists": N_("{path} is there already and was left as it is. Choose another name, or open it."),
    "base.empty": N_("{path} is empty, so it is not a base. Restore a backup or make a new base."),
    "base.foreign": N_("{path} is not a FunnelDesk base. It was left as it is."),
    "base.password_needed": N_(
        "{path} is protected by a password. It is asked for in the window and at a terminal; scripts give it "
        "in the variable FUNNELDESK_PASSWORD."
    ),
    "base.wrong_password": N_(
        "The password does not open {path}. Either it is another one (mind capital letters and the keyboard "
        "layout), or the file is damaged through and through."
    ),
    "base.no_cipher": N_(
        "This installation lacks the part that opens and makes bases with a password. The installers bring "
        'it; where the program was installed by pip: pip install "funneldesk[password]"'
    ),
    "password.short": N_("A password needs at least {letters} characters."),
    "password.there": N_("{path} has a password already. It can be changed or removed."),
    "password.none": N_("{path} has no password."),
    "password.differ": N_("The two passwords differ. Nothing was changed."),
    "password.not_given": N_(
        "No new password was given. Without a terminal it comes from the variable FUNNELDESK_NEW_PASSWORD."
    ),
    "password.failed": N_(
        "The password was not changed ({reason}). The base is as it was. See whether its disk has room for "
        "a copy."
    ),
    "password.other_base": N_(
        "{path} is another base, not a copy of this one. It was left as it is; to protect it, open it."
    ),
    "base.newer": N_(
        "{path} was made by a newer FunnelDesk. It was left as it is; update the program to open it."
    ),
    "base.locked": N_(
        "{path} is open in another FunnelDesk (user {user} on {host}, process {pid}). "
        "Close it there, or look at the base without changing it."
    ),
    "base.forbidden": N_(
        "The system does not let you use {path}. Check the rights of the file and its folder."
    ),
    "base.damaged": N_(
        "{path} is damaged and was left as it is ({detail}). Restore the newest backup, or save what can "
        "still be read."
    ),
    "salvage.nothing": N_("Nothing of {path} can be read any more. It was left as it is; restore a backup."),
    "base.disk": N_(
        "The disk did not do what was asked of it ({detail}). Nothing of this action was written; check the "
        "disk or its connection, and make a backup elsewhere."
    ),
    "base.full": N_("The disk is full. Nothing of this action was written; free some space and try again."),
    "base.busy": N_("Another program is writing to the base. Nothing was written; try again in a moment."),
    "base.read_only": N_("The base is open for reading only, so nothing was written."),
    "base.old_read_only": N_(
        "{path} was made by an older FunnelDesk. Open it once for writing, so that it can be upgraded."
    ),
    "base.url_unsupported": N_(
        "Bases of the kind {url} are not supported by this version. Give a path to a file."
    ),
    "base.migration_failed": N_(
        "{path} could not be upgraded and was left as it was ({detail}). A copy lies beside it."
    ),
    "backup.failed": N_("The backup {path} could not be written: {reason}. The base itself is untouched."),
    "backup.changed": N_(
        "{path} is not the backup that was made: its content has changed. Nothing was restored."
    ),
    "record.gone": N_("This record is not there any more: it was removed or its creation was undone."),
    "record.stale": N_(
        "Somebody changed this record while you were editing it. Look at both and save again."
    ),
    "history.nothing_to_undo": N_("There is nothing to undo."),
    "history.nothing_to_redo": N_("There is nothing to redo."),
    "history.not_last": N_(
        "Other changes were made after this one. Undo them first with Ctrl+Z; it comes in its turn."
    ),
    "history.no_entry": N_("There is no change number {entry}."),
    "history.too_old": N_(
        "Undo does not reach back so far any more. How far it reaches is chosen in Settings, Undo and "
        "journal."
    ),
    "history.is_barrier": N_("This change cannot be taken back."),
    "history.gone_already": N_("This change is taken back already."),
    "history.all_in_use": N_(
        "Nothing was taken back: all that this change made has been changed or built upon since."
    ),
    "deal.loss_needs_reason": N_("Choose why the deal was lost."),
    "report.period_backwards": N_("The period ends before it begins. Change its days."),
    "deal.amount_too_large": N_("This amount is too large. Nothing was written."),
    "invoice.no_number": N_("Write the number of the invoice."),
    "invoice.no_amount": N_("Write the amount of the invoice."),
    "invoice.no_client": N_("An invoice needs a client, or a deal that has one."),
    "payment.no_amount": N_("Write how much was paid."),
    "payment.no_owner": N_("A payment needs an invoice or a client."),
    "deal.loss_needs_comment": N_("Write in a few words why the deal was lost."),
    "deal.wrong_stage": N_("This stage belongs to another funnel."),
    "deal.no_back": N_("In this funnel deals do not go back."),
    "deal.no_skip": N_("In this funnel stages cannot be skipped."),
    "deal.criteria": N_("For the stage {stage} this is still missing: {criteria}."),
    "deal.fixed_steps": N_(
        "The steps of this deal are fixed: it goes to the next one when the task of this one is done."
    ),
    "deal.stageless": N_("This deal has no stages: it is only won or lost."),
    "deal.won_later": N_("A deal cannot be won on a day that has not come yet."),
    "deal.no_client": N_("This deal has no client yet. Name the client first."),
    "rule.no_text": N_("Write what is to be done."),
    "rule.no_manager": N_("Choose the manager."),
    "rule.no_stage": N_("Choose the stage."),
    "rule.no_days": N_("Give the number of days, more than 0."),
    "rule.no_field": N_("Choose the field and its value."),
    "rule.no_reason": N_("Choose the loss reason."),
    "rule.leads_do_not_move": N_("A lead has no stages, so a rule on leads cannot move it or set a field."),
    "merge.too_few": N_("Choose at least two cards that are the same client."),
    "field.calculated": N_("{name} is calculated, so it cannot be typed."),
    "item.quantity": N_("Give a quantity above 0."),
    "item.discount": N_("A discount lies between 0 and 100%."),
    "rate.missing": N_("There is no rate of {currency}. Add it in Settings, Currency rates."),
    "rate.unreadable": N_("{value} is not a rate. Write a number above 0, like 4.25."),
    "rate.own": N_("{currency} is the accounting currency; its rate is always 1."),
    "rate.currency": N_("{currency} is not the code of a currency. Write three letters, like EUR."),
    "rate.none": N_("There is no rate of {currency} from {day}."),
    "transfer.nobody": N_("Choose who receives it."),
    "transfer.self": N_("Choose another manager: these are theirs already."),
    "transfer.nothing": N_("Nothing fits these conditions, so nothing was moved."),
    "file.unreadable": N_("{name} could not be read: {reason}. Nothing was added."),
    "file.too_large": N_(
        "{name} is larger than {most} MB. Add it as a link, or raise the limit in Settings."
    ),
    "logo.unreadable": N_("{name} is not a picture that can be read. The logo was not changed."),
    "logo.too_large": N_("The picture is larger than {most} KB even made small. The logo was not changed."),
    "file.folder": N_("{name} is a folder. Add its files, or add it as a link."),
    "file.link": N_("Give a path or an address."),
    "file.gone": N_("The content of {name} is not in the base any more."),
    "deal.needs_demand": N_("Write what the client first asked for."),
    "name.empty": N_("Give it a name."),
    "name.long": N_("This name has {n} letters, and {most} is the most. Make it shorter."),
    "name.taken": N_("{name} is there already. Choose another name."),
    "funnel.none": N_("There is no funnel yet. Make one from a template first."),
    "funnel.unknown": N_("There is no funnel {name}. There are: {known}."),
    "stage.unknown": N_("The funnel {funnel} has no stage {name}. Its stages: {known}."),
    "funnel.no_stages": N_("A funnel needs at least one stage."),
    "funnel.too_many_stages": N_("A funnel holds at most {most} stages."),
    "stage.not_all": N_("Name every stage of the funnel once."),
    "stage.bad_probability": N_("A probability lies between 0 and 100%."),
    "stage.last": N_("This is the only stage of the funnel, so it stays."),
    "stage.bad_target": N_("Choose another stage of the same funnel."),
    "stage.needs_target": N_("{name} holds open deals ({count}). Choose the stage they go to."),
    "backup.same_file": N_("{path} is the base itself. Choose another file."),
    "template.unknown": N_("There is no template {name}. There are: {known}."),
    "manager.unknown": N_("There is no manager {name}. There are: {known}."),
    "manager.merge_self": N_("A manager cannot be merged with themselves."),
    "list.in_use": N_(
        "“{name}” is in use (records: {n}), and nothing was changed. Merge it into another entry, then "
        "nothing is lost."
    ),
    "list.merge_self": N_("An entry cannot be merged with itself."),
    "lead.closed": N_("This lead is closed already."),
    "lead.drop_needs_reason": N_("Write in a few words why the lead is dropped."),
    "field.no_options": N_("Give the choices, one on each line."),
    "condition.gone": N_("A condition asks for a field that is not there any more. Remove that condition."),
    "condition.syntax": N_(
        "This condition cannot be read: {text}. It breaks at: {rest}. "
        "Write like: amount >= 1000 and source = Web."
    ),
    "condition.spec": N_("This is no file of conditions. Write like: {example}."),
    "condition.file": N_("{path} could not be read: {reason}."),
    "condition.op": N_("The condition {op} does not fit the field {field}. These do: {known}."),
    "condition.no_choice": N_("There is no {value} in the field {field}. There are: {known}."),
    "view.unknown": N_("There is no saved view {name}. There are: {known}."),
    "condition.unreadable": N_("The value {value} of a condition cannot be read. Write another one."),
    "field.unreadable": N_("{value} does not fit the field {name}."),
    "report.unknown": N_("There is no report {name}. There are: {known}."),
    "report.population": N_(
        "The report {name} is not made for the population {population}. Choose one of: {known}."
    ),
    "report.rule": N_("The report {name} does not count by the rule {rule}. Choose one of: {known}."),
    "report.no_period": N_("A comparison needs a period: say from when."),
    "report.compare_backwards": N_("The period to compare with ends before it begins."),
    "report.no_comparison": N_("The report {name} is not of a period, so it is not compared with another."),
    "report.columns": N_("The report {name} has no figure {columns}. It has: {known}."),
    "report.own": N_("The report {name} has no figure of one's own. Ask for it in: {known}."),
    "report.turn": N_("The report {name} cannot be turned. These can: {known}."),
    "report.by": N_("The report {name} cannot be grouped by {by}. It can be by: {known}."),
    "export.format": N_("{path}: choose a name that ends in .xlsx or .csv."),
    "export.stopped": N_("The export was stopped. Nothing was written."),
    "export.failed": N_("{path} could not be written: {reason}. What was there before is untouched."),
    "filter.unknown": N_("There is no field {name} to filter by. There are: {known}."),
    "plan.month": N_("{value} is not a month. Write it like 2026-03."),
    "plan.value": N_("A plan is a number from 0 on; {value} is not. Nothing was changed."),
    "plan.cell": N_("{value} is not a number from 0 on. Nothing was changed."),
    "plan.stranger": N_(
        "There is no manager {name}. Add the manager in Settings, or correct the name. Nothing was changed."
    ),
    "cost.days": N_("The last day {last} lies before the first one {first}. Turn them round."),
    "cost.amount": N_("Write the cost as an amount from 0 on."),
    "standard.limit": N_("Write how many days or hours are allowed: a number above 0."),
    "date.unreadable": N_("{value} is not a date or a moment. Write it like 2026-03-31 or 2026-03-31T14:00."),
}

# What a stage may require of a deal, by the keys of `domain.criteria`.
CRITERIA: dict[str, str] = {
    "amount": N_("amount"),
    "expected_close": N_("expected close"),
    "client": N_("client"),
    "person_id": N_("contact person"),
    "manager_id": N_("manager"),
    "source_id": N_("source"),
    "product_id": N_("product"),
    "demand": N_("first request"),
    "comment": N_("comment"),
    "phone": N_("phone"),
    "email": N_("e-mail"),
    "tax_id": N_("tax number"),
    "address": N_("address"),
    "city": N_("city"),
    "meeting": N_("place, date and time of the meeting"),
    "receipt": N_("receipt confirmed by the client"),
}

# What changes are called in the journal, in Undo and in the timeline.
LABELS: dict[str, str] = {
    "company.created": N_("New company {name}"),
    "company.changed": N_("Changes to {name}"),
    "company.deleted": N_("Company {name} deleted"),
    "person.created": N_("New person {name}"),
    "person.changed": N_("Changes to {name}"),
    "person.deleted": N_("Person {name} deleted"),
    "clients.deleted": N_("{count} clients deleted"),
    "clients.changed": N_("{count} clients changed"),
    "leads.changed": N_("{count} leads changed"),
    "deals.changed": N_("{count} deals changed"),
    "leads.assigned": N_("{count} leads given to {manager}"),
    "clients.assigned": N_("{count} clients given to {manager}"),
    "company.merged": N_("{count} cards merged into {name}"),
    "person.merged": N_("{count} cards merged into {name}"),
    "clients.merged": N_("{count} groups of doubles merged"),
    "doubles.dismissed": N_("{count} cards are not doubles"),
    "person.erased": N_("A person was erased"),
    "portfolio.moved": N_("{count} records of {name} given to {to}"),
    "portfolio.given": N_("{count} records without a manager given to {to}"),
    "file.added": N_("File {name} added"),
    "file.removed": N_("File {name} removed"),
    "questions.changed": N_("Questions of leads"),
    "sources.usual": N_("The usual sources added"),
    "contact.changed": N_("Contacts of {name}"),
    "deal.created": N_("New deal {title}"),
    "deal.changed": N_("Changes to {title}"),
    "deal.moved": N_("{title} → {stage}"),
    "deal.won": N_("{title} won"),
    "deal.lost": N_("{title} lost"),
    "deal.reopened": N_("{title} open again → {stage}"),
    "deal.deleted": N_("Deal {title} deleted"),
    "deals.moved": N_("{count} deals → {stage}"),
    "deals.won": N_("{count} deals won"),
    "deals.lost": N_("{count} deals lost"),
    "deals.won_rest": N_("Deals won: {count}, won already before: {left}"),
    "deals.lost_rest": N_("Deals lost: {count}, lost already before: {left}"),
    "deals.deleted": N_("{count} deals deleted"),
    "deals.assigned": N_("{count} deals given to {manager}"),
    "activity.added": N_("{kind} with {name}"),
    "activity.planned": N_("{kind} planned: {name}"),
    "activity.changed": N_("Changes to an activity"),
    "activity.done": N_("{kind} done: {name}"),
    "activity.deleted": N_("Activity deleted"),
    "activity.put_off": N_("{kind} put off: {name}"),
    "deal.waiting": N_("{title} waits {days} d"),
    "deals.waiting": N_("{count} deals wait {days} d"),
    "deal.to_funnel": N_("{title} → {funnel}"),
    "deals.to_funnel": N_("{count} deals → {funnel}"),
    "activities.planned": N_("{count} activities planned"),
    "activity.snoozed": N_("{count} reminders put off"),
    "activity.given": N_("{kind} given to {manager}: {name}"),
    "activity.accepted": N_("{count} tasks accepted"),
    "activity.returned": N_("{kind} given back: {name}"),
    "deal.repeated": N_("{title} started again"),
    "deals.repeated": N_("{count} deals started again"),
    "deal.repeat_planned": N_("{title} to be started again on {day}"),
    "deals.repeat_planned": N_("{count} deals to be started again"),
    "deals.repeat_moved": N_("{count} deals to be started again on another day"),
    "deals.repeat_cancelled": N_("{count} deals will not be started again"),
    "deal.repeat_cancelled": N_("{title} will not be started again"),
    "invoice.created": N_("New invoice {number}"),
    "invoice.changed": N_("Changes to invoice {number}"),
    "invoice.deleted": N_("Invoice {number} deleted"),
    "payment.created": N_("Payment of {name}"),
    "payment.changed": N_("Changes to a payment of {name}"),
    "payment.deleted": N_("Payment of {name} deleted"),
    "lead.created": N_("New lead {title}"),
    "lead.changed": N_("Changes to lead {title}"),
    "lead.qualified": N_("Lead {title} qualified"),
    "lead.converted": N_("Lead {title} became a deal"),
    "lead.dropped": N_("Lead {title} dropped"),
    "lead.reopened": N_("Lead {title} taken up again"),
    "lead.deleted": N_("Lead {title} deleted"),
    "leads.dropped": N_("{count} leads dropped"),
    "leads.deleted": N_("{count} leads deleted"),
    "manager.created": N_("New manager {name}"),
    "manager.renamed": N_("Manager {old} is now {name}"),
    "manager.merged": N_("Manager {name} merged into {into}"),
    "manager.deactivated": N_("Manager {name} deactivated"),
    "manager.activated": N_("Manager {name} active again"),
    "list.created": N_("New entry {name}"),
    "list.merged": N_("{name} merged into {into}"),
    "list.removed": N_("Entry {name} removed"),
    "list.changed": N_("Changes to {name}"),
    "list.renamed": N_("{old} is now {name}"),
    "list.deleted": N_("{name} removed"),
    "plan.set": N_("{count} plans set"),
    "cost.set": N_("Cost of {name}"),
    "cost.deleted": N_("Cost of a source removed"),
    "mark.set": N_("Marked: {title}"),
    "mark.deleted": N_("Marked change removed"),
    "standard.set": N_("Standard of contact"),
    "standard.deleted": N_("Standard of contact removed"),
    "deal.items": N_("Lines of {title}"),
    "product.changed": N_("Changes to product {name}"),
    "rate.deleted": N_("Rate of {currency} from {day} removed"),
    "rate.set": N_("Rate of {currency} from {day}"),
    "funnel.created": N_("New funnel {name}"),
    "funnel.changed": N_("Changes to funnel {name}"),
    "stage.changed": N_("Changes to stage {name}"),
    "stage.created": N_("New stage {name}"),
    "stage.removed": N_("Stage {name} removed"),
    "stage.removed_to": N_("Stage {name} removed, {count} deals → {stage}"),
    "stage.merged": N_("Stage {name} merged into {into}"),
    "funnel.archived": N_("Funnel {name} archived"),
    "funnel.restored": N_("Funnel {name} back in use"),
    "field.created": N_("New field {name}"),
    "field.changed": N_("Field {name}"),
    "field.retyped": N_("New type of the field {name}"),
    "field.deleted": N_("Field {name} removed"),
    "deals.mode": N_("{count} deals go another way"),
    "rule.created": N_("New rule"),
    "rule.changed": N_("Changes to a rule"),
    "rule.deleted": N_("Rule removed"),
    "rules.run": N_("Rules at work: {count}"),
    "funnel.redesigned": N_("Funnel {name} redesigned, {count} deals moved"),
    "view.saved": N_("View {name} saved"),
    "view.arranged": N_("Overview arranged"),
    "view.deleted": N_("View {name} removed"),
    "waiting.dropped": N_("{count} waiting rows thrown away"),
    "import.run": N_("Import of {file}"),
    "history.taken_back": N_("Taken back: {what}"),
    "base.repaired": N_("Repair of the base"),
    "sample.made": N_("Sample base"),
}
