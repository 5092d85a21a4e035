"""Words that head columns in German and Czech, for spreadsheets that come from across the border."""

from __future__ import annotations

from collections.abc import Mapping

# Field -> phrases as in `synonyms`; they go to every kind that has the field.
ABROAD: Mapping[str, str] = {
    "company": "firmenname|unternehmen|firmenbezeichnung|kunde|kundenname|auftraggeber|"
    "nazev firmy|zakaznik|odberatel|nazev spolecnosti|spolecnost|jmeno firmy|obchodni jmeno|~nazev|"
    "~bezeichnung",
    "person": "ansprechpartner|kontaktperson|ansprechpartnerin|kontaktni osoba|jmeno a prijmeni|"
    "vor und nachname|cele jmeno",
    "first_name": "vorname|rufname|=jmeno|krestni jmeno",
    "last_name": "nachname|familienname|zuname|prijmeni",
    "position": "stellung|=beruf|berufsbezeichnung|pozice|pracovni pozice|~funktion|~funkce",
    "phone": "telefonnummer|mobil|mobiltelefon|handy|handynummer|durchwahl|rufnummer|mobilni telefon|"
    "telefonni cislo|tel cislo",
    "email": "mailadresse|e mail adresse|email adresse|emailova adresa|mailova adresa",
    "website": "webseite|internetseite|homepage url|webove stranky|webova stranka|www stranky",
    "address": "strasse|anschrift|adresse|strasse hausnummer|strasse und hausnummer|"
    "adresa|ulice|sidlo|ulice a cislo",
    "city": "=ort|stadt|wohnort|standort|mesto|obec",
    "region": "bundesland|kraj cz",
    "country": "=land|zeme|stat",
    "category": "branche|kundentyp|kundengruppe|obor|odvetvi|typ zakaznika",
    "size": "mitarbeiterzahl|anzahl mitarbeiter|pocet zamestnancu",
    "tax_id": "ust idnr|ust id nr|ust id|umsatzsteuer id|uid nummer|steuernummer|dic|vat id nr",
    "source": "quelle|herkunft|leadquelle|zdroj|zdroj leadu",
    "manager": "betreuer|kundenbetreuer|verkaufer|vertriebsmitarbeiter|zustandig|bearbeiter|"
    "sachbearbeiter|verantwortlich|obchodnik|zodpovedna osoba|zamestnanec|vlastnik|odpovedny",
    "comment": "bemerkung|bemerkungen|notiz|notizen|anmerkung|anmerkungen|hinweis|hinweise|kommentar|"
    "beschreibung|poznamka|poznamky|popis",
    "external_id": "kundennummer|kundennr|kunden nr|kd nr|=kdnr|kunden id|zakaznicke cislo|cislo zakaznika",
    "deal_id": "auftragsnummer|angebotsnummer|bestellnummer|cislo objednavky|cislo zakazky",
    "amount": "betrag|summe|auftragswert|gesamtpreis|gesamtbetrag|angebotssumme|castka|hodnota|cena celkem",
    "title": "auftragsname|projektname|~betreff|nazev zakazky|nazev obchodu|~predmet|~nazev",
    "currency": "wahrung|mena",
    "product": "produkt|dienstleistung|artikel|sluzba|zbozi",
    "stage": "phase|vertriebsphase|verkaufsphase|faze|~stav",
    "created_at": "erstellt am|erfasst am|erstelldatum|angelegt am|datum erstellt|~datum|vytvoreno|"
    "datum vytvoreni",
    "closed_at": "abgeschlossen am|abschlussdatum|uzavreno|datum uzavreni",
}
