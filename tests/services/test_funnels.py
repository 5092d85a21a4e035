from __future__ import annotations

import json

import pytest

from funneldesk.domain.funnel import Stage
from funneldesk.errors import UserError
from funneldesk.services import funnels
from funneldesk.services.funnel_templates import starter_reasons
from funneldesk.store.database import Database
from funneldesk.store.queries import lists
from funneldesk.store.transaction import select_records

KEYS = ["sale", "production", "general", "simple", "rent", "service", "warranty", "hiring", "retention"]
LANGUAGES = ("en", "ru", "pl")


def names(db: Database, funnel_id: int = 1) -> list[str]:
    return [s.name for view in funnels.views(db) if view.funnel.id == funnel_id for s in view.stages]


def test_the_promised_templates_are_there_with_their_numbers_of_stages() -> None:
    found = {info.key: len(info.stages) for info in funnels.templates("en")}
    assert list(found) == KEYS
    assert (found["sale"], found["production"], found["general"], found["rent"]) == (9, 10, 4, 5)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_every_stage_of_a_template_says_all_in_every_language(key: str, language: str) -> None:
    info = funnels.template(key, language)
    assert info.name and info.about and info.won_name
    assert len({stage.name for stage in info.stages}) == len(info.stages)
    for stage in info.stages:
        assert stage.name and stage.goal and stage.key_task and stage.criterion, stage.key
    if language == "ru":
        words = " ".join([info.name, info.won_name, *[s.name + s.goal + s.criterion for s in info.stages]])
        assert not any("a" <= ch <= "z" for ch in words.lower()), words


def test_names_of_stages_are_no_waiting_and_no_process() -> None:
    bad = "waiting thinking pending ожидание думает перезвонить oczekiwanie odłożon zastanawia".split()
    for language in LANGUAGES:
        for info in funnels.templates(language):
            for stage in info.stages:
                assert not any(word in stage.name.lower() for word in bad), stage.name


@pytest.mark.parametrize(
    "name", ["sale", "SALE", "Sale in nine steps", "продажа в ДЕВЯТЬ шагов", "Sprzedaż w dziewięciu krokach"]
)
def test_a_template_is_found_by_key_and_by_name_in_any_language_and_case(name: str) -> None:
    assert funnels.template(name, "en").key == "sale"


def test_an_unknown_template_is_told_with_those_there_are(db: Database) -> None:
    with pytest.raises(UserError) as refused:
        funnels.create_from_template(db, "pipeline 3000", language="en")
    assert refused.value.code == "template.unknown"
    assert refused.value.params["known"] == KEYS


def test_a_funnel_of_a_template_has_its_stages_tasks_and_subtasks(db: Database) -> None:
    change = funnels.create_from_template(db, "Produkcja", language="pl")
    view = funnels.views(db)[1]
    assert view.funnel.id == change.new_id("funnel")
    assert (view.funnel.template, view.funnel.won_name) == (
        "production",
        "Protokoły podpisane, zapłata otrzymana",
    )
    assert [s.position for s in view.stages] == list(range(1, 11))
    assert (view.stages[5].key_task, view.stages[5].subtasks) == (
        "Wysłać fakturę i umowę",
        "Uzgodnić wariant ceny\nPoprosić o dane do umowy",
    )
    assert json.loads(view.stages[2].required or "[]") == ["meeting"], "scheduled: place, date and time"
    assert json.loads(view.stages[6].required or "[]") == ["amount", "receipt"], "sent: receipt confirmed"
    assert view.stages[7].checklist == "Przedpłata jest na koncie firmy"
    assert all(stage.limit_days for stage in view.stages)
    assert change.label.params == {"name": "Zamówienie produkcyjne"}


def test_the_starter_reasons_come_with_the_first_funnel_only(db: Database) -> None:
    funnels.create_from_template(db, "rent", language="ru")
    with db.read() as conn:
        reasons = lists.loss_reasons(conn)
    assert [r.name for r in reasons] == [r.name for r in starter_reasons("en")]
    assert [r.name for r in reasons if r.competitor] == ["Went to a competitor"]
    assert all(r.outcome for r in reasons), "each stands in a group"
    assert all(r.advice for r in reasons)


def test_a_template_taken_twice_gets_a_number_and_a_given_name_must_be_free(db: Database) -> None:
    funnels.create_from_template(db, "general", language="en")
    assert [v.funnel.name for v in funnels.views(db)] == ["General sale", "General sale 2"]
    with pytest.raises(UserError, match=r"name\.taken"):
        funnels.create_from_template(db, "general", language="en", name="GENERAL SALE")


def test_a_new_stage_stands_where_it_was_put_and_has_a_slot_of_its_own(db: Database) -> None:
    funnels.add_stage(db, 1, "Letter sent", before_id=2)
    funnels.add_stage(db, 1, "Feedback received")
    assert names(db) == [
        "Prospect identified", "Letter sent", "Client qualified", "Offer presented", "Terms agreed",
        "Feedback received",
    ]  # fmt: skip
    with db.read() as conn:
        slots = [s.slot for s in select_records(conn, Stage)]
    assert slots == [0, 1, 2, 3, 4, 5]


def test_the_slot_of_an_archived_stage_is_not_given_again(db: Database) -> None:
    from funneldesk.domain.change import Label

    with db.transaction(Label("stage.changed")) as tx:
        tx.update(Stage, 4, archived=True)
    added = funnels.add_stage(db, 1, "Fresh start made").new_id("stage")
    with db.read() as conn:
        found = {s.id: s for s in select_records(conn, Stage)}
    assert (found[added].slot, found[added].position) == (4, 4)


def test_a_funnel_takes_as_many_stages_as_there_are_slots(db: Database) -> None:
    funnels.create(db, "Long", [f"Step {n} done" for n in range(funnels.MAX_STAGES)])
    with pytest.raises(UserError, match=r"funnel\.too_many_stages"):
        funnels.add_stage(db, 2, "One more done")
    with pytest.raises(UserError, match=r"funnel\.too_many_stages"):
        funnels.create(db, "Longer", [f"Step {n} done" for n in range(63)])


def test_stages_are_put_in_order_only_all_at_once(db: Database) -> None:
    funnels.reorder(db, 1, [2, 1, 4, 3])
    assert names(db) == ["Client qualified", "Prospect identified", "Terms agreed", "Offer presented"]
    for wrong in ([1, 2, 3], [1, 2, 3, 4, 4], [1, 2, 3, 9]):
        with pytest.raises(UserError, match=r"stage\.not_all"):
            funnels.reorder(db, 1, wrong)


def test_empty_and_double_names_are_refused(db: Database) -> None:
    with pytest.raises(UserError, match=r"name\.empty"):
        funnels.update_stage(db, 1, name="  ")
    with pytest.raises(UserError, match=r"name\.taken"):
        funnels.update_stage(db, 1, name="TERMS agreed")
    with pytest.raises(UserError, match=r"name\.taken"):
        funnels.create(db, "Twice", ["Done", "done"])
    with pytest.raises(UserError, match=r"funnel\.no_stages"):
        funnels.create(db, "None", [" "])
    with pytest.raises(UserError, match=r"stage\.bad_probability"):
        funnels.update_stage(db, 1, probability=40)
