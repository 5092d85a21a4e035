# ruff: noqa: E501, ISC004
"""Headers as other programs write them into their exports, and the fields they must go to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from funneldesk.importing.fields import Kind
from tests.importing import makers
from tests.importing.corpus import Case

# program -> (kind, "header=field=cell | ..."); "-" = no field of ours
EXPORTS: dict[str, tuple[Kind, str]] = {
    "bitrix24-companies": (Kind.CLIENTS,
        "ID=external_id=17|Название компании=name=ООО Ёлка|Тип компании=category=Клиент|"
        "Сфера деятельности=-=Торговля|Рабочий телефон=phone=+7 495 123-45-67|"
        "Рабочий e-mail=email=info@elka.ru|Корпоративный сайт=website=https://elka.ru|"
        "Ответственный=manager=Анна Ильина|Комментарий=comment=перезвонить"),
    "bitrix24-contacts": (Kind.CLIENTS,
        "ID=external_id=9|Имя=first_name=Пётр|Отчество=middle_name=Ильич|Фамилия=last_name=Щукин|"
        "Должность=position=директор|Компания=name=АО Сосна|Рабочий телефон=phone=+7 495 123-45-68|"
        "Мобильный телефон=phone=|Рабочий e-mail=email=p@sosna.ru|Источник=source=Сайт|Ответственный=manager=Анна"),
    "bitrix24-deals": (Kind.DEALS,
        "ID=external_id=55|Воронка=funnel=Продажи|Стадия сделки=stage=Новая|Название сделки=title=Поставка|"
        "Сумма=amount=1500|Валюта=currency=RUB|Компания=client=ООО Ёлка|Контакт=person=Пётр Щукин|"
        "Дата создания=created_at=25.03.2026 10:00:00|Предполагаемая дата закрытия=expected_close=30.04.2026|"
        "Ответственный=manager=Анна|Дата изменения=-=26.03.2026 11:00:00"),
    "bitrix24-leads": (Kind.LEADS,
        "ID=external_id=8|Название лида=title=Заявка с сайта|Статус=status=Новый|Имя=first_name=Олег|"
        "Фамилия=last_name=Жук|Рабочий телефон=phone=+7 916 123 45 67|Источник=source=Сайт|"
        "Дата создания=created_at=25.03.2026|Ответственный=manager=Анна"),
    "amocrm-deals": (Kind.DEALS,
        "ID=external_id=901|Название сделки=title=Поставка|Компания=client=ООО Ёлка|"
        "Основной контакт=person=Пётр Щукин|Ответственный=manager=Анна|Этап сделки=stage=Переговоры|"
        "Воронка=funnel=Продажи|Бюджет=amount=2000|Дата создания=created_at=25.03.2026 10:00|"
        "Кем создана=-=Анна|Дата закрытия=closed_at=28.03.2026 10:00|Теги сделки=-=важно"),
    "amocrm-contacts": (Kind.CLIENTS,
        "ID=external_id=31|Имя контакта=person=Пётр Щукин|Компания контакта=name=АО Сосна|"
        "Ответственный=manager=Анна|Должность=position=директор|Рабочий телефон=phone=+7 495 123-45-68|"
        "Рабочий email=email=p@sosna.ru|Дата создания контакта=-=25.03.2026"),
    "pipedrive-deals": (Kind.DEALS,
        "Deal - ID=external_id=5|Deal - Title=title=Pump|Deal - Value=amount=1500|"
        "Deal - Currency of Value=currency=EUR|Deal - Organization=client=Acme|"
        "Deal - Contact person=person=Ann Lee|Deal - Pipeline=funnel=Sales|Deal - Stage=stage=Offer|"
        "Deal - Status=outcome=Open|Deal - Owner=manager=Bob|Deal - Deal created=created_at=2026-03-25 10:00:00|"
        "Deal - Expected close date=expected_close=2026-04-30|Deal - Lost reason=lost_reason="),
    "pipedrive-people": (Kind.CLIENTS,
        "Person - ID=external_id=4|Person - Name=person=Ann Lee|Person - Organization=name=Acme|"
        "Person - Phone - Work=phone=+44 20 7946 0018|Person - Email - Work=email=ann@acme.com|"
        "Person - Owner=manager=Bob"),
    "pipedrive-pl": (Kind.DEALS,
        "ID=external_id=5|Tytuł=title=Pompa|Wartość=amount=1500|Waluta=currency=PLN|Organizacja=client=Żółć|"
        "Osoba kontaktowa=person=Jan Dąb|Lejek=funnel=Sprzedaż|Etap=stage=Oferta|Właściciel=manager=Ewa|"
        "Utworzono=created_at=2026-03-25|Powód straty=lost_reason="),
    "hubspot-companies": (Kind.CLIENTS,
        "Record ID=external_id=120|Company name=name=Acme|Company owner=manager=Bob|"
        "Phone Number=phone=+44 20 7946 0018|City=city=London|Country/Region=country=UK|Industry=category=Retail|"
        "Company Domain Name=website=acme.com|Create Date=-=2026-03-25|Last Activity Date=-=2026-03-26"),
    "hubspot-contacts": (Kind.CLIENTS,
        "Record ID=external_id=3|First Name=first_name=Ann|Last Name=last_name=Lee|Email=email=ann@acme.com|"
        "Phone Number=phone=+44 20 7946 0018|Contact owner=manager=Bob|Primary Associated Company=name=Acme|"
        "Last Activity Date=-=2026-03-26|Lead Status=-=Open|Job Title=position=CEO"),
    "hubspot-deals": (Kind.DEALS,
        "Record ID=external_id=77|Deal Name=title=Pump|Deal Stage=stage=Offer|Pipeline=funnel=Sales|"
        "Close Date=closed_at=2026-04-30|Deal owner=manager=Bob|Amount=amount=1500|Create Date=created_at=2026-03-25|"
        "Closed Lost Reason=lost_reason=|Associated Company=client=Acme|Deal Type=-=newbusiness"),
    "1c-counterparties": (Kind.CLIENTS,
        "Код=external_id=00-000012|Наименование=name=Ёлка ООО|Полное наименование=legal_name=ООО «Ёлка»|"
        "ИНН=tax_id=7707083893|КПП=-=770701001|Вид контрагента=category=Юр. лицо|"
        "Юридический адрес=address=Москва, ул. Ильинка 1|Телефон=phone=+7 495 123-45-67|"
        "Электронная почта=email=info@elka.ru|Основной менеджер=manager=Анна|Дополнительная информация=comment=нет"),
    "outlook-en": (Kind.CLIENTS,
        "First Name=first_name=Ann|Middle Name=middle_name=M|Last Name=last_name=Lee|Company=name=Acme|"
        "Department=-=Sales|Job Title=position=CEO|Business Street=address=Main 5|Business City=city=London|"
        "Business State=region=Kent|Business Country/Region=country=UK|"
        "Business Phone=phone=+44 20 7946 0018|E-mail Address=email=ann@acme.com|Web Page=website=https://acme.com|"
        "Birthday=-=1980-01-31|Notes=comment=friend|Gender=-=F"),
    "outlook-pl": (Kind.CLIENTS,
        "Imię=first_name=Jan|Nazwisko=last_name=Dąb|Firma=name=Żółć|Stanowisko=position=prezes|"
        "Miejscowość=city=Łódź|Telefon służbowy=phone=+48 42 555 01 23|Adres e-mail=email=jan@zolc.pl|Notatki=comment=ok"),
    "outlook-ru": (Kind.CLIENTS,
        "Имя=first_name=Пётр|Отчество=middle_name=Ильич|Фамилия=last_name=Щукин|Организация=name=АО Сосна|"
        "Должность=position=директор|Город=city=Омск|Рабочий телефон=phone=+7 495 123-45-68|"
        "Адрес эл. почты=email=p@sosna.ru|Заметки=comment=ок|День рождения=-=31.01.1980"),
    "google": (Kind.CLIENTS,
        "First Name=first_name=Ann|Last Name=last_name=Lee|Organization Name=name=Acme|"
        "Organization Title=position=CEO|Birthday=-=1980-01-31|Notes=comment=friend|"
        "E-mail 1 - Value=email=ann@acme.com|Phone 1 - Label=-=Mobile|Phone 1 - Value=phone=+44 20 7946 0018|"
        "Address 1 - City=city=London|Website 1 - Value=website=https://acme.com"),
    "google-old": (Kind.CLIENTS,
        "Name=person=Ann Lee|Given Name=first_name=Ann|Family Name=last_name=Lee|E-mail 1 - Type=-=Work|"
        "E-mail 1 - Value=email=ann@acme.com|Phone 1 - Type=-=Mobile|Phone 1 - Value=phone=+44 20 7946 0018|"
        "Organization 1 - Name=name=Acme"),
}  # fmt: skip
_WHOLE = frozenset(("phone", "email"))


def exports() -> Iterator[Case]:
    for name, (kind, text) in EXPORTS.items():
        triples = [part.split("=", 2) for part in text.split("|")]
        heads = [t[0] for t in triples]
        fields = [t[1] for t in triples]
        cells = [t[2] or None for t in triples]
        record = {f: (c,) if f in _WHOLE else c for f, c in zip(fields, cells, strict=True) if c and f != "-"}
        for moment in ("created_at", "closed_at", "expected_close", "currency", "outcome"):
            record.pop(moment, None)
        yield Case(
            name, kind, partial(makers.csv, rows=[heads, cells], delimiter="\t"),
            " ".join(fields), [record],
        )  # fmt: skip
