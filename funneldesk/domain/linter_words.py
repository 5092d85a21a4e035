"""The words by which the linter knows waits, work and results; folded (no marks, ё as е)."""
# ruff: noqa: E501, ISC004 - lists of words are read across

from __future__ import annotations

import re


def _any(*parts: str) -> re.Pattern[str]:
    """Any of these at the beginning of a word; a trailing | closes the word, spaces are as they are."""
    listed = [
        re.escape(p.rstrip("|")).replace(r"\ ", " ") + (r"\b" if p.endswith("|") else "") for p in parts
    ]
    return re.compile(r"\b(?:" + "|".join(listed) + ")")


# Put off: no stage at all, but a date to return to or a loss.
PUT_OFF = _any(
    "postpone", "put off", "later|", "not now|", "not relevant", "not interested", "no longer relevant",
    "not needed", "on hold|", "paused|", "frozen|", "неактуальн", "не актуальн", "отложен", "отложил", "позже|",
    "потом|", "не сейчас", "не нужно|", "не интересно|", "заморожен", "на паузе|", "пауза|",
    "nieaktualn", "na razie|", "odlozon", "pozniej|", "nie teraz|", "niepotrzebn", "nie zainteresowan",
    "niezainteresowan", "wstrzyman", "zawieszon",
)  # fmt: skip

# Our own papers in the making.
DRAWING_UP = _any(
    "being drawn up", "drawing up", "being prepared", "paperwork|", "на оформлении", "оформление", "оформляе",
    "готовим договор", "w trakcie sporzadzania", "sporzadzanie", "w przygotowaniu", "w trakcie przygotow",
)  # fmt: skip

# Waits: somebody else is to act, and nobody knows until when.
WAITING = _any(
    "thinking|", "thinks|", "waiting|", "waits|", "awaiting|", "awaits|", "pending|", "in progress", "in process",
    "in the process", "deciding|", "decides|", "making a decision", "make a decision", "making up", "considering|",
    "considers|", "under review", "under consideration", "in review", "in work", "hesitat", "call back|",
    "calling back", "call again|", "follow up|", "following up", "reviewing|", "being decided",
    "дума", "подумать|", "ожида", "ждем|", "ждет|", "ждут|", "ждать|", "в ожидании", "принимает решени",
    "принимают решени", "принимаем решени", "принятие решени", "принятия решени", "решает|", "решают|",
    "в процессе", "в работе", "на рассмотрении", "рассматрива", "рассмотрение", "на согласовании", "на подписании",
    "на проверке", "перезвонить", "перезвон|", "сомнева", "выбирает|", "сравнивает|", "дожим",
    "zastanawia", "mysli|", "mysla|", "oczekiw", "oczekuj", "czeka", "w trakcie", "w toku", "podejmuj",
    "podejmowani", "decyduj", "rozwaza", "rozpatr", "do oddzwonienia", "oddzwoni", "waha sie", "wahaja sie",
    "w realizacji", "przemysl",
)  # fmt: skip

# A result that has not come is waited for.
NEGATIONS = re.compile(
    r"\b(?:not|no|to be|yet to|need to|must|should|не|нет|пока|без|надо|нужно|nie|brak|bez|trzeba)\b"
    r"|\bun(?:paid|signed|sent|answered|confirmed|qualified|decided|delivered)\b"
    r"|\bне\w+[аеия]нн?(?:|а|о|ы|ый|ая|ое|ые)\b|\bnie\w+(?:an|on|et|yt)[yaeo]\b"
)

# States that tell what has happened without a participle.
STATES = _any(
    "in service|", "ready|", "complete|", "in stock|", "на обслуживании", "готов|", "готова|", "готово|", "готовы|",
    "согласен|", "согласна|", "согласны|", "на связи|", "в курсе|", "pod opieka", "gotow",
)  # fmt: skip

# What comes in by itself begins a funnel.
NEW = frozenset(
    "new incoming inbound новая новый новое новые входящая входящий входящее входящие первичная первичное"
    " nowe nowy nowa nowi przychodzace przychodzacy".split()
)
ENTRY = re.compile(
    r"^(?:(?:the )?(?:incoming )?(?:lead|leads|request|inquiry|enquiry|application|заявка|заявки|обращение|лид|лиды"
    r"|отклик|запрос|zgloszenie|zgloszenia|zapytanie|lead|leady))$"
)

