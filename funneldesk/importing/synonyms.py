"""The words that head columns and fill cells, in English, Russian and Polish.

Phrases are in folded form (see `mapping.plain`), separated by ``|``.  A phrase with ``=`` in
front counts only as the whole header, one with ``~`` too but less surely: it is a word that
several fields may be called by.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from funneldesk.importing import synonyms_links as links
from funneldesk.importing.fields import Kind
from funneldesk.importing.synonyms_abroad import ABROAD

_PHONE = (
    "phone|telephone|mobile|cell phone|phone number|tel|mobile phone|business phone|home phone|fax|"
    "whatsapp|phone value|contact phone|=cell|=cellular|=mob|phones|"
    "телефон|телефоны|моб тел|мобильный|мобильный телефон|сотовый|тел|рабочий телефон|номер телефона|"
    "контактный телефон|=моб|факс|конт тел|"
    "telefon|telefony|komorka|telefon komorkowy|nr telefonu|numer telefonu|=tel kom|telefon kontaktowy|faks"
)
_EMAIL = (
    "email|e mail|mail|emails|email address|e mail address|e mail value|=mailbox|"
    "почта|электронная почта|эл почта|адрес электронной почты|эл адрес|емейл|имейл|мейл|=эл п|"
    "электронный адрес|рабочий e mail|poczta|poczta elektroniczna|adres email|adres e mail|mejl"
)
_LINK = (
    "website|web site|web page|site|url|homepage|website url|web|domain|=www|company domain name|"
    "web address|"
    "website value|сайт|веб сайт|корпоративный сайт|web сайт|страница|домен|адрес сайта|"
    "интернет сайт|strona|strona www|"
    "strona internetowa|"
    "witryna|adres www|domena"
)
_MANAGER = (
    "manager|owner|responsible|assigned to|account manager|sales rep|salesperson|sales person|deal owner|"
    "company owner|contact owner|record owner|sales manager|representative|=rep|=agent|seller|=assignee|"
    "responsible person|responsible user|=user|account owner|lead owner|assigned user|assigned rep|"
    "=assigned|"
    "rep name|sales rep name|=rm|rm name|=kam|key account manager|opportunity owner|account executive|"
    "менеджер|ответственный|основной менеджер|продавец|куратор|кто ведет|ответственный менеджер|"
    "менеджер по продажам|ведущий менеджер|исполнитель|сотрудник|ответственный сотрудник|мпп|=отв|"
    "opiekun|handlowiec|wlasciciel|odpowiedzialny|osoba odpowiedzialna|sprzedawca|kierownik|menedzer|"
    "przedstawiciel|opiekun klienta|przedstawiciel handlowy|opiekun handlowy|=ph|doradca"
)
_SOURCE = (
    "source|lead source|channel|utm source|original source|deal source|source channel|"
    "how did you hear|acquisition channel|источник|канал|источник лида|источник клиента|канал привлечения|"
    "откуда узнали|откуда пришел|рекламный канал|источник сделки|источник обращения|откуда|"
    "zrodlo|kanal|zrodlo leada|zrodlo pozyskania|skad|kanal pozyskania"
)
_COMMENT = (
    "comment|comments|note|notes|remark|remarks|description|details|additional info|"
    "комментарий|комментарии|примечание|примечания|заметка|заметки|описание|дополнительно|"
    "доп информация|дополнительная информация|=коммент|"
    "komentarz|komentarze|uwagi|notatka|notatki|opis|adnotacje|=uwaga"
)
_POSITION = (
    "position|job title|job position|=title|=role|=job|organization title|designation|=occupation|"
    "должность|роль|позиция|stanowisko|funkcja|=rola"
)
_COMPANY = (
    "company|company name|client|client name|customer|customer name|organization|organisation|account name|"
    "organization name|organisation name|business name|=account|firm|associated company|=buyer|=employer|"
    "company title|associated company primary|=prospect|primary associated company|"
    "компания|название компании|клиент|контрагент|организация|фирма|заказчик|покупатель|"
    "наименование клиента|"
    "наименование организации|название организации|наименование контрагента|название фирмы|предприятие|"
    "наименование компании|партнер|название клиента|"
    "firma|nazwa firmy|klient|nazwa klienta|kontrahent|organizacja|przedsiebiorstwo|odbiorca|"
    "nazwa kontrahenta|"
    "nazwa organizacji|spolka|zleceniodawca|nabywca"
)
_PERSON = (
    "contact|contact person|contact name|full name|person|person name|primary contact|associated contact|"
    "main contact|=decision maker|representative name|=fullname|=fio|"
    "контакт|контактное лицо|фио|имя фамилия|фамилия имя|основной контакт|имя контакта|представитель|"
    "фамилия имя отчество|лицо для связи|фио директора|фио руководителя|полное имя|фио контакта|лпр|"
    "с кем общаться|контактные лица|ф и о|"
    "osoba kontaktowa|kontakt|imie i nazwisko|nazwisko i imie|osoba|przedstawiciel klienta|"
    "osoba do kontaktu|pelna nazwa kontaktu"
)
_NAMES = {
    "first_name": "first name|given name|forename|=imie|имя",
    "last_name": "last name|surname|family name|фамилия|nazwisko",
    "middle_name": "middle name|patronymic|additional name|отчество|drugie imie",
}
_CREATED = (
    "created|created at|create date|creation date|date created|created on|deal created|added|date added|"
    "created date|created time|=opened|~open date|~start date|creation time|registration date|"
    "дата создания|создан|создано|создана|дата заведения|дата обращения|дата заявки|дата поступления|"
    "~дата начала|~дата открытия|дата регистрации|дата добавления|дата создания сделки|дата лида|"
    "~дата|~date|~data|"
    "data utworzenia|utworzono|data dodania|data zgloszenia|~data rozpoczecia|data wplywu|data zalozenia|"
    "data kontaktu|data otwarcia|data rejestracji"
)
_CLOSED = (
    "closed|closed at|close date|closing date|date closed|closed on|deal closed on|won time|lost time|"
    "closed date|closed time|end date|=finished|won lost date|"
    "дата закрытия|закрыта|закрыто|дата завершения|дата окончания|завершена|дата продажи|дата оплаты|"
    "data zamkniecia|zamknieto|data zakonczenia|data sprzedazy|data finalizacji"
)
_EXTERNAL = (
    "~id|external id|record id|=no|=nr|=number|=№|=#|=code|=uid|=guid|=key|crm id|~number|"
    "~ид|~код|внешний код|=номер|=n|=уид|внешний id|идентификатор|=№ п п|identyfikator|=numer|=kod|"
    "=lp|~nr|=l p"
)
_TAX = (
    "tax id|vat|vat id|vat number|tax number|tin|=ein|tax code|"
    "tax identification number|vat no|"
    "tax registration number|инн|унп|бин|иин|налоговый номер|инн кпп|инн клиента|инн контрагента|"
    "nip|numer nip|nip firmy|nip klienta|nip kontrahenta|numer identyfikacji podatkowej|=nr nip|nip ue|nr vat"
)

_WORDS: dict[Kind, dict[str, str]] = {
    Kind.CLIENTS: {
        "external_id": _EXTERNAL + "|client id|company id|contact id|person id|"
        "id контакта|customer id|organization id|account id|id клиента|id компании|код клиента|"
        "код контрагента|номер клиента|id klienta|id firmy|nr klienta|numer klienta",
        "name": _COMPANY
        + "|~name|~название|~наименование|~nazwa|~title|=company legal short name|краткое наименование|"
        "skrocona nazwa|nazwa skrocona",
        "legal_name": "legal name|official name|registered name|full company name|legal entity|"
        "юридическое название|полное наименование|юр лицо|юрлицо|юридическое лицо|полное название|"
        "официальное название|pelna nazwa|nazwa prawna|nazwa pelna|nazwa rejestrowa|=osoba prawna",
        "tax_id": _TAX,
        "person": _PERSON + "|~имя|имя клиента|~name|~директор|~руководитель|~директора",
        "position": _POSITION,
        "phone": _PHONE,
        "email": _EMAIL,
        "website": _LINK,
        "address": "address|street|street address|postal address|mailing address|business street|"
        "address street|legal address|=street 1|address line|address formatted|"
        "адрес|улица|юридический адрес|фактический адрес|почтовый адрес|адрес компании|юр адрес|факт адрес|"
        "адрес доставки|adres|ulica|adres firmy|adres siedziby|siedziba|adres korespondencyjny",
        "city": "city|town|business city|address city|=locality|город|населенный пункт|=г|нас пункт|"
        "miasto|miejscowosc|=msc",
        "region": "region|state|province|~county|state region|business state|=area|oblast|"
        "address region|=state province|"
        "регион|область|край|~район|субъект рф|федеральный округ|wojewodztwo|rejon|~powiat",
        "country": "country|country region|business country region|business country|address country|"
        "=nation|"
        "страна|государство|kraj|panstwo",
        "size": "company size|number of employees|employees|size|headcount|employee count|=staff|"
        "no of employees|"
        "размер|размер компании|количество сотрудников|численность|кол во сотрудников|"
        "число сотрудников|штат|"
        "wielkosc|liczba pracownikow|rozmiar|wielkosc firmy|ilosc pracownikow|zatrudnienie",
        "category": "category|segment|industry|type|company type|client type|customer type|sector|"
        "=group|=labels|"
        "=tags|account type|branch|"
        "категория|сегмент|отрасль|тип|тип компании|тип клиента|сфера деятельности|вид деятельности|группа|"
        "категория клиента|вид контрагента|=теги|kategoria|kategorie|категории|categories|"
        "segment klienta|branza|typ|typ klienta|"
        "sektor|=grupa|rodzaj",
        "source": _SOURCE,
        "manager": _MANAGER,
        "comment": _COMMENT,
        **_NAMES,
    },
    Kind.DEALS: {
        "external_id": _EXTERNAL
        + "|deal id|opportunity id|opp id|order id|deal number|deal no|order number|id сделки|номер сделки|"
        "код сделки|номер заявки|номер заказа|id заявки|~номер документа|id transakcji|id szansy|"
        "numer transakcji|nr szansy|"
        "nr transakcji|id umowy|numer zamowienia|nr zamowienia|id deal",
        "title": "deal name|deal title|opportunity name|opportunity|~title|~name|~subject|=deal|"
        "project|project name|"
        "название сделки|~название|~наименование|тема|сделка|имя сделки|наименование сделки|проект|заявка|"
        "nazwa szansy|nazwa transakcji|~nazwa|~temat|tytul|szansa|transakcja|szansa sprzedazy|"
        "nazwa projektu|~projekt",
        "client": _COMPANY,
        "person": _PERSON + "|~имя|имя клиента|~name",
        "phone": _PHONE,
        "email": _EMAIL,
        "funnel": "funnel|pipeline|pipeline name|sales pipeline|воронка|воронка продаж|направление|"
        "направление сделки|"
        "lejek|lejek sprzedazy|nazwa lejka|pipeline sprzedazy",
        "stage": "stage|deal stage|pipeline stage|stage name|sales stage|=step|=phase|"
        "opportunity stage|~status|current stage|"
        "стадия|этап|стадия сделки|этап сделки|этап воронки|стадия воронки|этап продаж|~статус|"
        "~статус сделки|"
        "текущий этап|etap|faza|etap sprzedazy|etap szansy|etap lejka|stadium|~stan|~status szansy|"
        "~status transakcji",
        "outcome": "outcome|result|deal status|won lost|win loss|=is won|deal result|~status|"
        "~статус сделки|~status szansy|"
        "итог|исход|результат|результат сделки|итог сделки|выиграна проиграна|~статус|"
        "wynik|rezultat|wynik szansy|wygrana przegrana",
        "amount": "amount|value|deal value|sum|total|price|deal amount|revenue|budget|=cost|"
        "opportunity amount|deal size|"
        "~expected revenue|contract value|total amount|order total|grand total|deal value amount|"
        "net amount|"
        "сумма|сумма сделки|бюджет|стоимость|цена|сумма договора|выручка|итого|сумма заказа|объем сделки|"
        "сумма контракта|сумма руб|бюджет сделки|сумма без ндс|сумма с ндс|"
        "kwota|wartosc|suma|budzet|cena|wartosc szansy|wartosc transakcji|wartosc umowy|kwota netto|"
        "kwota brutto|"
        "wartosc netto|przychod|wartosc zamowienia",
        "currency": "currency|currency of value|deal currency|currency code|валюта|валюта сделки|"
        "код валюты|waluta|"
        "kod waluty",
        "manager": _MANAGER,
        "source": _SOURCE,
        "product": "product|product name|service|item|products|goods|=sku|deal product|"
        "товар|продукт|услуга|номенклатура|товары|услуги|продукция|товар услуга|"
        "produkt|usluga|towar|nazwa produktu|asortyment|produkt usluga",
        "created_at": _CREATED,
        "closed_at": _CLOSED,
        "expected_close": "expected close date|expected close|expected closing|forecast date|planned close|"
        "estimated close date|expected close on|planned closing date|target date|=due date|"
        "предполагаемая дата закрытия|ожидаемая дата закрытия|план дата закрытия|планируемая дата закрытия|"
        "плановая дата|дата закрытия план|плановая дата закрытия|срок сделки|ожидаемая дата|"
        "planowana data zamkniecia|oczekiwana data zamkniecia|przewidywana data zamkniecia|"
        "termin zamkniecia|"
        "przewidywane zamkniecie|planowane zamkniecie",
        "lost_reason": "lost reason|loss reason|closed lost reason|reason lost|reason for loss|"
        "~reason|rejection reason|"
        "why lost|причина отказа|причина проигрыша|причина потери|причина провала|причина закрытия|"
        "~причина|"
        "powod straty|powod przegranej|powod utraty|przyczyna straty|przyczyna przegranej|~powod|"
        "powod odmowy|"
        "powod odrzucenia",
        "comment": _COMMENT,
        **_NAMES,
    },
    Kind.LEADS: {
        "external_id": _EXTERNAL + "|lead id|id лида|номер лида|id leada|numer leada",
        "title": "lead name|lead title|lead|~title|~name|~subject|название лида|~название|тема|лид|"
        "nazwa leada|~nazwa|~temat|tytul",
        "client": _COMPANY,
        "person": _PERSON + "|~имя|имя клиента|~name",
        "phone": _PHONE,
        "email": _EMAIL,
        "status": "status|lead status|stage|статус|статус лида|стадия|стадия лида|этап|status leada|"
        "etap|stan",
        "source": _SOURCE,
        "manager": _MANAGER,
        "created_at": _CREATED,
        "closed_at": _CLOSED,
        "drop_reason": "drop reason|lost reason|reason|disqualification reason|причина отказа|причина|"
        "powod odrzucenia|powod",
        "comment": _COMMENT,
        **_NAMES,
    },
    Kind.HISTORY: {
        "deal": "deal|deal id|deal external id|=id|opportunity id|deal number|external id|record id|"
        "order id|"
        "сделка|id сделки|номер сделки|код сделки|номер заявки|"
        "id transakcji|id szansy|szansa|transakcja|numer transakcji|nr szansy|nr transakcji",
        "at": "at|date|time|datetime|timestamp|период|moved at|changed at|change date|date time|when|"
        "moved on|entered at|"
        "date of change|transition time|stage entered|change time|changed on|"
        "дата|время|когда|дата изменения|дата перехода|дата и время|момент|дата события|время перехода|"
        "data|czas|kiedy|data zmiany|data przejscia|data i czas|data i godzina|znacznik czasu|"
        "moment zmiany",
        "to_stage": "to stage|new stage|to|stage|deal stage|stage to|next stage|stage name|target stage|"
        "moved to|new status|to status|"
        "новая стадия|на стадию|новый этап|стадия|этап|куда|на этап|в стадию|перешла на|новый статус|"
        "стадия после|"
        "этап сделки|стадия сделки|"
        "nowy etap|do etapu|etap|na etap|dokad|nowa faza|etap docelowy|na jaki etap|nowy status",
        "actor": "actor|user|by|moved by|changed by|who|author|employee|owner|manager|modified by|done by|"
        "кто|кем|автор|пользователь|сотрудник|кто изменил|кем изменено|менеджер|ответственный|"
        "kto|uzytkownik|przez|autor|pracownik|zmienil|kto zmienil|handlowiec|opiekun",
        "seq": "seq|sequence|order|step no|step number|=no|=#|=№|move number|порядок|номер шага|=шаг|"
        "номер перехода|"
        "=п п|=номер|kolejnosc|numer kroku|=krok|=lp|=l p",
    },
    Kind.ACTIVITIES: {
        "deal": "associated deal ids|associated deal|activity deal|activity deal id|"
        "deal id|deal|opportunity id|deal number|external deal id|opportunity|id сделки|"
        "сделка|номер сделки|"
        "код сделки|id transakcji|id szansy|szansa|transakcja|numer transakcji|nr szansy|nr transakcji",
        "client": _COMPANY,
        "kind": "kind|type|activity type|activity|task type|event type|"
        "тип|вид|тип дела|вид активности|тип активности|действие|тип действия|вид контакта|"
        "тип события|активность|"
        "rodzaj|typ|typ aktywnosci|aktywnosc|rodzaj kontaktu|typ zdarzenia|rodzaj aktywnosci|czynnosc",
        "at": "at|date|time|when|datetime|timestamp|activity date|due date|done at|date time|call date|"
        "дата|время|когда|дата и время|дата звонка|дата события|срок|дата контакта|дата встречи|"
        "data|czas|kiedy|termin|data i godzina|data kontaktu|data rozmowy|data zdarzenia|data spotkania",
        "manager": _MANAGER + "|assigned to user|activity assigned to user|author|who|автор|кто|autor|kto",
        "result": "result|outcome|call result|результат|итог|исход|результат звонка|wynik|rezultat|"
        "efekt|wynik rozmowy",
        "comment": _COMMENT + "|subject|text|topic|тема|текст|содержание|temat|tresc",
    },
    Kind.PEOPLE: {
        "external_id": _EXTERNAL + "|contact id|person id|id контакта|id kontaktu|id osoby",
        "name": _PERSON + "|~name|~имя|~nazwa|nazwa kontaktu|полное имя|полное имя контакта",
        "client": _COMPANY,
        "position": _POSITION,
        "phone": _PHONE,
        "email": _EMAIL,
        "manager": _MANAGER,
        "comment": _COMMENT,
        "client_id": links.CLIENT_ID,
        **_NAMES,
    },
    Kind.INVOICES: {
        **links.INVOICES,
        "client": _COMPANY,
        "client_id": links.CLIENT_ID,
        "person_id": links.PERSON_ID,
        "deal": links.DEAL,
        "manager": _MANAGER,
        "comment": _COMMENT,
    },
    Kind.PAYMENTS: {
        **links.PAYMENTS,
        "client": f"{_COMPANY}|{links.PAYMENTS['client']}",
        "client_id": links.CLIENT_ID,
        "comment": f"{_COMMENT}|{links.PAYMENTS['comment']}",
    },
}
_WORDS[Kind.DEALS] |= {"client_id": links.CLIENT_ID, "person_id": links.PERSON_ID, "tax_id": _TAX}
_WORDS[Kind.ACTIVITIES] |= {"client_id": links.CLIENT_ID, "person_id": links.PERSON_ID}

# Words that make a header something else than the phrase inside it.
FOREIGN: tuple[str, ...] = tuple(
    """
    birth birthday рождения urodzenia modified updated изменения изменено modyfikacji ostatniej last
    type тип label метка probability вероятность prawdopodobienstwo count количество password пароль
    previous from old предыдущая из старая poprzedni gender пол plec discount скидка rabat linkedin
    facebook instagram telegram twitter skype vk вк has annual paid менеджера ответственного продавца
    opiekuna handlowca doradcy unpaid unit balance outstanding quantity qty remaining остаток долг
    оплачено qualified verified anniversary zaplacono zaleglosc saldo tax налог podatek ндс vat percent
    процент procent days дней dni kpp кпп bank банк latitude longitude
    """.split()
)

# Headers that more often number the rows of a list than name its records.
ORDINALS: frozenset[str] = frozenset("no|nr|number|№|#|n|numer|номер|lp|l p|№ п п|п п".split("|"))


@cache
def headers(kind: Kind) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Field -> its phrases as (mark, phrase); the mark is '', '=' or '~'."""
    out: dict[str, tuple[tuple[str, str], ...]] = {}
    for field, text in _WORDS[kind].items():
        phrases = []
        for part in f"{text}{_abroad(kind, field)}".split("|"):
            mark = part[0] if part[:1] in ("=", "~") else ""
            phrases.append((mark, part.removeprefix(mark)))
        out[field] = tuple(phrases)
    return out


def _abroad(kind: Kind, field: str) -> str:
    """The German and Czech phrases of a field, with a bar in front."""
    company = "name" if kind is Kind.CLIENTS else "client"
    keys = {company: "company"}
    if kind is Kind.PEOPLE:
        keys["name"] = "person"
    if kind is Kind.DEALS:
        keys["external_id"] = "deal_id"
    elif kind not in (Kind.CLIENTS, Kind.PEOPLE):
        keys["external_id"] = ""
    words = ABROAD.get(keys.get(field, field))
    return f"|{words}" if words else ""


@cache
def every_phrase() -> frozenset[str]:
    """All phrases of all kinds, to tell a row of headers from others."""
    return frozenset(p for kind in _WORDS for phrases in headers(kind).values() for _m, p in phrases)
