"""Names of reports, what they answer, and the heads of their columns."""

from __future__ import annotations

from funneldesk.text import N_, _

_TITLES: dict[str, str] = {
    "stage-funnel": N_("Stage funnel"),
    "finished-funnel": N_("Finished deals"),
    "active-funnel": N_("Active deals"),
    "managers": N_("Managers compared"),
    "manager-matrix": N_("Managers by stage"),
    "stage-times": N_("Time in stages"),
    "cycle": N_("Sales cycle"),
    "lost": N_("Lost deals"),
    "key-stage": N_("Key stage"),
    "velocity": N_("Sales velocity"),
    "dynamics": N_("Dynamics"),
    "sources": N_("Sources compared"),
    "leaks": N_("Leaks"),
    "strategy": N_("Ways of selling"),
    "lost-history": N_("Lost clients"),
    "activities": N_("Work per stage"),
    "reaction": N_("Reaction to leads"),
    "reverse-plan": N_("Reverse plan"),
    "forecast": N_("Forecast"),
    "plan-fact": N_("Plan and fact"),
    "receivables": N_("Receivables"),
    "standards": N_("Standards of contact"),
    "leads-deals": N_("Leads against deals"),
    "wins-when": N_("When contacts win"),
}

_ANSWERS: dict[str, str] = {
    "stage-funnel": N_("How many deals come to each stage, and how many go on?"),
    "finished-funnel": N_("Of the deals that ended, where were they passed on and where lost?"),
    "active-funnel": N_("What is under way now, and what is it worth?"),
    "managers": N_("Who wins how much, and is the difference more than chance?"),
    "manager-matrix": N_("Who has what at which stage, and who passes it on?"),
    "stage-times": N_("How long do deals stay in each stage?"),
    "cycle": N_("How long from the first day to a win, and to a loss?"),
    "lost": N_("Where, why and with whom are deals lost?"),
    "key-stage": N_("Which stage decides whether a deal is won?"),
    "velocity": N_("How much do the open deals bring per day, and how much was really won?"),
    "dynamics": N_("How do new deals, wins and losses change over time?"),
    "sources": N_("Which sources bring deals that are won?"),
    "leaks": N_("Where are more deals lost than elsewhere, and what does it cost?"),
    "strategy": N_("Who works many deals lightly, who few deeply, and which way pays?"),
    "lost-history": N_("What had the lost clients bought before, and how long did it take with them?"),
    "activities": N_("How many calls and meetings does it take to get a deal into a stage?"),
    "reaction": N_("How soon is a new lead answered?"),
    "reverse-plan": N_("How many deals are needed at each stage to reach the goal?"),
    "plan-fact": N_("What was planned, what was done, and can it still be made?"),
    "receivables": N_("Who owes how much, and since when is it overdue?"),
    "standards": N_("Are clients contacted as often as agreed, and who is waiting now?"),
    "leads-deals": N_("How much is won from leads, and how much from deals entered at once?"),
    "wins-when": N_("On which weekday, at which hour, after how many contacts are deals won?"),
    "forecast": N_("How much will have been won at the end of the period, and how sure is it?"),
}

# The groups of the list at the left, in their order.
GROUPS: dict[str, tuple[str, ...]] = {
    N_("Funnel"): ("stage-funnel", "finished-funnel", "active-funnel", "key-stage", "leaks"),
    N_("People"): (
        "managers",
        "manager-matrix",
        "strategy",
        "activities",
        "reaction",
        "standards",
        "wins-when",
    ),
    N_("Time"): ("stage-times", "cycle", "velocity", "dynamics"),
    N_("Future"): ("forecast", "plan-fact", "reverse-plan"),
    N_("Clients"): ("sources", "leads-deals", "receivables"),
    N_("Losses"): ("lost", "lost-history"),
}
OTHER = N_("More")

