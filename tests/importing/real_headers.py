# ruff: noqa: E501
"""Headers of public spreadsheets, with the field that a careful person would choose for each column.

Only the words of the headers come from there; the cells are made up and look alike.  A line is the
kind of its rows and its columns, each ``header=field/look``; ``-`` is no field of ours, and where two
choices are as good they are separated by a comma.  The choices were written down before the
understanding of headers was tried on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from funneldesk.importing.fields import Kind

KINDS = {"c": Kind.CLIENTS, "d": Kind.DEALS, "l": Kind.LEADS, "p": Kind.PEOPLE, "a": Kind.ACTIVITIES}
LOOKS = {
    "f": "Anna|Jan|Olga|Peter|Ewa|Oleg",
    "l": "Ilyina|Nowak|Weber|Dvorak|Zhuk|Lee",
    "n": "Anna Nowak|Peter Weber|Олег Жуков|Ewa Maj|Jan Dvorak|Ann Lee",
    "m": "Ильич|Петровна|Олегович|Ивановна|Павлович|Олеговна",
    "c": "Nordwind Ltd|ООО «Ёлка»|Zielony Gaj|Acme GmbH|Sosna|Umbrella Inc.",
    "p": "+48 601 700 801|+7 495 123-45-67|(415) 555-0100|+49 30 555 01 23|+420 777 123 456|22 555 01 24",
    "e": "a@nordwind.com|b@elka.ru|c@gaj.pl|d@acme.de|e@sosna.ru|f@umbrella.com",
    "w": "https://nordwind.com|elka.ru|www.gaj.pl|https://acme.de|sosna.ru|umbrella.com",
    "in": "https://social.example/in/anna|https://social.example/in/jan|https://social.example/in/olga|https://social.example/in/p|https://social.example/in/ewa|https://social.example/in/o",
    "j": "Director|Buyer|CEO|Engineer|Head of sales|Buyer",
    "d": "2026-03-05|2026-03-25|2026-04-01|2026-05-13|2026-05-30|2026-06-02",
    "t": "2026-03-05 10:00|2026-03-25 11:30|2026-04-01 09:15|2026-05-13 10:00|2026-05-30 17:45|2026-06-02 08:00",
    "D": "05.03.2026|25.03.2026|01.04.2026|13.05.2026|30.05.2026|02.06.2026",
    "h": "10:00|11:30|09:15|10:00|17:45|08:00",
    "a": "1500|2300.75|98000|120|4500.5|777",
    "%": "10|20|60|75|90|50",
    "q": "3|12|45|7|1|20",
    "#": "1|2|3|4|5|6",
    "i": "K-101|K-117|K-203|K-204|K-388|K-401",
    "r": "7707083893|7728168971|500100732259|7707083893|7728168971|7707083893",
    "v": "5260250274|5252248481|7010416384|5260250274|5252248481|7010416384",
    "V": "DE123456789|CZ12345678|DE987654321|CZ87654321|DE112233445|CZ11223344",
    "R": "770701001|773601001|770401001|500101001|781601001|770701001",
    "O": "1027700132195|1037739877295|1147746000000|1027700132195|1037739877295|1157746000000",
    "y": "London|Тверь|Kraków|Berlin|Brno|Омск",
    "g": "Bavaria|Тверская обл.|mazowieckie|Kent|Hesse|Омская обл.",
    "s": "Main 5|ул. Ленина 1|ul. Polna 15|Hauptstr. 78|Cicha 18|Ring 24",
    "z": "00-001|10115|02-345|80331|58332|05-678",
    "o": "Won|Lost|Open|Won|Lost|Open",
    "k": "Retail|Services|Retail|Trade|Services|Trade",
    "S": "New|Offer|Talks|Offer|New|Contract",
    "L": "New|Contacted|Qualified|New|Unqualified|Contacted",
    "A": "Call|Meeting|Call|E-mail|Meeting|Call",
    "u": "EUR|PLN|EUR|RUB|USD|EUR",
    "b": "yes|no|no|yes|no|yes",
    "B": "0|1|0|0|1|0",
    "T": "True|False|False|True|False|True",
    "x": "met at the fair|asks for an offer|no answer yet|wants a discount|call in May|likes blue",
}  # fmt: skip

DEVELOPMENT = """
c email=email/e|firstName=first_name/f|lastName=last_name/l|companyName=name/c|title=position/j|website=website/w|location=city,address,-/y|phone=phone/p|iceBreaker=-/x
l FIRST_NAME=first_name/f|LAST_NAME=last_name/l|COMPANY=client/c|TITLE=-/j|EMAIL=email/e|LEAD_SOURCE=source/k|LEAD_STATUS=status/L
c Contact Name=person/n|Contact Email=email/e|Phone Number=phone/p|Company=name/c|Last Activity=-/d|Lead Status=-/L|Created At=-/d
c First Name=first_name/f|Last Name=last_name/l|Email=email/e|Phone Number=phone/p|Job Title=position/j|Company Name=name/c|Company Domain Name=website/w|Website URL=website/w|Description=comment/x|Industry=category/k|Street Address=address/s|City=city/y|State/Region=region/g|Country/Region=country/g|Number of Employees=size/q
c Company Name=name/c|First Name=first_name/f|Last Name=last_name/l|Title=position/j|Website=website/w|Email 1=email/e|Email 2=email/e|Company Phone 1=phone/p|Company Phone 2=phone/p|Contact City=city,-/y|Contact State=region,-/g|Company Location=address,city,-/y
c Company Name=name/c|Contact Name=person/n|Email Address=email/e|Street Address=address/s|City=city/y|State=region/g|Zip Code=-,address/z|County=-/g|Area Code=-/q|Phone Number=phone/p|Website URL=website/w|Number of Employees=size/q|Annual Revenue=-/a|SIC Code=-/q|SIC Description=category,comment,-/k
c Business Name=name/c|Phone Number=phone/p|City=city/y|Has Website=-/b|Website Link=website/w|Industry=category/k
d Account Name=client/c|Opportunity Name=title/x|Amount=amount/a|Status=stage,-/S|Expected Close Date=expected_close/d
d Opportunity ID=external_id/i|Account Name=client/c|Opportunity Name=title/x|Amount (ARR)=amount/a|Stage=stage/S|Close Date=closed_at,expected_close/d|Owner=manager/n|Pilot?=-/b|Pilot Weeks=-/q|Procurement Path=-/k|Funding Line=-/k|Use Case=-/x|Primary Data Sources=-/k|Win Risk=-/k|Next Step=-/x|Next Step Date=-/d|Notes=comment/x
d Account Name=client/c|Opportunity Name=title/x|Stage=stage/S|Value=amount/a|Currency=currency/u|Close Date=closed_at,expected_close/d|Status=outcome/o
d Account Name=client/c|Opportunity Name=title/x|Ad Hoc TCV=-,amount/a|PWIN=-/%|Project Start Date=-/d|Top Priority=-/b|Portfolio Priority=-/k|2026 Factored Revenue=-,amount/a|Q1 2026 Revenue=-/a|Q2 2026 Revenue=-/a|BD/Capture Lead=-,manager/n|BAP Stage=stage/S|Closed=-,outcome/b|Period of Performance (months)=-/q
d Territory Region=-/g|Opportunity Owner=manager/n|Account Name=client/c|Opportunity Name=title/x|Stage=stage/S|Forecast Category=-/k|Total Amount Currency=currency/u|Total Amount=amount/a|Billed iARR Currency=-/u|Billed iARR=-/a
d Account Name=client/c|Opportunity Name=title/x|Renewal Date=-,expected_close/d|Expiring ARR=-,amount/a|Stage=stage/S|Probability=-/%|Health Score=-/q|Risk Flag=-/b|Product Family=product,-/k|Term Months=-/q|Owner Name=manager/n|Region=-/g|Segment=-/k
d Company Name=client/c|Contact Name=person/n|Website=-/w|Location=-/y|Phone=phone/p|Email=email/e|Deal Value=amount/a|Service Interest=product,-/k|Status=stage,-/S
c Company Name=name/c|Contact Name=person/n|Designation=position/j|Email ID=email/e|LinkedIn URL=-/in
c No.=-/#|Customer No=external_id/i|Company Name=name/c|Contact Name=person/n|Telephone=phone/p|Mobile=phone/p|Fax=phone,-/p|Email=email/e|City=city/y|Country=country/g|State=region/g|Address1=address/s|Address2=address/s|GST=-,tax_id/i|Postalcode=-,address/z|_PriceLevelName=-/k|Remarks=comment/x|InternalRemarks=comment,-/x|SubDate=-/d|Status=-/k
c Company Name=name/c|Contact Name=person/n|Email=email/e|Phone=phone/p|City=city/y|Province=region/g
l ID=external_id/i|First Name=first_name/f|Last Name=last_name/l|Company=client/c|Title=-/j|Email=email/e|Phone=phone/p|Domain=-/w|LinkedIn URL=-/in|Country=-/g|State=-/g|City=-/y|Source=source/k|Verified Status=-/b|Created At=created_at/t
c First Name=first_name/f|Last Name=last_name/l|Company=name/c|Phone 1=phone/p|Phone 2=phone/p|Email=email/e|Birthday=-/d|Tags=category,-/k
c First Name=first_name/f|Last Name=last_name/l|Company=name/c|Mobile Phone=phone/p|Home Phone=phone/p|Business Phone=phone/p|E-mail Address=email/e|E-mail 2 Address=email/e|Home Address=address,-/s|Birthday=-/d|Notes=comment/x
c First Name=first_name/f|Last Name=last_name/l|Company=name/c|Address 1=address/s|City=city/y|State=region/g|ZIP=-,address/z|Country=country/g|Email=email/e|Balance=-/a
c First Name=first_name/f|Last Name=last_name/l|Company=name/c|Job Title=position/j|Where Met=-,source/k|Topics=-/k|Notes=comment/x
d Deal Name=title/x|Stage=stage/S|Value=amount/a|Probability=-/%|Priority=-/k|Owner=manager/n|Company=client/c|Expected Close=expected_close/d|Created At=created_at/d
d Deal ID=external_id/i|Deal Name=title/x|Stage=stage/S|Amount (₹)=amount/a|Probability (%)=-/%|Expected Revenue (₹)=-/a|Close Date=closed_at,expected_close/d|Deal Type=-/k|Priority=-/k|Customer=client/c|Assigned Rep=manager/n
d Deal Name=title/x|Stage=stage/S|Customer=client/c|Value=amount/a|Created=created_at/d
d Deal Name=title/x|Stage=stage/S|Value=amount/a|Close Date=closed_at,expected_close/d|Created Date=created_at/d|Contact Name=person/n|Company Name=client/c|Notes=comment/x
d Deal Name=title/x|Stage=stage/S|Amount=amount/a|Close Date=closed_at,expected_close/d|Created Date=created_at/d|Last Activity=-/d
d opp_id=external_id/i|rep_name=manager/n|stage=stage/S|amount=amount/a|created_date=created_at/d|close_date=closed_at,expected_close/d|industry=-/k|lead_source=source/k
d opportunity_id=external_id/i|account_name=client/c|segment=-/k|region=-/g|product=product/k|lead_source=source/k|owner=manager/n|created_date=created_at/d|close_date=closed_at,expected_close/d|stage=stage/S|amount=amount/a|sales_cycle_days=-/q|close_date_pushed=-/T|loss_reason=lost_reason/k|lost_at_stage=-/S|is_won=-,outcome/T|is_closed=-/T
d Opportunity=title/x|CloseDate=closed_at,expected_close/D|Stage=stage/S
d opp_id=external_id/i|lead_id=-/i|company_name=client/c|deal_size=amount/a|num_stakeholders=-/q|competitor_present=-/T|current_stage=stage/S|date_entered_prospecting=-/d|date_entered_qualified=-/t|close_date=closed_at,expected_close/t|won=-,outcome/T
l lead_id=external_id/i|region=-/g|industry=-/k|company_size=-/k|outreach_channel=source,-/k|num_touches=-/q|email_opened=-/B|response_received=-/B|days_to_respond=-/q|meeting_booked=-/B|funnel_stage=status,-/S
c CustomerID=external_id/i|Name=name,person/n|Email=email/e|LeadScore=-/q|Status=-/k
c Customer ID=external_id/i|Customer Name=person/n|Business Name=name/c|Phone=phone/p|Email=email/e|Address=address/s|Customer Type=category/k|Registration Date=-/d|Account Status=-/k|Credit Status=-/k|Total Purchases=-/a|Outstanding Balance=-/a|Last Purchase Date=-/d
l Record Id=external_id/i|Lead Name=person,title/n|Company=client/c|Created Time=created_at/t|Service needed=-/k|Lead Source=source/k|Lead Status=status/L|Annual Revenue=-/a|Referred by=-,source/n|Industry=-/k
l First Name=first_name/f|Last Name=last_name/l|Email=email/e|Phone=phone/p|Company=client/c|Country=-/g|State=-/g|City=-/y|Lead Source=source/k|Lead Status=status/L|Lead Owner=manager/n
l RM Name=manager/n|Name=person/n|Mobile No=phone/p|Lead Source=source/k|Lead Status=status/L|Meeting Type=-/k|Margin=-/a|Expected Revenue=-/a|Followup date=-/d|Address=-/s|Description=comment/x|Update Time=-/t
l Title=-/j|Last Name=last_name/l|Email=email/e|Company Name=client/c|Phone=phone/p|Mobile=phone/p|Owner=manager/n|Lead Source=source/k|Lead Status=status/L|Date Created=created_at/d
l Full Name=person/n|Mobile Number=phone/p|Email=email/e|Lead Source=source/k|Lead Status=status/L|Type=-/k|Notes=comment/x|Budget=-/a
c Company Name=name/c|Website=website/w|Country=country/g|City=city/y|Contact First Name=first_name/f|Contact Last Name=last_name/l|Job Title=position/j|Email=email/e|Industry=category/k|Lead Source=source/k|Lead Status=-/L|Priority=-/k
l Lead ID=external_id/i|First Name=first_name/f|Last Name=last_name/l|Email=email/e|Phone=phone/p|Desired Territory=-/y|Lead Source=source/k|Lead Status=status/L|Date Created=created_at/d
c ID=external_id/i|Name=person/n|Company=name/c|Email=email/e|Phone=phone/p|Status=-/k|Value=-/a
c name=person/n|company=name/c|email=email/e|phone=phone/p|address=address/s|revenue=-/a|status=-/k
c Name=person/n|Company=name/c|Email=email/e|Phone=phone/p|Mobile=phone/p|Fax=phone,-/p|Website=website/w|Street=address/s|City=city/y|State=region/g|ZIP=-,address/z|Specialties=-,category/k|Notes=comment/x
c ID=external_id/i|Имя=person/n|Email=email/e|Телефон=phone/p|Адрес=address/y
c Тип=category/k|Наименование=name/c|ИНН=tax_id/r|КПП=-/R
c Наименование=name/c|ИНН=tax_id/r|Контакт=person/n|Телефон=phone/p|Примечание=comment/x
c Наименование=name/c|ИНН=tax_id/r|Отрасль=category/k|Статус=-/k|Источник=source/k|Адрес=address/s
c Код=external_id/i|Наименование=name/c|ИНН=tax_id/r|Контактное лицо=person/n|Телефон=phone/p|Email=email/e|Адрес=address/s
c Наименование=name/c|ФИО директора=person/n|Положение директора=position,-/j|Виды деятельности=category,-/k|Дата регистрации=-/D|Кол-во сотрудников=size/q|ИНН=tax_id/r|КПП=-/R|ОГРН=-/O|ОКПО=-/q|Адрес=address/s|Сайт=website/w|Место в категории=-/q|Уставной капитал=-/a|Основной заказчик=-/c
c ID=external_id/i|Тип=category/k|Статус=-/k|Дата создания=-/D|Фамилия=last_name/l|Имя=first_name/f|Отчество=middle_name/m|Email=email/e|Телефон=phone/p|Адрес=address/s|Организация=name/c|ИНН=tax_id/r|КПП=-/R|ОГРН=-/O|Менеджер=manager/n|Кол-во заказов=-/q|Сумма заказов=-/a
d Номер Документа=external_id,title/i|Дата=created_at,closed_at/D|ИНН=tax_id/r|КПП=-/R|Покупатель=client/c|Артикул=-/i|Номенклатура=product/k|Ед. изм.=-/k|Количество=-/q|Цена с НДС=-/a|Сумма с НДС=amount/a|Ставка НДС=-/%|Сумма НДС=-/a
d Клиент=client/c|Источник=source/k|Кампания=-/k|Дата продажи=closed_at/D|Сумма=amount/a|Статус=stage,-/S|Ответственный=manager/n|Комментарий=comment/x
d Дата=created_at,closed_at/D|Контрагент=client/c|Сумма=amount/a
d Номер=external_id/i|Дата создания=created_at/D|Дата платежа=-,closed_at/D|Контрагент=client/c|Сумма=amount/a|Валюта=currency/u|Статус=stage,-/S
c ФИО=person/n|Email=email/e|Организация=name/c|Телефон=phone/p|Роли=-,position/k|Статус=-/k|Регистрация=-/D
d №=external_id/i|№ на сайте=-/i|Создан=created_at/D|Статус=stage,-/S|Клиент=client/n|Телефон=phone/p|Сумма, ₽=amount/a|Оплачено, ₽=-/a|Оплата=-/k|Менеджер=manager/n|Источник=source/k
d ID=external_id/i|Дата=created_at/D|Время=-/h|Клиент=client/n|Телефон=phone/p|Услуга=product/k|Мастер=-,manager/n|Статус=stage,-/S|Стоимость=amount/a
d Дата=created_at/D|Номер заказа=external_id/i|Клиент=client/n|Телефон=phone/p|Адрес=-/s|Сумма=amount/a|Кол-во блюд=-/q|Статус=stage,-/S
d ID=external_id/i|Клиент=client/n|Телефон=phone/p|Изделие=product,-/k|Услуга=product/k|Дата приёма=created_at,-/D|Дата выдачи=closed_at,expected_close,-/D|Цена=amount/a|Статус=stage,-/S|Комментарий=comment/x
d Клиент=client/n|Телефон=phone/p|Паспорт=-/i|Email=email/e|Номер=-,external_id/q|Тип=-/k|Заезд=-/D|Выезд=-/D|Дней=-/q|Сумма=amount/a
c Имя=person/n|Email=email/e|Телефон=phone/p|Тип=category/k|Компания=name/c|ИНН=tax_id/r|Скидка=-/%|Активен=-/b|Дата=-/D
c ID=external_id/i|Имя=person/n|Email=email/e|Телефон=phone/p|Компания=name/c|ИНН=tax_id/r|Дата регистрации=-/D
c name=name/c|fio=person/n|phone=phone/p|okved=-,category/q|status=-/k|region=region/g
c Email=email/e|Имя=first_name/f|Фамилия=last_name/l|Компания=name/c|Город=city/y|Отдел=-/k
c Тип=category/k|Название/ФИО=name/c|Телефон=phone/p|Email=email/e|ИНН=tax_id/r|Контактное лицо=person/n
l Дата заявки=created_at/D|Имя клиента=person/n|Телефон=phone/p|Объект=-/x|Комментарий=comment/x
p id=external_id/i|Имя=first_name/f|Фамилия=last_name/l|Дата рождения=-/D|Номер телефона=phone/p|Должность=position/j
d Дата=created_at/D|Номер заказа=external_id/i|ФИО=person/n|Телефон=phone/p|Ячейка=-/q|Время приема=-/h
c msisdn=phone,-/p|Имя=first_name/f|Фамилия=last_name/l|Отчество=middle_name/m|Дата рождения=-/D|Комментарий=comment/x
c Imie=first_name/f|Nazwisko=last_name/l|Email=email/e|Data urodzenia=-/d|Ullica=address/s|Kod pocztowy=-,address/z|Miasto=city/y
c ID_klienta=external_id/i|imie=first_name/f|nazwisko=last_name/l
c typ_klienta=category/k|imie=first_name/f|nazwisko=last_name/l|nazwa_firmy=name/c|nip=tax_id/v|adres=address/s
c wojewodztwo=region/g|firma=name/c|telefon=phone/p|email=email/e
c numer_gr_klienta=external_id,-/q|nazwa grupy klienta=name,category,-/k|kanal=source,category,-/k|KAM nr=-/q|KAM NAZWISKO=manager,-/l
c Nazwa=person,name,-/n|Nazwa firmy=name/c|Ulica=address/s|Kod pocztowy=-,address/z|Miasto=city/y|Telefon=phone/p|E-mail=email/e|Nr referencyjny=-,external_id/i|Zawartość=-/x|Uwagi do doręczenia=comment,-/x|Pobranie=-/a|Waluta=-/u|Waga=-/q
c Nazwa=name/c|NIP=tax_id/v|e-mail=email/e|grupa rabatowa=-,category/k|ulica=address/s|kod pocztowy=-,address/z|Miasto=city/y|numer telefonu=phone/p
c Nazwa=name,-/c|Organizacja=-,name/c|Adres=address/s|Kod pocztowy=-,address/z|Miasto=city/y|Telefon=phone/p|E-mail=email/e|WWW=website/w|Kategorie=category/k|Godziny=-/h|Warunki=-/x|Opis=comment/x|Typ noclegu=category,-/k|Liczba miejsc=-/q
c Alias=-/k|Imię=first_name/f|Nazwisko=last_name/l|Adres=address/s|Kod pocztowy=-,address/z|Miasto=city/y|Kraj=country/g|Telefon=phone/p
d Data=created_at,closed_at/d|Numer=external_id/i|Kontrahent=client/c|NIP=tax_id/v|Netto=-,amount/a|VAT=-/a|Brutto=-,amount/a|Kategoria=-/k|Typ=-/k
d Numer faktury=external_id,title,-/i|Data wystawienia=created_at,closed_at,-/d|Kontrahent=client/c|NIP=tax_id/v|Razem netto=-,amount/a|Razem VAT=-/a|Razem brutto=-,amount/a
c nazwa firmy=name/c|województwo=region/g|miejscowość=city/y|ulica=address/s|kod pocztowy=-,address/z|osoba kontaktowa=person/n|telefon=phone/p|tel. kom.=phone/p|adres www=website/w|zatrudnienie=size/q|nip=tax_id/v|regon=-/O
c Firma=name/c|NIP=tax_id/v|Miasto=city/y|Branża=category/k
c Imie=first_name/f|Nazwisko=last_name/l|Firma=name/c|NIP=tax_id/v|Telefon=phone/p|Email=email/e
d Nr faktury=external_id,-/i|Zamówienie=-,title,external_id/i|Data=created_at,closed_at/d|Firma=client/c|NIP=tax_id/v|Kwota brutto=amount/a
d Numer zamówienia=external_id/i|Data=created_at/d|Klient=client/n|Telefon=phone/p|Email=email/e|Dostawa=-/k|Paczkomat / Adres=-/s|Ilość=-/q|Kwota PLN=amount/a|Płatność=-/k|Status=stage,-/S|Nr przesyłki=-/i
c Kampania=-,source/k|Firma=name/c|Imię i nazwisko=person/n|Stanowisko=position/j|Adres e-mail=email/e|Temat 1=-/x|Treść 1=-/x
a typ=kind/A|struktura=-/k|klient=client/n|telefon=-/p|data=at/d|godzina=-/h|doradca=manager/n|doradca_email=-/e|adres=-/s|status_raportu=-/k
p imię i nazwisko=name/n|telefon=phone/p|e-mail=email/e|rok urodzenia=-/q|klasa=-/k
c nazwa=name/c|nip=tax_id/v|adres=address/s|miasto=city/y|telefon=phone/p|mail=email/e|ok_imie=first_name/f|ok_nazwisko=last_name/l|ok_telefon=phone/p|ok_mail=email/e|uwagi=comment/x|data_dodania=-/d
c Kundennummer=external_id/i|Firmenname=name/c|Ansprechpartner=person/n|Straße=address/s|Hausnummer=-,address/q|PLZ=-,address/z|Ort=city/y|Land=country/g|Telefon=phone/p|Email=email/e|Bemerkungen=comment/x
c Kd-Nr=external_id/i|Firma=name/c|Ansprechpartner=person/n|E-Mail=email/e|Straße=address/s|PLZ=-,address/z|Ort=city/y|Land=country/g|Telefon=phone/p|Zahlungsziel=-/q
c Firma=name/c|Ansprechpartner=person/n|Telefon=phone/p|Email=email/e|Website=website/w|Branche=category/k|Notizen=comment/x
c kdnr=external_id/i|geschlecht=-/b|firmenname=name/c|nachname=last_name/l|vorname=first_name/f|strasse=address/s|hausnr=-,address/q|zusatz=-/x|plz=-,address/z|ort=city/y|vorwahl=-/q|telefon=phone/p|email=email/e|url=website/w|branche=category/k|beruf=position,-/j
c Vorname=first_name/f|Nachname=last_name/l|Firma=name/c|E-Mail=email/e|Telefon=phone/p|Mobil=phone/p|Strasse=address/s|PLZ=-,address/z|Ort=city/y|Typ=category/k|Notiz=comment/x
c Kundennummer=external_id/i|Anrede=-/k|Titel=-/k|Vorname=first_name/f|Nachname=last_name/l|Firma=name/c|Strasse=address/s|PLZ=-,address/z|Ort=city/y|Telefon=phone/p|Mobil=phone/p|E-Mail=email/e|Kunde seit=-/D
l Erfasst am=created_at/D|Lead-ID=external_id/i|Firma=client/c|Ansprechpartner=person/n|Funktion=-/j|Durchwahl=phone/p|E-Mail=email/e|Quelle=source/k
c firma=name/c|ansprechpartner=person/n|telefon=phone/p|email=email/e|website=website/w|ort=city/y|plz=-,address/z|strasse=address/s|hinweis=comment/x|status=-/k
c Firma=name/c|Ansprechpartner=person/n|E-Mail=email/e|Telefon=phone/p|Straße=address/s|PLZ=-,address/z|Ort=city/y|Kundennummer=external_id/i|USt-IdNr=tax_id/V|Leitweg-ID=-/i|Notizen=comment/x
c kunden_id=external_id/i|name=name,person/n|kunden_alter=-/q|umsatz=-/a|region=region/g|produkt=-/k
c id=external_id/i|jmeno=first_name/f|prijmeni=last_name/l|mesto=city/y|email=email/e
c Název=name/c|IČO=-,tax_id/q|DIČ=tax_id/V|Email=email/e|Telefon=phone/p|Adresa=address/s|Město=city/y|PSČ=-,address/z|Země=country/g
c Název=name/c|IČO=-,tax_id/q|DIČ=tax_id/V|Ulice=address/s|Město=city/y|PSČ=-,address/z|Email=email/e|Telefon=phone/p
d klient=client/n|telefon=phone/p|email=email/e|sluzba=product/k|zamestnanec=manager/n|datum=created_at/d|cas=-/h|poznamky=comment/x
"""

# Found after the understanding had been mended by the headers above, and not used for mending it.
HELD_OUT = """
c company=name/c|contact=person/n|phone=phone/p|email=email/e|trucks=-/q|city=city/y
c company=name/c|contact=person/n|phone=phone/p|email=email/e|fax=phone,-/p|title=position/j|address1=address/s|address2=address/s|city=city/y|state=region/g|zip=-,address/z
c id=external_id/i|company=name/c|contact=person/n|phone=phone/p|email=email/e|region=region/g|industry=category/k|tiktok=-/w|source=source/k|status=-/k|owner_name=manager/n|notes=comment/x|created_at=-/d
c Company=name/c|Contact=person/n|Phone=phone/p|Email=email/e|Location=address,city,-/y|Status=-/k|Plan=-/k|MRR=-/a|Health=-/k|Tags=category,-/k|Days Active=-/q
l Lead ID=external_id/i|Company=client/c|Contact=person/n|Phone=phone/p|Email=email/e|Source=source/k|Assigned To=manager/n|Status=status/L|Priority=-/k
l Name=person/n|Email=email/e|Phone=phone/p|Company=client/c|Source=source/k|Notes=comment/x|Tags=-/k
l first_name=first_name/f|last_name=last_name/l|email=email/e|phone=phone/p|company=client/c|source=source/k|priority=-/k|status=status/L|budget_min=-/a|budget_max=-/a|budget_currency=-/u|notes=comment/x
c first_name=first_name/f|last_name=last_name/l|email=email/e|phone=phone/p|company=name/c|source=source/k|tags=category,-/k
l name=person/n|email=email/e|phone=phone/p|company=client/c|source_id=-/q|stage_id=-/q|assigned_to=manager/n|notes=comment/x
c Name=person/n|Email=email/e|Phone=phone/p|Company=name/c|BrokerType=-,category/k|ContractFrom=-/d|ContractTo=-/d
d Deal Title=title/x|Amount=amount/a|Client Email=email/e
d Deal Title=title/x|Customer=client/c|Deal Value=amount/a|Probability=-/%|Stage=stage/S
c Customer Name=name,person/n|Phone=phone/p|Credit Limit=-/a|Current Due=-/a|Risk Level=-/k
d ID=external_id/i|Service Name=product,title/k|Customer Name=client/n|Phone=phone/p|Address=-/s|Status=stage,-/S|Created At=created_at/d
d Reference=external_id,-/i|Customer Name=client/n|Phone=phone/p|Email=email/e|Delivery Address=-/s|Week Of=-/d|Items=product,-/k|Total NGN=amount/a
d Order ID=external_id/i|Date=created_at,closed_at/d|Customer Name=client/n|Phone=phone/p|Address=-/s|Delivery Type=-/k|Total Amount=amount/a|Payment Method=-/k|Status=stage,-/S|Items=product,-/k
d Invoice #=external_id,-/i|Date=created_at,closed_at/d|Customer Name=client/n|Phone=phone/p|Total=amount/a|Received=-/a|Remaining=-/a|Items=product,-/k
c Customer Name=name,person/n|Phone=phone/p|Email=email/e|City=city/y|Total Orders=-/q|Lifetime Spend=-/a|Avg Order Value=-/a|Last Order=-/d
c Member ID=external_id,-/i|Customer Name=name,person/n|Phone=phone/p|Email=email/e|Segment=category/k|Current Points=-/q|Loyalty Tier=-/k|Estimated Value (XAF)=-/a|Last Transaction Date=-/d|Enrolled Date=-/d
d Booking ID=external_id,-/i|Date=created_at/d|Time Slot=-/h|Fulfillment=-/k|Customer Name=client/n|Phone=phone/p|Total Amount=amount/a|Order Status=stage,-/S
d Account Name=client/c|Industry=-/k|Employee Count=-/q|BillingCountry=-/g|Deal Amount=amount/a|Stage=stage/S
d Company=client/c|Company Industry=-/k|Number of Employees=-/q|Country=-/g|Deal Value=amount/a|Deal Stage=stage/S
c Account Name=name/c|Industry=category/k|Notes=comment/x
c Account Name=name/c|Industry=category/k|Annual Revenue=-/a|Owner=manager/n|Created Date=-/d
c Account Name=name/c|Industry=category/k|Phone=phone/p|Website=website/w
c Account ID=external_id/i|Account Name=name/c|Industry=category/k|Policies=-/q|Premium=-/a|RM=manager/n|Status=-/k
d Email=email/e|Название=client,title,person/n|Телефон=phone/p|Дата=created_at,closed_at/D|Промокод=-/i|Товары в заказе=product,-/k|utm_campaign=-/k|Адрес_доставки=-/s|Комментарий=comment/x|Сумма заказа=amount/a|Stage=stage/S
c Название=name/c|Телефон=phone/p|Город=city/y|Тип заведения=category/k|Комментарий=comment/x|Теги=category,-/k
d ID=external_id/i|Название=title/x|Телефон=phone/p|Сумма=amount/a|UTM Source=source/k|Комментарий=comment/x|Ответственный=manager/n|Воронка=funnel/k
c Код=external_id/i|Название=name/c|Телефон=phone/p|Email=email/e|Web-сайт=website/w
c ID=external_id/i|Название=name/c|Телефон=phone/p|Email=email/e|Адрес=address/s
c Название=name/c|Телефон=phone/p|Категории=category/k|Район=region/g
d ID=external_id/i|Название=title/x|Телефон=phone/p|EMAIL=email/e|Сумма=amount/a|Стадия=stage/S
c Имя=person/n|Телефон=phone/p|Заметки=comment/x
c ID=external_id/i|Username=-/f|Имя=first_name/f|Фамилия=last_name/l|Полное имя=person/n|Телефон=phone/p|Био=comment,-/x|Источник канал=source/k
c Фамилия=last_name/l|Имя=first_name/f|Телефон=phone/p|Email=email/e|Скидка=-/%|Скидка%=-/%
c Имя=person/n|Телефон=phone/p|Email=email/e|Telegram=-/f|Тариф=-/k|Регистрация=-/D|Локация=city,address,-/y|UTM Источник=source/k|Кол-во смет=-/q|Ср. площадь (м2)=-/q|LTV (Сумма руб)=-/a
d Номер_Заказа=external_id/i|Дата=created_at/t|Имя=person,first_name/f|Телефон=phone/p|Артикул=-/i|Наименование=product,title/k|Количество=-/q|Цена=amount/a|Комментарий=comment/x
l ID=external_id/i|Имя=person/n|Телефон=phone/p|Email=email/e|Источник=source/k|Страница=-/w|Дата=created_at/D
l Дата=created_at/D|Имя=person/n|Телефон=phone/p|Статус=status/L|Тема=title,comment/x|Комментарий=comment/x
c Название=name/c|ИНН=tax_id/r|Отрасль=category/k|Телефон=phone/p|Email=email/e
c Название=name/c|ИНН=tax_id/r|Телефон=phone/p|Email=email/e|Город=city/y|Адрес=address/s
c НАЗВАНИЕ=name/c|инн=tax_id/r|Дата начала обслуживания=-/D|Комментарий менеджера=comment/x
c ID=external_id/i|UUID=-,external_id/i|Название=name/c|ИНН=tax_id/r|Email=email/e|Телефон=phone/p|Статус=-/k|Режим=-/k|Тариф=-/k|Подписка с=-/D|Подписка до=-/D|Всего оплачено=-/a|Создан=-/D
d Дата=created_at,closed_at/D|Номер заказа=external_id/i|Поставщик=-/c|Время исполнения=-/h|Заказчик=client/c|Сумма заказа=amount/a|Тема=title/x|Дополнительные данные=comment,-/x
c nazwa=name/c|nip=tax_id/v|regon=-/O|adres=address/s|email=email/e|telefon=phone/p
c Kod=external_id/i|Nazwa=name/c|NIP=tax_id/v
c Nazwa=name/c|NIP=tax_id/v|Uwagi=comment/x
c ID=external_id/i|Imię=first_name/f|Nazwisko=last_name/l|Email=email/e
c Imię=first_name/f|Nazwisko=last_name/l|Warsztat=-/k|Data=-/d|Email=email/e
c Imię=first_name/f|Nazwisko=last_name/l|Telefon=phone/p|Email=email/e|Kategoria=category/k
d ID=external_id/i|Data=created_at,closed_at/d|Typ=-/k|Klient=client/n|Kwota=amount/a|Metoda platnosci=-/k|Liczba produktow=-/q
d numer_faktury=external_id,-/i|klient=client/c|kwota=amount/a|data_wystawienia=created_at,-/d|termin_platnosci=-,expected_close/d|data_platnosci=-,closed_at/d|status_platnosci=-/k|dni_opoznienia=-/q|data_przypomnienia=-/d|uwagi=comment/x
c E-mail=email/e|Jméno=first_name/f|Příjmení=last_name/l|Firma=name/c|Telefon=phone/p
c Vorname=first_name/f|E-Mail=email/e|Nachname=last_name/l|Firma=name/c|Telefon=phone/p|Sprache=-/k|Lieblingsfarbe=-/k
c Nazwa=person/n|Email=email/e|Firma=name/c|Telefon=phone/p|Stanowisko=position/j|Score=-/q|Liczba emaili=-/q|Liczba spotkań=-/q
c Name=person/n|Firma=name/c|Telefon=phone/p|Website=website/w|E-Mail=email/e
d Buchungs-Nr.=external_id/i|Eingang am=created_at/D|Status=stage,-/S|Kunde / Firma=client/c|Telefon=phone/p|E-Mail=email/e|Fahrzeug / Kennzeichen=-/i|Leistung=product/k|Anzahl Tage=-/q
c Firma=name/c|Telefon=phone/p|Ansprechpartner=person/n
d Kunde=client/c|Betrag=amount/a|Datum=created_at,closed_at/D
d Rechnungsnummer=external_id,-/i|Datum=created_at,closed_at/D|Kunde=client/c|Betrag CHF=amount/a|Status=stage,-/S
c id=external_id/i|business_name=name/c|contact_name=person/n|contact_email=email/e|phone=phone/p|city=city/y|status=-/k|do_not_call=-/b
c id=external_id/i|business_name=name/c|contact_name=person/n|email=email/e|phone=phone/p|country_code=country,-/k|region=region/g|timezone=-/k|website_url=website/w|preferred_channel=-/k
c customer_business_name=name/c|contact_first_name=first_name/f|contact_last_name=last_name/l|customer_address=address/s|customer_city=city/y|customer_since=-/d|customer_cell_num=phone/p
"""


@dataclass(frozen=True)
class Column:
    """A heading, the fields that are right for it (None = none of ours) and made-up cells."""

    header: str
    fields: tuple[str | None, ...]
    cells: tuple[str, ...]


def tables(text: str) -> Iterator[tuple[Kind, list[Column]]]:
    """Every line as a kind and its columns."""
    for line in text.strip().splitlines():
        code, _, rest = line.partition(" ")
        columns = []
        for place, part in enumerate(rest.split("|")):
            header, _, spec = part.rpartition("=")
            fields, _, look = spec.partition("/")
            cells = LOOKS[look].split("|")
            turned = () if look == "#" else cells[place % 6 :]  # so that no two columns hold the same
            columns.append(
                Column(
                    header,
                    tuple(None if f == "-" else f for f in fields.split(",")),
                    (*turned, *cells[: 6 - len(turned)]),
                )
            )
        yield KINDS[code], columns
