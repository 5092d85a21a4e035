# ruff: noqa: E501
"""Hostile files made by hand: bombs, lies, loops, and what else a reader may choke on."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>Company</t></is></c><c r="B1" t="inlineStr"><is><t>Phone</t></is></c></row>'
BODY = '<row r="2"><c r="A2" t="inlineStr"><is><t>Acme</t></is></c><c r="B2"><v>79001234567</v></c></row>'


def parts(sheet: str, **more: str | bytes) -> dict[str, str | bytes]:
    """The parts of a small workbook whose sheet's XML is `sheet`."""
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.'
        'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/></Types>'
    )
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": types,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_REL}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    return {**found, **more}


def packed(files: Mapping[str, str | bytes], *, twice: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        if twice:
            import warnings

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                archive.writestr(twice, files[twice])
    return out.getvalue()


def sheet(rows: str, *, before: str = "", after: str = "", dtd: str = "") -> str:
    return f"<?xml version='1.0'?>{dtd}<worksheet {_MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def book(rows: str, **more: str) -> bytes:
    return packed(parts(sheet(rows, **more)))


_BOMB = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{('&' + chr(97 + n) + ';') * 10}'>" for n in range(9)
) + "]>"  # fmt: skip
_OUTSIDE = "<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>"


def _strings(text: str) -> bytes:
    shared = HEAD + '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>1</v></c></row>'
    return packed(parts(sheet(shared), **{"xl/sharedStrings.xml": text}))


def ods(rows: str, dtd: str = "") -> bytes:
    base = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{dtd}<office:document-content xmlns:office="{base}office:1.0" '
        f'xmlns:table="{base}table:1.0" xmlns:text="{base}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="A">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = f'<manifest:manifest xmlns:manifest="{base}manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest,
            "content.xml": content,
        }
    )


def _ods_cell(text: str, repeated: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string"{repeated}><text:p>{text}</text:p></table:table-cell>'
    )


_WIDE = ' table:number-columns-repeated="%d"'
_ODS_HEAD = f"<table:table-row>{_ods_cell('Company')}{_ods_cell('Phone')}</table:table-row>"