_COLUMNS: dict[str, str] = {
    "stage": N_("Stage"),
    "rank": N_("No."),
    "marks": N_("Changes"),
    "standard": N_("Standard"),
    "limit": N_("Limit"),
    "checked": N_("Looked at"),
    "kept": N_("Kept"),
    "kept_share": N_("Kept, %"),
    "broken_now": N_("Outside it now"),
    "lead_won": N_("Won from leads"),
    "direct_won": N_("Won directly"),
    "lead_amount": N_("Amount from leads"),
    "direct_amount": N_("Amount directly"),
    "lead_share": N_("Part of leads"),
    "lead_rate": N_("Win rate of leads"),
    "direct_rate": N_("Win rate of direct ones"),
    "row": N_("Row"),
    "figure": N_("Figure"),
    "now": N_("Now"),
    "before": N_("Before"),
    "change": N_("Difference"),
    "verdict": N_("Verdict"),
    "count": N_("Deals"),
    "amount": N_("Amount"),
    "weighted_amount": N_("Weighted amount"),
    "share": N_("Share"),
    "entered": N_("Came in"),
    "advanced": N_("Went on"),
    "lost": N_("Lost"),
    "waiting": N_("Waiting"),
    "step_conversion": N_("Step conversion"),
    "step_low": N_("from"),
    "step_high": N_("to"),
    "entries": N_("Entries"),
    "distinct_deals": N_("Distinct deals"),
    "deals": N_("Deals"),
    "created": N_("Created"),
    "open": N_("Open deals"),
    "won": N_("Won"),
    "won_by_rule": N_("Won by the rule"),
    "won_amount": N_("Won amount"),
    "lost_amount": N_("Lost amount"),
    "overall_conversion": N_("Won of created"),
    "win_rate": N_("Win rate"),
    "win_rate_low": N_("from"),
    "win_rate_high": N_("to"),
    "maturity": N_("Closed so far"),
    "backward": N_("Moves back"),
    "reopened": N_("Reopened"),
    "passed": N_("Passed"),
    "conversion": N_("Passed, %"),
    "conversion_low": N_("from"),
    "conversion_high": N_("to"),
    "passed_amount": N_("Passed amount"),
    "finished": N_("Finished"),
    "lost_at_creation": N_("Lost at creation"),
    "manager": N_("Manager"),
    "q": N_("Chance (q)"),
    "flag": N_("Verdict"),
    "expected_amount": N_("Expected amount"),
    "cycle_median_days": N_("Median cycle, days"),
    "probability": N_("Chance to win"),
    "resolved": N_("Decided"),
    "visits": N_("Stays"),
    "censored": N_("Still there"),
    "p25": N_("Quarter within, days"),
    "p50": N_("Half within, days"),
    "p75": N_("Three quarters within, days"),
    "p90": N_("Nine of ten within, days"),
    "completed_median": N_("Median of ended stays, days"),
    "completed_mean": N_("Mean of ended stays, days"),
    "longest": N_("Longest seen, days"),
    "outcome": N_("Outcome"),
    "n": N_("Deals"),
    "mean": N_("Mean, days"),
    "label": N_("Value"),
    "label_2": N_("Value 2"),
    "lost_share": N_("Share of losses"),
    "lost_amount_share": N_("Share of lost amount"),
    "base": N_("Out of"),
    "loss_rate": N_("Loss rate"),
    "no_reason": N_("Without a reason"),
    "no_comment": N_("Without a comment"),
    "lost_later_reopened": N_("Lost, later reopened"),
    "jump": N_("Jump"),
    "gain": N_("Uncertainty removed"),
    "bootstrap_share": N_("Same in resamples"),
    "key_stage": N_("Key stage"),
    "turning_point": N_("Turning point"),
    "candidate_1": N_("First candidate"),
    "candidate_2": N_("Second candidate"),
    "oldest_days": N_("Longest there, days"),
    "hanging": N_("Hanging"),
    "hanging_after": N_("Hangs after, days"),
    "won_average": N_("Average won amount"),
    "repeat": N_("Repeat deals"),
    "cycle_mean_days": N_("Mean cycle, days"),
    "velocity_per_day": N_("Velocity per day"),
    "won_per_day": N_("Won per day"),
    "window_days": N_("Days counted"),
    "period": N_("Period"),
    "source": N_("Source"),
    "leads": N_("Leads"),
    "qualified": N_("Qualified leads"),
    "rate": N_("Rate"),
    "low": N_("from"),
    "high": N_("to"),
    "revenue": N_("Revenue"),
    "cost": N_("Cost"),
    "roi": N_("Return"),
    "slice": N_("Slice"),
    "step": N_("Stage"),
    "reference": N_("The others"),
    "shrunk": N_("Cautious rate"),
    "pooled_rate": N_("Rate of all"),
    "tested": N_("Compared"),
    "closed": N_("Closed"),
    "volume": N_("Deals a month"),
    "depth": N_("Activities per deal"),
    "strategy": N_("Way of selling"),
    "wins_per_month": N_("Wins a month"),
    "revenue_per_month": N_("Revenue a month"),
    "revenue_per_activity": N_("Revenue per activity"),
    "profit_per_activity": N_("Profit per activity"),
    "client": N_("Client"),
    "prior_won": N_("Won before"),
    "prior_won_amount": N_("Amount won before"),
    "interaction_days": N_("Since first contact, days"),
    "won_median_days": N_("Median of won, days"),
    "lost_median_days": N_("Median of lost, days"),
    "with_prior_win": N_("Had bought before"),
    "clients": N_("Clients with both"),
    "median_difference_days": N_("Lost minus won, days"),
    "faster": N_("Lost faster"),
    "slower": N_("Lost slower"),
    "p": N_("Chance (p)"),
    "kind": N_("Kind"),
    "done": N_("Done before"),
    "per_entry": N_("Per entry"),
    "median_success": N_("Median of those that came"),
    "answered": N_("Answered"),
    "median_hours": N_("Median, hours"),
    "p90_hours": N_("Nine of ten within, hours"),
    "unanswered": N_("Unanswered"),
    "unanswered_day": N_("Unanswered for a day"),
    "need": N_("Needed, even chance"),
    "need_80": N_("Needed for 80\u00a0%"),
    "need_90": N_("Needed for 90\u00a0%"),
    "target_wins": N_("Goal, wins"),
    "target_amount": N_("Goal, amount"),
    "month": N_("Month"),
    "measure": N_("What"),
    "fact": N_("Fact"),
    "chance": N_("Chance to make it"),
    "gap": N_("Still missing"),
    "not_due": N_("Not due"),
    "d1_30": N_("1–30 days"),
    "d31_60": N_("31–60 days"),
    "d61_90": N_("61–90 days"),
    "d90_plus": N_("Over 90 days"),
    "no_due_date": N_("Without a due date"),
    "credit": N_("Credit"),
    "total": N_("Total"),
    "invoices": N_("Invoices"),
    "max_days_past_due": N_("Longest overdue, days"),
    "cost_per_lead": N_("Cost of a lead"),
    "cost_per_win": N_("Cost of a win"),
    "roi_of": N_("Return of"),
    "projected": N_("Return with open deals"),
    "p_template": N_("Set chance"),
    "p_history": N_("Chance by own history"),
    "p_age": N_("Chance by time in the stage"),
    "expected_count": N_("Expected wins"),
    "overdue": N_("Expected close is past"),
    "won_count": N_("Won so far"),
    "count_p10": N_("Wins, at least (9 of 10)"),
    "count_p50": N_("Wins, 8 of 10 futures"),
    "count_p90": N_("Wins, at most (9 of 10)"),
    "amount_p10": N_("Amount, at least (9 of 10)"),
    "amount_p50": N_("Amount, 8 of 10 futures"),
    "amount_p90": N_("Amount, at most (9 of 10)"),
    "plan": N_("Planned"),
    "plan_chance": N_("Chance to meet the plan"),
    "backtest": N_("Past months inside the range"),
}

