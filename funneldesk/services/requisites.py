"""Tax numbers looked at: a wrong check digit is told, nothing is refused."""

from __future__ import annotations

from funneldesk.domain.phone import digits


def tax_number_doubtful(text: str | None) -> bool:
    """Whether a tax number of a form we know (Russian INN, Polish NIP, EU VAT) has a wrong check digit.

    A number of another form is not judged.
    """
    from stdnum.eu import vat
    from stdnum.exceptions import ValidationError
    from stdnum.pl import nip
    from stdnum.ru import inn

    bare = (text or "").upper().replace(" ", "").replace("-", "").replace(".", "")
    if not bare:
        return False
    if bare[:2].isalpha() and bare[:2].lower() in vat.MEMBER_STATES:
        return not vat.is_valid(bare)
    if bare != digits(bare) or len(bare) not in (10, 12):
        return False
    try:
        return not (inn.is_valid(bare) or (len(bare) == 10 and nip.is_valid(bare)))
    except ValidationError:
        return True
