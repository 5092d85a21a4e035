"""The lists of clients, leads and deals, filtered by an import that made their records."""

from __future__ import annotations

from collections.abc import Iterable

from funneldesk.domain.client_list import ClientFilter
from funneldesk.domain.condition import Condition, Group
from funneldesk.ui.context import AppContext

LIST_OF = {"deal": "deals", "lead": "leads", "company": "clients", "person": "clients"}


def show_made(context: AppContext, entry: int, kinds: Iterable[str]) -> bool:
    """Open the list of what an import made; False when nothing it made stands in a list."""
    there = set(kinds)
    page = next((page for kind, page in LIST_OF.items() if kind in there), "")
    if not page:
        return False
    where = Group((Condition("import", "one_of", (entry,)),))
    if page == "clients":
        context.show_page(page, filter=ClientFilter(where=where))
    else:
        context.show_page(page, where=where)
    return True
