"""One person's life in two worlds: what happened, why, and from which month the lives differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from careersim.report.sentences import Telling, when
from careersim.town.columns import (
    ELSEWHERE,
    GONE,
    HERE,
    NOT_YET,
    QUALIFICATION_NAMES,
    REASON_NAMES,
    STAGE_NAMES,
    WORKING,
)
from careersim.town.town import Town

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

    def telling(self, occupations: list[str]) -> Telling:
        """What puts this life's events into words."""
        return Telling(self.town, self.start, self.watched, occupations)


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
    parts = [who(none, occupations), "", *_difference(none, policy, title, occupations), "", "WITHOUT ANY STRATEGY"]
    parts += chronicle(none, occupations)
    parts += ["", f"WITH {title.upper()}", *chronicle(policy, occupations)]
    return "\n".join([*parts, "", *balance(none, policy, title)]) + "\n"


def _difference(none: Life, policy: Life, title: str, occupations: list[str]) -> list[str]:
    """When and in what the lives part, and what happened in that month in each world."""
    found = first_difference(none, policy)
    if found is None:
        return ["The two lives never differ."]
    month, names = found
    lines = [
        f"The two lives part in {when(month)}: {_listed(names[:4])} differ{'s' if len(names) == 1 else ''} with {title}."
    ]
    for life, words in ((none, "without any strategy"), (policy, f"with {title}")):
        told = [line.strip().split(": ", 1)[1] for line in of_month(life, month, occupations)]
        lines.append(f"  That month {words}: {' Then: '.join(told) if told else 'nothing that the log tells of.'}")
    return lines


def of_month(life: Life, month: int, occupations: list[str]) -> list[str]:
    """Lines on what happened to the person in one month of policy (from 1)."""
    then = [e for e in _events(life) if e["month"] == life.start + month - 1]
    telling = life.telling(occupations)
    return [line for e in telling.joined(then) for line in telling.lines([e], turns=False)]


def _events(life: Life) -> list[dict[str, Any]]:
    """The person's events in the log of causes."""
    log = life.town.events.columns()
    mine = np.flatnonzero(log["person"] == life.row)
    return [{name: log[name][k].item() for name in log} for k in mine]


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
        f", working as {life.telling(occupations).job(life.first_post)}." if life.first_post >= 0 else ", not in work."
    )


def chronicle(life: Life, occupations: list[str]) -> list[str]:
    """What happened to the person, a line an event with its cause, and where they stand at the end."""
    lines = life.telling(occupations).lines(_events(life))
    return [*(lines or ["  Nothing happens to them in town."]), f"  At the end: {at_the_end(life, occupations)}."]


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
        return f"in town, working as {life.telling(occupations).job(int(w.post[i]))} at £{w.pay[i]:,.0f} a month"
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
        f"Over {months / 12:g} year{'' if months == 12 else 's'} (discounted): £{a.w_income[i]:,.0f} without, £{b.w_income[i]:,.0f} with {title}: "
        f"£{abs(income):,.0f} {more}.",
        f"With the worth of ties and community in the person's own terms: £{abs(own):,.0f} {'more' if own >= 0 else 'less'}.",
        f"Months in work in town: {a.job_months[i]} without, {b.job_months[i]} with.",
    ]
    if income * own < 0:
        lines.append("Income and own terms point in opposite directions.")
    return lines


def _listed(words: list[str]) -> str:
    """Words as a list in a sentence."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
