"""Frequent given names, to tell the name of a person from two other capitalised words.

Folded (see `domain.folding`); a name that is not here only makes its column less sure.
"""

from __future__ import annotations

from functools import lru_cache

from funneldesk.domain.folding import fold
from funneldesk.importing.splitting import is_patronymic, is_person

GIVEN_NAMES = frozenset(
    """
    james john robert michael william david richard joseph thomas charles christopher daniel matthew
    anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy edward jason jeffrey
    ryan jacob gary nicholas eric jonathan stephen larry scott frank brandon benjamin samuel patrick jack
    dennis jerry alexander tyler aaron jose adam nathan henry peter kyle noah ethan jeremy harry simon
    mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra
    margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca laura
    sharon cynthia kathleen amy angela shirley anna ann anne brenda pamela emma nicole helen samantha
    katherine christine rachel carolyn janet maria catherine olivia julie kate jane alice eve bob tom mike
    hans karl klaus jurgen wolfgang stefan andreas markus christian martin petra sabine monika claudia
    julia katrin heike max felix lukas jonas leon sophie lena
    jan tomas pavel jiri josef petr milan lucie eva jana hana lenka katerina
    piotr krzysztof andrzej tomasz pawel michal marcin jakub grzegorz lukasz marek mateusz stanislaw
    wojciech mariusz dariusz zbigniew jerzy maciej rafal robert kamil dawid artur roman bartosz
    agnieszka malgorzata katarzyna ewa krystyna elzbieta magdalena joanna aleksandra zofia teresa jadwiga
    beata dorota halina irena danuta grazyna iwona renata karolina natalia paulina justyna kinga
    александр сергеи сергей владимир андреи андрей алексеи алексей дмитрии дмитрий михаил николаи николай
    иван евгении евгений виктор юрии юрий павел игорь олег анатолии анатолий василии василий денис антон
    максим роман константин илья артем никита кирилл петр григории григорий станислав вадим руслан тимур
    анна мария елена ольга татьяна наталья наталия ирина светлана екатерина юлия людмила галина оксана
    марина анастасия надежда лариса валентина любовь вера нина дарья виктория ксения евгения алина полина
    """.split()
)


@lru_cache(maxsize=8192)
def looks_like_person(text: str) -> bool:
    """Whether a text is surely the name of a person: a known given name, a patronymic or initials."""
    if len(text) > 80:
        return False
    words = text.split()
    if len(words) in (2, 3) and words[0][:1].isupper() and words[0].isalpha():
        if all(len(part) <= 1 for word in words[1:] for part in word.split(".")) and "." in text:
            return True  # Ivanov I. I.
    if not is_person(text):
        return False
    return any(fold(word) in GIVEN_NAMES or is_patronymic(word) for word in words)
