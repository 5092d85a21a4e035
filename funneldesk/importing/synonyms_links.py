"""The words that head columns of invoices, payments, and of numbers that name other records.

Written as in `synonyms`, which puts them together with the words that all kinds share.
"""

from __future__ import annotations

# The number of a company in the other program, in files that are about something else.
CLIENT_ID = (
    "client id|company id|customer id|organization id|organisation id|account id|associated company ids|"
    "associated company id|company record id|primary associated company id|primary associated company ids|"
    "person organization id|deal organization id|activity organization id|org id|company external id|"
    "client external id|"
    "id компании|id клиента|код клиента|код контрагента|компания id|id организации|номер клиента|"
    "id контрагента|код владельца|id firmy|id klienta|id organizacji|nr klienta|numer klienta|"
    "id kontrahenta|kod kontrahenta"
)
# The number of a person.
PERSON_ID = (
    "contact id|person id|associated contact ids|associated contact id|contact record id|deal person id|"
    "activity person id|id контакта|контакт id|код контактного лица|id kontaktu|id osoby"
)
DEAL = (
    "deal|deal id|deal number|deal no|deal external id|associated deal ids|associated deal id|"
    "associated deal|opportunity|opportunity id|activity deal|activity deal id|deal name|order id|"
    "сделка|id сделки|номер сделки|код сделки|сделка id|название сделки|заказ|номер заказа|интерес|"
    "transakcja|szansa|id transakcji|id szansy|numer transakcji|nr transakcji|nr szansy|umowa"
)
INVOICES = {
    "external_id": "~id|external id|record id|invoice id|=code|=uid|=guid|=key|~ид|~код|внешний код|=уид|"
    "внешний id|идентификатор|id счета|счет id|identyfikator|=kod|id faktury|id dokumentu",
    "number": "number|invoice number|invoice no|invoice|invoice name|invoice title|no|nr|document number|"
    "bill number|~title|~name|номер|номер счета|номер документа|счет|счет на оплату|№|№ счета|"
    "название счета|~название|~наименование|n|numer|numer faktury|nr faktury|faktura|nr dokumentu|"
    "numer dokumentu|~nazwa",
    "date": "date|invoice date|issue date|issued|issued on|date of issue|billing date|document date|"
    "bill date|"
    "~created|~created at|~create date|дата|дата счета|дата выставления|дата документа|выставлен|"
    "~дата создания|~создан|data|data wystawienia|data faktury|data dokumentu|wystawiono|~data utworzenia",
    "due_date": "due date|due|payment due|payment due date|pay by|pay before|payment deadline|due on|"
    "invoice due date|срок оплаты|оплатить до|оплата до|срок|плановая дата оплаты|дата оплаты план|"
    "дата платежа план|крайний срок оплаты|termin platnosci|termin zaplaty|termin|zaplata do|platne do",
    "amount": "amount|total|sum|invoice amount|amount billed|grand total|total amount|invoice total|"
    "amount due|"
    "value|net amount|сумма|сумма счета|всего|итого|сумма документа|к оплате|сумма с ндс|сумма руб|"
    "kwota|kwota brutto|wartosc|wartosc brutto|suma|razem|do zaplaty|kwota faktury",
    "currency": "currency|currency code|invoice currency|валюта|код валюты|валюта документа|"
    "waluta|kod waluty",
}
PAYMENTS = {
    "external_id": "~id|external id|record id|payment id|payment number|payment no|transaction id|=number|"
    "=no|"
    "=code|=uid|=guid|=key|~ид|~код|внешний код|=уид|внешний id|номер платежа|номер оплаты|"
    "номер поступления|номер документа|=номер|=№|identyfikator|=kod|id platnosci|numer platnosci|"
    "nr platnosci|=numer|=nr",
    "invoice": "invoice|invoice number|invoice no|invoice id|for invoice|associated invoice|bill number|"
    "associated invoice ids|associated invoice id|invoice external id|document|=счет|счет на оплату|"
    "номер счета|id счета|№ счета|за счет|по счету|документ основание|основание|документ расчетов|"
    "оплачиваемый счет|faktura|numer faktury|nr faktury|do faktury|za fakture|id faktury|dokument|"
    "dokument zrodlowy",
    "client": "payer|плательщик|от кого|platnik|wplacajacy|kontrahent platnika",
    "date": "date|payment date|paid on|paid at|date paid|received|received on|date received|paid date|"
    "initiated date|transaction date|posting date|~created|~create date|"
    "дата|дата оплаты|дата платежа|дата поступления|дата документа|оплачен|оплачено когда|"
    "data|data platnosci|data wplaty|data zaplaty|data ksiegowania|data operacji",
    "amount": "amount|sum|paid|payment amount|amount paid|paid amount|total|gross amount|value|payment|"
    "amount received|сумма|сумма платежа|сумма оплаты|оплачено|поступление|поступило|приход|"
    "сумма документа|сумма поступления|платеж|оплата|kwota|kwota platnosci|wplata|zaplacono|"
    "kwota wplaty|wplacono|suma|wartosc",
    "currency": "currency|currency code|payment currency|валюта|код валюты|валюта документа|"
    "waluta|kod waluty",
    "comment": "purpose|payment purpose|details of payment|назначение|назначение платежа|tytul przelewu|"
    "tytul platnosci|tytulem",
}
