"""One person's life in two worlds: what happened, why, and from which month the lives differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from careersim.town.columns import (
    ELSEWHERE,
    GONE,
    HERE,
    NOT_YET,
    QUALIFICATION_NAMES,
    REASON_NAMES,
    SECTOR_NAMES,
    STAGE_NAMES,
    STUDENT,
    WORKING,
)
from careersim.town.town import (
    BECAME_INACTIVE,
    CAME,
    CHANGED_JOB,
    EMPLOYER_EXITED,
    HIRED,
    JOINED_UNION,
    LAID_OFF,
    LEFT_TOWN,
    LEFT_WITH_MOVE,
    LOST_POST,
    PAY_CHANGED,
    QUIT,
    REJECTED,
    RETIRED_FROM,
    SERVED,
    STAGE,
    Town,
)

WATCHED = {
    "residence": "where they live",
    "post": "the post they hold",
    "pay": "their pay",
    "reason": "whether they look for work",
    "sessions": "the sessions they had",
    "member": "their union membership",
    "career_skill": "their career management skills",
    "considered": "the occupations they consider",
    "morale": "their morale",
    "support": "their support for joint action",
    "skill": "their skill",
    "ties_here": "their ties in town",
}
"""Columns in which two lives are compared each month, with words for them."""
LOST = {
    QUIT: "lost or gave up the job",
    LAID_OFF: "was laid off",
    EMPLOYER_EXITED: "lost the job, because the employer closed",
    CHANGED_JOB: "left the job for another",
    LEFT_WITH_MOVE: "gave up the job to move away",
    BECAME_INACTIVE: "left the job and the labour force",
    RETIRED_FROM: "retired from the job",
}
ENTERED = {1: "came to town", 2: "came back to town", 3: "turned 13"}
REFUSED = {1: "a better applicant got it", 2: "the employer would not have them"}


@dataclass
class Life:
    """One person in one world."""

    arm: str
    row: int
    start: int
    """Month in which policy begins."""
    town: Town
    """The world at its end."""
    first_post: int
    """Post held when policy began; -1 none."""
    watched: list[dict[str, Any]]
    """The watched columns at the end of each month."""


def live(model: Any, arm: str, row: int, months: int) -> Life:
    """Run a fork that logs causes to the end, watching one person."""
    people = model.town.people
    start, first_post, watched = model.town.month, int(people.post[row]), []
    for _ in range(months):
        model.run_for(1)
        watched.append({name: getattr(people, name)[row].item() for name in WATCHED})
        people = model.town.people
    return Life(arm, row, start, model.town, first_post, watched)


def most_changed(policy: Town, none: Town, start: Town) -> int:
    """Row of the resident at the start of policy whose discounted income the policy changed most, up or down."""
    size = np.abs(policy.people.w_income - none.people.w_income)
    size[start.people.residence != HERE] = -1.0
    return int(np.argmax(size))


def row_of(town: Town, person: int) -> int:
    """Row of an identity; raises KeyError if there is no such person."""
    rows = np.flatnonzero(town.people.id == person)
    if len(rows) == 0:
        raise KeyError(person)
    return int(rows[0])


def first_difference(one: Life, other: Life) -> tuple[int, list[str]] | None:
    """First month of policy (from 1) at whose end the two lives differ, and in what; None if they never do."""
    for month, (a, b) in enumerate(zip(one.watched, other.watched, strict=True), 1):
        names = [words for name, words in WATCHED.items() if a[name] != b[name]]
        if names:
            return month, names
    return None


def tell(none: Life, policy: Life, occupations: list[str]) -> str:
    """The story as plain text: who it is, each world's events with their causes, the first difference, and the sum."""
    title = policy.arm.replace("_", " ")
    parts = [who(none, occupations), "", *_difference(none, policy, title), "", "WITHOUT ANY STRATEGY"]
    parts += chronicle(none, occupations)
    parts += ["", f"WITH {title.upper()}", *chronicle(policy, occupations)]
    return "\n".join([*parts, "", *balance(none, policy, title)]) + "\n"


def _difference(none: Life, policy: Life, title: str) -> list[str]:
    """When and in what the lives part."""
    found = first_difference(none, policy)
    if found is None:
        return ["The two lives never differ."]
    month, names = found
    return [
        f"The two lives part in {when(month)}: {_listed(names[:4])} differ{'s' if len(names) == 1 else ''} with {title}."
    ]


def who(life: Life, occupations: list[str]) -> str:
    """The person at the start of policy, as far as fixed or known."""
    w, i = life.town.people, life.row
    age = (life.start - int(w.birth_month[i])) // 12
    sex, origin = ("a man", "a woman")[w.gender[i]], ("lowest", "middle", "highest")[min(int(w.origin[i] * 3), 2)]
    text = (
        f"Person {w.id[i]}: {sex} aged {age} when policy begins"
        if age >= 13
        else f"Person {w.id[i]}: {sex}, still to come"
    )
    text += f", from the {origin} third of origins"
    if age >= 16:
        text += f", {QUALIFICATION_NAMES[w.qualification[i]]}"
    return text + (
        f", working as {_job(life.town, life.first_post, occupations)}." if life.first_post >= 0 else ", not in work."
    )


def _job(town: Town, post: int, occupations: list[str]) -> str:
    """A post in words."""
    p = town.posts
    where = SECTOR_NAMES[p.sector[post]]
    return f"{occupations[p.occupation[post]]} ({'outside town' if where == 'outside' else where})"