def xls_stream() -> bytes:
    """A small .xls as xlwt writes it."""
    import xlwt

    made = xlwt.Workbook()
    page = made.add_sheet("A")
    for row in range(60):
        page.write(row, 0, "Company" if not row else f"Firm {row}")
        page.write(row, 1, "Phone" if not row else 79001234500 + row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def _fat_loop(data: bytes) -> bytes:
    fat = struct.unpack_from("<I", data, 76)[0]
    loop = struct.pack("<128I", *[(n + 1) % 4 for n in range(128)])
    return _patched(data, (fat + 1) * 512, loop)


def _encrypted_flag(data: bytes) -> bytes:
    out = bytearray(data)
    at = 0
    while (at := out.find(b"PK\x01\x02", at)) >= 0:
        out[at + 8] |= 1
        at += 4
    return bytes(out)


def _lying_sizes(data: bytes) -> bytes:
    out = bytearray(data)
    at = 0
    while (at := out.find(b"PK\x01\x02", at)) >= 0:
        out[at + 24 : at + 28] = struct.pack("<I", 10)
        at += 4
    return bytes(out)


def _bad_sums(data: bytes) -> bytes:
    out = bytearray(data)
    at = 0
    while (at := out.find(b"PK\x01\x02", at)) >= 0:
        out[at + 16] ^= 0xFF
        at += 4
    return bytes(out)


def _cards(count: int, inside: str) -> bytes:
    return "".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:A {n}\n{inside}END:VCARD\n" for n in range(count)).encode()


def _ml(rows: str, dtd: str = "") -> bytes:
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    return f'<?xml version="1.0"?>{dtd}<Workbook xmlns="{name}" xmlns:ss="{name}"><Worksheet ss:Name="A"><Table>{rows}</Table></Worksheet></Workbook>'.encode()


_ML_ROW = '<Row{0}><Cell{1}><Data ss:Type="String">Acme</Data></Cell></Row>'
_LINES = b"Company;Phone\nAcme;79001234567\n"

SMALL: dict[str, Callable[[], bytes]] = {
    "entity-bomb": lambda: book(HEAD + BODY, dtd=_BOMB),
    "entity-outside": lambda: book(HEAD + '<row r="2"><c r="A2" t="inlineStr"><is><t>&a;</t></is></c></row>', dtd=_OUTSIDE),
    "strings-bomb": lambda: _strings(f"<?xml version='1.0'?>{_BOMB}<sst {_MAIN}><si><t>&j;</t></si></sst>"),
    "strings-outside": lambda: _strings(f"<?xml version='1.0'?>{_OUTSIDE}<sst {_MAIN}><si><t>&a;</t></si></sst>"),
    "strings-lying-count": lambda: _strings(f'<sst {_MAIN} count="4000000000" uniqueCount="4000000000"><si><t>Acme</t></si></sst>'),
    "string-index-far": lambda: book(HEAD + '<row r="2"><c r="A2" t="s"><v>4000000000</v></c></row>'),
    "dimension-lies": lambda: book(HEAD + BODY, before='<dimension ref="A1:XFD1048576"/>'),
    "dimension-nonsense": lambda: book(HEAD + BODY, before='<dimension ref="ZZZZZ99999999999:A0"/>'),
    "far-cell": lambda: book(HEAD + BODY + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "address-nonsense": lambda: book(HEAD + '<row r="99999999999"><c r="AAAAAAA99999999999999"><v>1</v></c></row>'),
    "rows-backwards": lambda: book(BODY + HEAD),
    "merge-everything": lambda: book(HEAD + BODY, after='<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    "merges-many": lambda: book(HEAD + BODY, after="<mergeCells>" + '<mergeCell ref="A2:A3"/>' * 60_000 + "</mergeCells>"),
    "styles-nonsense": lambda: book(HEAD + '<row r="2"><c r="A2" s="99999999"><v>1e308</v></c><c r="B2"><v>NaN</v></c></row>'),
    "numbers-odd": lambda: book(HEAD + '<row r="2"><c r="A2"><v>1e999</v></c><c r="B2"><v>-</v></c></row>'),
    "deep-xml": lambda: book(HEAD + "<a>" * 100_000 + "</a>" * 100_000),
    "errors-unclosed": lambda: book(HEAD + '<row r="2">' + '<c t="e"><v>#N/A</v>' * 50_000),
    "formulas-unclosed": lambda: book(HEAD + '<row r="2">' + '<c r="A2"><f>' * 50_000),
    "no-sheets": lambda: packed(parts(sheet(HEAD), **{"xl/workbook.xml": f"<workbook {_MAIN}><sheets/></workbook>"})),
    "sheet-missing": lambda: packed({k: v for k, v in parts(sheet(HEAD)).items() if "sheet1" not in k}),
    "macros": lambda: packed(parts(sheet(HEAD + BODY), **{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"x" * 5000})),
    "external-link": lambda: packed(parts(
        sheet(HEAD + '<row r="2"><c r="A2" t="str"><f>[1]A!A1</f><v>Acme</v></c></row>'),
        **{
            "xl/externalLinks/externalLink1.xml": f'<externalLink {_MAIN}><externalBook xmlns:r="{_REL}" r:id="rId1"/></externalLink>',
            "xl/externalLinks/_rels/externalLink1.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_REL}/externalLinkPath" Target="http://127.0.0.1:9/a.xlsx" TargetMode="External"/></Relationships>',
        },
    )),
    "path-upwards": lambda: packed(parts(sheet(HEAD + BODY), **{"xl/../../../evil.xml": "x"})),
    "path-absolute": lambda: packed(parts(sheet(HEAD + BODY), **{"/etc/evil.xml": "x"})),
    "name-twice": lambda: packed(parts(sheet(HEAD + BODY)), twice="xl/worksheets/sheet1.xml"),
    "encrypted-parts": lambda: _encrypted_flag(book(HEAD + BODY)),
    "sizes-lie": lambda: _lying_sizes(book(HEAD + BODY)),
    "sums-wrong": lambda: _bad_sums(book(HEAD + BODY)),
    "many-parts": lambda: packed(parts(sheet(HEAD), **{f"xl/media/{n}.png": "" for n in range(5100)})),
    "many-sheets": lambda: packed(parts(sheet(HEAD + BODY), **{"xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_REL}"><sheets>' + "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 300)) + "</sheets></workbook>"})),
    "a-document": lambda: packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
    "ods-columns-repeated": lambda: ods(_ODS_HEAD + f"<table:table-row>{_ods_cell('x', _WIDE % 1_000_000_000)}</table:table-row>"),
    "ods-rows-repeated": lambda: ods(_ODS_HEAD + f'<table:table-row table:number-rows-repeated="1000000000">{_ods_cell("x")}</table:table-row>'),
    "ods-empty-rows-repeated": lambda: ods(_ODS_HEAD + '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell/></table:table-row>' + f"<table:table-row>{_ods_cell('x')}</table:table-row>"),
    "ods-dtd": lambda: ods(_ODS_HEAD, _BOMB),
    "ods-deep": lambda: ods(_ODS_HEAD + "<text:span>" * 100_000),
    "xls-cyclic": lambda: _fat_loop(xls_stream()),
    "xls-sector-size": lambda: _patched(xls_stream(), 30, b"\x1f\x00"),
    "xls-more-fat-loop": lambda: _patched(xls_stream(), 68, struct.pack("<II", 0, 0xFFFFFF)),
    "xls-fat-count": lambda: _patched(xls_stream(), 44, struct.pack("<I", 0x7FFFFFFF)),
    "xls-directory-far": lambda: _patched(xls_stream(), 48, struct.pack("<I", 0x00FFFFFF)),
    "xls-bare-far-row": lambda: b"\x09\x08\x10\x00\x00\x06\x10\x00" + b"\x00" * 12 + b"\x03\x02\x0e\x00\xff\xff\xff\xff\x00\x00" + b"\x00" * 8,
    "encrypted-package": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"),
    "csv-nuls": lambda: _LINES + b"\x00" * 3000 + _LINES,
    "csv-nuls-inside": lambda: b"Company;Phone\nAc\x00me;79\x000012345\n" * 50,
    "csv-quote-open": lambda: _LINES + b'"' + b"Acme;1\n" * 300_000,
    "csv-wide": lambda: b";".join([b"a"] * 20_000) + b"\n",
    "csv-mark-only": lambda: b"\xef\xbb\xbf",
    "csv-utf16-odd": lambda: "Company;Phone\nAcme;1\n".encode("utf-16") + b"\x00",
    "csv-returns": lambda: b"Company;Phone\r\r\rAcme;1\r\r\n",
    "csv-surrogates": lambda: b"\xff\xfe" + "Company;Phone\nA".encode("utf-16-le") + b"\x00\xd8" + ";1\n".encode("utf-16-le"),
    "vcf-nested": lambda: b"BEGIN:VCARD\n" * 100_000,
    "vcf-folded": lambda: b"BEGIN:VCARD\nVERSION:3.0\nFN:A\nNOTE:x\n" + b" y\n" * 200_000 + b"END:VCARD\n",
    "vcf-quoted": lambda: b"BEGIN:VCARD\nVERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE:a=\n" + b"=41=\n" * 100_000 + b"END:VCARD\n",
    "vcf-parameters": lambda: b'BEGIN:VCARD\nTEL;A="' + b'";B="' * 50_000 + b":1\nEND:VCARD\n",
    "vcf-picture": lambda: _cards(20, "PHOTO;ENCODING=BASE64:" + "A" * 500_000 + "\n"),
    "html-nested": lambda: b"<html><table><tr><td>" * 30_000,
    "html-colspan": lambda: b"<html><table><tr><td colspan=99999999999>a<td colspan=500>b</table>",
    "html-unclosed": lambda: b"<html><table><tr>" + b"<td>a" * 200_000,
    "html-comment": lambda: b"<html><table><!--" + b"<" * 200_000,
    "ml-bomb": lambda: _ml(_ML_ROW.format("", ""), _BOMB),
    "ml-index": lambda: _ml(_ML_ROW.format(' ss:Index="1000000000"', ' ss:Index="1000000000"')),
    "ml-merge": lambda: _ml(_ML_ROW.format("", ' ss:MergeAcross="1000000000"')),
    "ml-row-nought": lambda: _ml(_ML_ROW.format(' ss:Index="0"', "")),
    "ml-deep": lambda: _ml("<Row>" * 50_000),
    "zip-head-only": lambda: b"PK\x03\x04",
    "zip-end-only": lambda: b"PK\x05\x06" + b"\x00" * 18,
    "a-picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
}  # fmt: skip


def _line() -> bytes:
    return b"Company;Phone\n" + b"x" * 50_000_000


LARGE: dict[str, Callable[[], bytes]] = {
    "zip-bomb": lambda: packed(parts("<worksheet>" + "\x00" * 300_000_000)),
    "zip-bomb-strings": lambda: _strings(f"<sst {_MAIN}><si><t>" + "a" * 300_000_000),
    "long-string": lambda: book(HEAD + f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"ab" * 20_000_000}</t></is></c></row>'),
    "million-empty-rows": lambda: book(HEAD + "".join(f'<row r="{n}"/>' for n in range(2, 1_048_577))),
    "million-styled-rows": lambda: book(HEAD + "".join(f'<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(2, 1_048_577))),
    "one-line": _line,
    "csv-million-commas": lambda: b",,,,,,,,,\n" * 1_000_000,
    "csv-million-rows": lambda: b"Company;Phone\n" + b"Acme;1\n" * 3_000_000,
    "vcf-many": lambda: _cards(200_001, ""),
    "ods-wide-and-tall": lambda: ods(_ODS_HEAD + f'<table:table-row table:number-rows-repeated="1000000">{_ods_cell("x", _WIDE % 1000)}</table:table-row>'),
}  # fmt: skip
HOSTILE = {**SMALL, **LARGE}
