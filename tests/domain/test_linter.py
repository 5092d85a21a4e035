"""The linter judges names as a careful person would: a table in three languages, and hints on funnels."""
# ruff: noqa: E501 - tables

from __future__ import annotations

from typing import Any

import pytest

from funneldesk.domain.funnel import Stage
from funneldesk.domain.linter import PROPOSALS, Finding, check_funnel, check_name
from funneldesk.services.funnel_templates import templates

# A finished result: what is done, what happened to the client?
GOOD = """
Needs identified | Выявлены потребности | Potrzeby rozpoznane
Invoice issued | Счёт выставлен | Faktura wystawiona
Contract sent | Договор отправлен | Umowa wysłana
Meeting scheduled | Встреча назначена | Spotkanie umówione
Offer sent | КП отправлено | Oferta wysłana
New request | Новая заявка | Nowe zgłoszenie
Qualification passed | Квалификация пройдена | Kwalifikacja zakończona
Meeting held | Встреча состоялась | Spotkanie odbyło się
Handed over for work | Отправлено в работу | Przekazane do realizacji
Decision received | Решение получено | Decyzja otrzymana
Client agreed to the terms | Клиент согласился на условия | Klient zaakceptował warunki
Deposit paid | Аванс внесён | Zaliczka wpłacona
Sample shown | Образец показан | Wzór pokazany
Contract won | Договор заключён | Umowa zawarta
Client in service | Клиент на обслуживании | Klient pod opieką
Key person found | Клиент пришёл в салон | Klient przyszedł do salonu
Layout approved | Согласованный макет | Wysłano ofertę
"""

# kind: P = our own work, W = a wait, X = not a stage, N = no result in it; then what is proposed.
BAD = """
P | meeting_scheduled | Scheduling a meeting with the client | Назначение встречи с клиентом | Umawianie spotkania z klientem
W | offer_sent | Client is thinking | Клиент думает | Klient się zastanawia
X | on_hold | Not relevant yet | Пока не актуально | Na razie nieaktualne
W | offer_sent | They are making a decision | Принимают решение | Podejmują decyzję
X | on_hold | Communication postponed | Отложено общение | Kontakt odłożony
W | offer_sent | Thinking | Думают | Zastanawiają się
W | offer_sent | In the process of deciding | В процессе принятия решений | W trakcie podejmowania decyzji
P | contract_sent | Being drawn up | На оформлении | W trakcie sporządzania
P | client_assessed | Client assessment | Оценка клиента | Ocena klienta
P | meeting_prepared | Preparing for the meeting | Подготовка к встрече | Przygotowanie do spotkania
P | presentation_held | Presentation (meeting) | Презентация (встреча) | Prezentacja (spotkanie)
P | offer_sent | Commercial offer | Коммерческое предложение | Oferta handlowa
W | offer_sent | Waiting for the decision | Ожидание решения | Oczekiwanie na decyzję
P | contract_signed | Contract | Договор | Umowa
P | payment_received | Payment | Оплата | Zapłata
W | invoice_issued | Waiting for payment | Ожидание оплаты | Oczekiwanie na zapłatę
P | goods_shipped | Shipment | Отгрузка | Wysyłka
P | deal_completed | Completing the deal | Завершение сделки | Zakończenie transakcji
P | prospect_found | Lead generation | Лидогенерация | Pozyskiwanie klientów
P | terms_agreed | Negotiation | Переговоры | Negocjacje
P | deal_completed | Closing | Закрытие сделки | Zamykanie sprzedaży
P | work_done | Service and retention | Обслуживание и удержание | Obsługa i utrzymanie
W | contact_made | Call back | Перезвонить | Oddzwonić
W | invoice_issued | Invoice not paid | Счёт не оплачен | Faktura nieopłacona
W | order_sent | Order in progress | Заказ в работе | Zamówienie w realizacji
P | contact_made | First contact | Первый контакт | Pierwszy kontakt
X | on_hold | Later | Позже | Później
W | contact_made | No answer | Не дозвонились | Brak odpowiedzi
"""
CODES = {"P": "process", "W": "waiting", "X": "not_a_stage", "N": "no_result"}
GOOD_NAMES = [name.strip() for line in GOOD.strip().splitlines() for name in line.split("|")]
BAD_NAMES = [
    (CODES[kind], proposal, name)
    for kind, proposal, *names in ([p.strip() for p in line.split("|")] for line in BAD.strip().splitlines())
    for name in names
]