# English nouns that only look like work.
ING_NOUNS = frozenset(
    "meeting meetings training building listing briefing pricing hosting thing wedding housing clothing"
    " nothing everything something king spring string ring wing".split()
)

# A first word that says what we are about to do.
WORK_FIRST = frozenset(
    "prepare send call make get write schedule arrange agree negotiate close collect ask check"
    " позвонить отправить подготовить назначить провести согласовать согласуем согласовываем готовим выставить"
    " подписать подписываем получить выяснить выявляем квалифицировать обсудить обсуждаем связаться составить"
    " презентовать уточнить уточняем"
    " zadzwonic wyslac przygotowac umowic uzgodnic negocjowac podpisac wystawic zebrac ustalic skontaktowac"
    " rozmawiamy".split()
)

# Finished, though the form does not tell.
FINISHED = frozenset(
    "held sent met won paid made sold bought given got found shown seen known taken done chosen written drawn"
    " understood left begun built told brought kept lost set put signed agreed come came came-back gone spoke"
    " spoken heard led read felt won-back hired"
    " пришел пришла пришло пришли нашел ушел дошел прошел принят принята принято приняты снят снята взят взята"
    " начат начата понят понята куплено дан дана дано выдан учтен решено".split()
)

# Not finished, though the form seems to tell.
NOT_FINISHED = frozenset(
    "need speed feed seed bed red shed deed hundred naked wicked sacred proceed"
    " цена замена смена обмен подмена магазин план экран страна сторона домен член стена измена сцена арена тайна"
    " война дано-ли дело дела школа сила число начало материал канал отдел зал бал угол визуал анализ сигнал"
    " финал портал журнал квартал персонал филиал стол пол апрель отзыв охрана рана барабан туман диван"
    " стакан ресторан банан капитан обман карман кабинет цели мебели недели модели автомобили или если были-ли"
    " минута минуты опыта быта оплаты ocena oceny wycena wyceny cena ceny"
    " zmiana zmiany wymiana wymiany strona strony ochrona sciana kolano rano plany plan telefony telefon ona ono"
    " karta karty warta oferta ankieta kobieta kwota wizyta klienta roczny material kanal dzial sygnal podzial"
    " udzial przydzial final korona opona zona sezony strefa salony salon tony".split()
)

# Short and full participles, past verbs with and without -ся.
RUSSIAN_RESULT = re.compile(
    r"(?:[аеиыя]н(?:|а|о|ы|ный|ная|ное|ные|ых|ого|ой)|(?:ыт|ят|нут)(?:а|о|ы)|(?:рыт|лит|нят|пит|бит|вит|мкнут"
    r"|жат|чат)|(?:ут|ыт|ят)(?:ый|ая|ое|ые)|[аеиоуыя]л(?:|а|о|и)|[аеиоуыя]л(?:ся|ась|ось|ись)|(?:с|ш|з|г)(?:лась|лось"
    r"|лись|ся))$"
)
POLISH_RESULT = re.compile(r"(?:an|on|en|et|yt|art|ut|it)(?:y|a|e|i|o)$")
POLISH_PAST = re.compile(r"(?:[aiyęąueó]ł(?:a|o|y|)|[aiyęe]li|szedł|szła|szło|szli|ły|ło|ła)$")