_GROUPINGS: dict[str, str] = {
    "conditions": N_("Conditions"),
    "weekday": N_("Weekday of the first contact"),
    "hour": N_("Hour of the first contact"),
    "attempt": N_("Number of contacts"),
    "age": N_("Age of the contact, days"),
    "stage": N_("Stage"),
    "reason": N_("Reason"),
    "outcome": N_("Group of reasons"),
    "manager": N_("Manager"),
    "source": N_("Source"),
    "client": N_("Client"),
    "product": N_("Product"),
    "week": N_("Week"),
    "month": N_("Month"),
    "quarter": N_("Quarter"),
    "bucket": N_("Days overdue"),
    "dates": N_("Expected dates, else pace"),
    "pace": N_("Pace of past deals"),
}

# What stands in the place of a missing label.
_MISSING: dict[str, str] = {
    "stage": N_("At creation"),
    "reason": N_("Not stated"),
    "outcome": N_("Not stated"),
    "manager": N_("Nobody"),
    "source": N_("No source"),
    "client": N_("No client"),
    "product": N_("No product"),
    **dict.fromkeys(("weekday", "hour", "attempt", "age"), N_("No contact")),
}


def report_title(name: str) -> str:
    """The name of a report in words; an unknown one is shown as it is."""
    return _(_TITLES[name]) if name in _TITLES else name.replace("-", " ").capitalize()


def report_answer(name: str) -> str:
    """The question a report answers; empty for an unknown one."""
    return _(_ANSWERS[name]) if name in _ANSWERS else ""


def report_group(name: str) -> str:
    """The key of the group a report stands in (give it to `group_title`)."""
    return next((group for group, names in GROUPS.items() if name in names), OTHER)


def group_title(group: str) -> str:
    """The name of a group of reports."""
    return _(group)


def column_label(key: str, by: tuple[str, ...] = ()) -> str:
    """The head of a column; of `label` and `label_2` it is what the report is grouped `by`."""
    if key == "slice" and by:
        return grouping_title(by[0])
    if key in ("label", "label_2"):
        place = 0 if key == "label" else 1
        if place < len(by):
            return grouping_title(by[place])
    return _(_COLUMNS[key]) if key in _COLUMNS else key.replace("_", " ").capitalize()


def grouping_title(name: str) -> str:
    """What a report can be grouped by, in words."""
    return _(_GROUPINGS[name]) if name in _GROUPINGS else name.replace("_", " ").capitalize()


def missing_label(grouping: str) -> str:
    """What is written where a row of that grouping has no label."""
    return _(_MISSING.get(grouping, N_("Not stated")))