def chronicle(life: Life, occupations: list[str]) -> list[str]:
    """What happened to the person, a line an event with its cause; runs of refusals are told together."""
    log = life.town.events.columns()
    mine = np.flatnonzero(log["person"] == life.row)
    events = [{name: log[name][k].item() for name in log} for k in mine]
    lines, refusals = [], []
    for e in events:
        if e["event"] == REJECTED:
            refusals.append(e)
            continue
        text = _sentence(e, life, occupations)
        if text:
            lines += _refusals(refusals, life)
            refusals = []
            lines.append(f"  {when(e['month'] - life.start + 1)}: {text}.")
    lines += _refusals(refusals, life)
    return [*(lines or ["  Nothing happens to them in town."]), f"  At the end: {at_the_end(life, occupations)}."]


def _refusals(refusals: list[dict], life: Life) -> list[str]:
    """A run of refusals in one line."""
    if not refusals:
        return []
    better = sum(e["cause"] == 1 for e in refusals)
    first, last = refusals[0]["month"] - life.start + 1, refusals[-1]["month"] - life.start + 1
    if len(refusals) == 1:
        return [f"  {when(first)}: applied, but {REFUSED[refusals[0]['cause']]}."]
    reason = (
        f"{_times(better)} a better applicant got the post cared for most" if better else "no employer would have them"
    )
    return [f"  {when(first)} to {when(last)}: applied in vain in {len(refusals)} months; {reason}."]


def _times(n: int) -> str:
    """How often, in words."""
    return {1: "once", 2: "twice"}.get(n, f"{n} times")


def _sentence(e: dict, life: Life, occupations: list[str]) -> str:
    """One event in words, with its cause."""
    kind, cause = e["event"], e["cause"]
    if kind == HIRED:
        return _hired(e, life, occupations)
    if kind == LOST_POST:
        return f"{LOST.get(cause, 'left the job')} as {_job(life.town, e['other'], occupations)} (£{e['value']:,.0f} a month)"
    if kind == LEFT_TOWN:
        return "moved away for work" if cause == 1 else "moved away with the family"
    if kind == CAME:
        return ENTERED.get(cause, "came to town")
    if kind == JOINED_UNION:
        return "joined the union, as many contacts had" if cause == 1 else "joined the union on starting the job"
    if kind == PAY_CHANGED:
        return (
            "the union was recognised at work and bargains over pay"
            if cause == 1
            else "recognition of the union lapsed at work"
        )
    if kind == SERVED:
        return "" if cause == 0 else f"took part in session {e['other']} of the service"
    if kind == STAGE:
        return {STUDENT: "went on to study", WORKING: "started to look for work"}.get(cause, "retired")
    return ""


def _hired(e: dict, life: Life, occupations: list[str]) -> str:
    """A hire: the post, how it was heard of, and the person's own pay."""
    at = e["month"] - life.start
    post = life.watched[at]["post"] if at < len(life.watched) else -1
    told_by = life.town.people.id[e["other"]] if e["other"] >= 0 else -1
    heard = f"heard of from a contact (person {told_by})" if told_by >= 0 else "found by an advert"
    pay = f", at £{e['value']:,.0f} a month"
    return f"hired{f' as {_job(life.town, post, occupations)}' if post >= 0 else ''}, {heard}{pay}"


def at_the_end(life: Life, occupations: list[str]) -> str:
    """Where the person stands when the period ends."""
    w, i = life.town.people, life.row
    if w.residence[i] == NOT_YET:
        return "has not come"
    if w.residence[i] == GONE:
        return "past pension age"
    if w.residence[i] == ELSEWHERE:
        return f"lives elsewhere, {f'in work at £{w.elsewhere_pay[i]:,.0f} a month' if w.elsewhere_employed[i] else 'out of work'}"
    assert w.residence[i] == HERE
    if w.post[i] >= 0:
        return f"in town, working as {_job(life.town, int(w.post[i]), occupations)} at £{w.pay[i]:,.0f} a month"
    if w.stage[i] != WORKING:
        return f"in town, {STAGE_NAMES[w.stage[i]]}"
    return (
        "in town, looking for work"
        if w.reason[i] == 0
        else f"in town, not looking for work ({REASON_NAMES[w.reason[i]]})"
    )


def balance(none: Life, policy: Life, title: str) -> list[str]:
    """The person's account: income and own terms in both worlds."""
    a, b, i = none.town.people, policy.town.people, none.row
    months = len(none.watched)
    income, own = b.w_income[i] - a.w_income[i], b.w_own[i] - a.w_own[i]
    more = "more" if income >= 0 else "less"
    lines = [
        f"Over {months / 12:g} years (discounted): £{a.w_income[i]:,.0f} without, £{b.w_income[i]:,.0f} with {title}: "
        f"£{abs(income):,.0f} {more}.",
        f"With the worth of ties and community in the person's own terms: £{abs(own):,.0f} {'more' if own >= 0 else 'less'}.",
        f"Months in work in town: {a.job_months[i]} without, {b.job_months[i]} with.",
    ]
    if income * own < 0:
        lines.append("Income and own terms point in opposite directions.")
    return lines


def when(month: int) -> str:
    """A month of policy (from 1) as year and month.

    Examples
    --------
    >>> when(1), when(14)
    ('year 1, month 1', 'year 2, month 2')
    """
    return f"year {(month - 1) // 12 + 1}, month {(month - 1) % 12 + 1}"


def _listed(words: list[str]) -> str:
    """Words as a list in a sentence."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