# What the work named is to lead to.
PROPOSALS = (
    "contact_made", "needs_identified", "client_assessed", "prospect_found", "meeting_scheduled", "meeting_held",
    "meeting_prepared", "presentation_held", "offer_sent", "decision_received", "terms_agreed", "contract_sent",
    "contract_signed", "invoice_issued", "payment_received", "goods_shipped", "work_done", "deal_completed",
    "order_sent", "feedback_received", "on_hold", "lost",
)  # fmt: skip
TOPICS = tuple(
    (key, re.compile(pattern))
    for key, pattern in (
        ("meeting_prepared", r"prepar\w* .*meeting|подготов\w* .*встреч|przygotow\w* .*spotkan"),
        ("meeting_held", r"\b(?:hold\w*|conduct\w*) .*meeting|провед\w* .*встреч|провест\w* .*встреч"
                         r"|prowadz\w* .*spotkan|przeprowadz\w* .*spotkan"),
        ("presentation_held", r"\bpresentation|\bpresenting|\bdemo|презентац|демонстрац|\bпоказ|prezent|pokaz"),
        ("meeting_scheduled", r"\bmeeting|\bappointment|встреч|spotka|\bwizyt"),
        ("decision_received", r"\bdecision|\bdeciding|решени|\bdecyzj"),
        ("terms_agreed", r"negotiat|haggl|bargain|discuss|\bagree|\bterms|переговор|торг\b|торги\b|согласов|обсужд"
                         r"|уточн|negocj|uzgadn|uzgodn|ustal|omawian|omowien"),
        ("offer_sent", r"\boffer|\bproposal|\bquot|\bestimate|\bкп\b|предложени|\bсмет|расчет|\bofert|wycen|kosztorys"),
        ("contract_signed", r"\bcontract|\bsign|\bagreement|договор|контракт|подпис|\bumow[aey]\b|podpis"),
        ("invoice_issued", r"\binvoic|\bbill|счет|\bfaktur|rachun"),
        ("payment_received", r"\bpay|\bprepay|оплат|плат[её]ж|предоплат|плач|аванс|\bplatn|zaplat|oplat|wplat|zalicz"),
        ("goods_shipped", r"\bship|\bdeliver|\bdispatch|отгруз|доставк|поставк|отправк|wysylk|dostaw|dostarcz"),
        ("needs_identified", r"\bneed|discover|qualif|потребност|квалифик|выявл|выяснен|potrzeb|kwalifik|badani"),
        ("client_assessed", r"assess|evaluat|scoring|оценк|оценива|\bocen"),
        ("prospect_found", r"prospecting|lead gen|generation|searching|поиск|генерац|лидоген|pozyskiw|szukan|generowan"),
        ("feedback_received", r"feedback|\breview|отзыв|обратн\w+ связ|\bopini"),
        ("order_sent", r"production|manufactur|\border|производств|заказ|produkcj|zamowie"),
        ("work_done", r"service|support|implement|install|работ|услуг|внедрен|монтаж|сопровожд|обслужив|удержан|retention"
                      r"|serwis|obslug|wdroz|wdraz|montaz|utrzyman|realizacj|\bprac[aey]\b"),
        ("deal_completed", r"clos|complet|finish|заверш|закрыт|zakoncz|zamk|zamyk|finaliz"),
        ("contact_made", r"\bcall|\bcontact|\bconversation|\bphone|звон|контакт|связ|общени|разговор|переписк|\bрасс?ылк"
                         r"|telefon|kontakt|dzwon|rozmow"),
    )
)  # fmt: skip
WORK = re.compile(
    r"\b\w{4,}(?:ing|ment|tion|ание|ение|итие|ытие|ация|овка|ывание|anie|enie|owanie|acja|ka)\b"
    r"|\b(?:preparation|analysis|подготовк|анализ|analiz)"
)
DECISION = ("offer_sent", "decision_received")
WAITS = tuple(
    (keys, re.compile(pattern))
    for keys, pattern in (
        (("invoice_issued", "payment_received"), r"\bpay|\bpaid|\bprepay|оплач|оплат|платеж|денег|деньг|oplac|platn"
                                                 r"|zaplat|wplat|pieni"),
        (("contract_sent", "contract_signed"), r"contract|sign|agreement|договор|контракт|подпис|umow|podpis"),
        (("meeting_scheduled", "meeting_held"), r"meeting|встреч|spotka"),
        (("order_sent", "goods_shipped"), r"order|deliver|ship|stock|production|заказ|поставк|доставк|отгруз|производств|dostaw"
                                          r"|wysyl|zamow|produkcj|realizacj"),
        (("contact_made",), r"call|answer|reach|reply|respon|звон|дозвон|ответ|связ|dzwon|telefon|odbier|odpowied|kontakt"),
    )
)  # fmt: skip