def test_the_table_is_long_enough() -> None:
    assert len(set(GOOD_NAMES)) + len({name for _c, _p, name in BAD_NAMES}) >= 120


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_a_finished_result_passes(name: str) -> None:
    assert check_name(name) is None


@pytest.mark.parametrize(("code", "proposal", "name"), BAD_NAMES)
def test_a_process_or_a_wait_is_told_with_what_to_propose(code: str, proposal: str, name: str) -> None:
    found = check_name(name)
    assert found is not None
    assert (found.code, found.proposals[:1]) == (code, (proposal,))


@pytest.mark.parametrize("code_and_name", BAD_NAMES, ids=lambda row: row[2])
def test_the_first_stage_is_no_excuse_for_a_process(code_and_name: tuple[str, str, str]) -> None:
    assert check_name(code_and_name[2], entry=True) is not None


@pytest.mark.parametrize("language", ["en", "ru", "pl"])
def test_every_stage_of_every_template_passes(language: str) -> None:
    for info in templates(language):
        for stage in [*info.stages]:
            assert check_name(stage.name) is None, stage.name
        assert check_name(info.won_name) is None, info.won_name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Contract in process", "waiting"),  # a result's noun does not save a wait
        ("Подписанный договор в ожидании", "waiting"),
        ("Umowa podpisana, w trakcie realizacji", "waiting"),
        ("Цена", "no_result"),  # ends like a participle
        ("План", "no_result"),
        ("Strona", "no_result"),
        ("Klient", "no_result"),
        ("VIP", "no_result"),
        ("Need", "process"),
        ("Magic", "no_result"),
    ],
)
def test_look_alikes_are_told_apart(name: str, code: str) -> None:
    found = check_name(name)
    assert found is not None
    assert found.code == code


def test_only_a_first_stage_may_be_a_plain_noun() -> None:
    assert check_name("Сайт", entry=True) is None
    assert check_name("Сайт") is not None
    assert check_name("Заявка с сайта", entry=True) is None


def test_a_name_without_letters_is_no_matter_of_the_linter() -> None:
    assert check_name("") is None
    assert check_name("1") is None


def test_what_is_proposed_is_known() -> None:
    given = {key for _c, _p, name in BAD_NAMES for key in (check_name(name) or Finding("")).proposals}
    assert given <= set(PROPOSALS)


def stages(*names: str, **more: str) -> list[Stage]:
    full: dict[str, Any] = {"goal": "g", "criterion": "c", **more}
    return [
        Stage(id=n, funnel_id=1, name=name, slot=n - 1, position=n, **full) for n, name in enumerate(names, 1)
    ]


FIVE = ("New request", "Needs identified", "Offer sent", "Contract signed")


def test_a_funnel_of_five_with_goals_and_criteria_has_no_hints() -> None:
    assert check_funnel(stages(*FIVE), reasons=3) == []


def test_missing_goals_criteria_and_reasons_are_told() -> None:
    found = check_funnel(stages(*FIVE, goal=" ", criterion=""), reasons=0)
    assert found[:2] == [Finding("no_goal", 1), Finding("no_criterion", 1)]
    assert found[-1] == Finding("no_reasons")
    assert len(found) == 9


def test_five_to_seven_stages_are_advised_won_counted() -> None:
    assert check_funnel(stages(*FIVE[:3])) == [Finding("few_stages", count=3)]
    more = [f"Step {n} done" for n in range(3)]
    assert check_funnel(stages(*FIVE, *more[:2])) == []
    assert check_funnel(stages(*FIVE, *more)) == [Finding("many_stages", count=7)]


def test_a_stage_on_hold_may_be_called_a_wait() -> None:
    row = stages("New request", "Postponed until spring", "Offer sent", "Contract signed")
    assert [f.code for f in check_funnel(row)] == ["not_a_stage"]
    held = [*row[:1], Stage(**{n: getattr(row[1], n) for n in row[1].__slots__} | {"kind": "hold"}), *row[2:]]
    assert check_funnel(held) == []
