"""Events of the log of causes in plain sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from careersim.town.columns import REASON_NAMES, SECTOR_NAMES, STUDENT, WORKING
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

LOST = {
    QUIT: ("lost or gave up the job", ""),
    LAID_OFF: ("was laid off", ""),
    EMPLOYER_EXITED: ("lost the job", "because the employer closed"),
    CHANGED_JOB: ("left the job", "for another"),
    LEFT_WITH_MOVE: ("gave up the job", "to move away"),
    BECAME_INACTIVE: ("left the job", "and the labour force"),
    RETIRED_FROM: ("retired from the job", ""),
}
"""How a job ended: what is said before naming it and after."""
AS = {
    "managers": "a manager",
    "professional STEM": "a STEM professional",
    "professional other": "a professional outside STEM",
    "associate technical STEM": "a STEM technician",
    "associate other": "an associate professional",
    "admin and secretarial": "an administrator or secretary",
    "skilled trades": "a skilled tradesperson",
    "caring and leisure": "a care or leisure worker",
    "sales and customer service": "a sales or customer service worker",
    "process plant and machine": "a plant, machine or process operative",
    "elementary": "an elementary worker",
}
"""What somebody in an occupation works as."""
ENTERED = {1: "came to town", 2: "came back to town", 3: "turned 13"}
REFUSED = {1: "a better applicant got it", 2: "the employer would not have them"}


GAVE_UP = {
    "care": "stopped looking for work to care for somebody",
    "sick": "stopped looking for work, being ill",
    "early retired": "stopped looking for work and retired early",
    "other": "stopped looking for work",
    "discouraged": "gave up looking for work, discouraged",
}
"""What is said of somebody who stops looking, by the reason."""


@dataclass(frozen=True)
class Telling:
    """What is needed to put one person's events into words."""

    town: Town
    """The world at its end."""
    start: int
    """Month in which policy begins."""
    watched: list[dict[str, Any]]
    """What was watched of the person at the end of each month."""
    occupations: list[str]

    def at(self, month: int) -> dict[str, Any]:
        """What was watched at the end of a month of the town; empty before policy and after the end."""
        k = month - self.start
        return self.watched[k] if 0 <= k < len(self.watched) else {}

    def job(self, post: int) -> str:
        """A post in words."""
        p = self.town.posts
        where = SECTOR_NAMES[p.sector[post]]
        name = self.occupations[p.occupation[post]]
        return f"{AS.get(name, name)} ({'outside town' if where == 'outside' else where})"

    def lines(self, events: list[dict[str, Any]], turns: bool = True) -> list[str]:
        """The events in order, a line each with its cause; runs of refusals are told together; ``turns`` adds `turns`."""
        lines: list[str] = []
        refusals: list[dict[str, Any]] = []
        last = ""
        told = sorted([*self.joined(events), *(self.turns(events) if turns else [])], key=lambda e: e["month"])
        for e in told:
            if e["event"] == REJECTED:
                refusals.append(e)
                continue
            text = self.sentence(e)
            if text and text != last:
                lines += self.refused(refusals)
                refusals, last = [], text
                lines.append(f"  {when(e['month'] - self.start + 1)}: {text}.")
        return lines + self.refused(refusals)

    def joined(self, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The events with a change of job told once: the post left goes with the post taken up in the same month."""
        left = {e["month"]: e for e in events if e["event"] == LOST_POST and e["cause"] == CHANGED_JOB}
        hired = {e["month"] for e in events if e["event"] == HIRED}
        out = []
        for e in events:
            if e["event"] == HIRED and e["month"] in left:
                out.append({**e, "left": left[e["month"]]})
            elif not (e["event"] == LOST_POST and e["cause"] == CHANGED_JOB and e["month"] in hired):
                out.append(e)
        return out

    def turns(self, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Turns that the log does not hold: giving up looking for work and taking it up again, as watched."""
        said = {e["month"] for e in events if e["event"] in (LOST_POST, STAGE, LEFT_TOWN, CAME)}
        out = []
        for k in range(1, len(self.watched)):
            month, before, after = self.start + k, self.watched[k - 1], self.watched[k]
            in_town = before["residence"] == after["residence"] == 1 and before["post"] < 0 and after["post"] < 0
            if in_town and before["reason"] != after["reason"] and month not in said:
                reason = REASON_NAMES[after["reason"]]
                text = GAVE_UP[reason] if after["reason"] else "began to look for work again"
                out.append({"month": month, "event": None, "cause": 0, "text": text})
        return out

    def sentence(self, e: dict[str, Any]) -> str:
        """One event in words, with its cause; empty if there is nothing to say."""
        kind, cause = e["event"], e["cause"]
        if kind is None:
            return e["text"]
        if kind == HIRED:
            return self.hired(e)
        if kind == LOST_POST:
            return self.lost(e)
        if kind == LEFT_TOWN:
            return "moved away for work" if cause == 1 else "moved away with the family"
        if kind == CAME:
            return ENTERED.get(cause, "came to town")
        if kind == JOINED_UNION:
            return "joined the union, as many contacts had" if cause == 1 else "joined the union on starting the job"
        if kind == PAY_CHANGED:
            return self.union_pay(e)
        if kind == SERVED:
            return "" if cause == 0 else f"took part in session {e['other']} of the service"
        if kind == STAGE:
            return {STUDENT: "went on to study", WORKING: "started to look for work"}.get(cause, "retired")
        return ""

    def hired(self, e: dict[str, Any]) -> str:
        """A hire: the post, how it was heard of, the person's own pay, and the post left for it."""
        post = self.at(e["month"]).get("post", -1)
        told_by = self.town.people.id[e["other"]] if e["other"] >= 0 else -1
        heard = f"heard of from a contact (person {told_by})" if told_by >= 0 else "found by an advert"
        left = e.get("left")
        before = f", leaving {self.job(left['other'])} at £{left['value']:,.0f}" if left else ""
        what = f" as {self.job(post)}" if post >= 0 else ""
        return f"hired{what}, {heard}, at £{e['value']:,.0f} a month{before}"

    def lost(self, e: dict[str, Any]) -> str:
        """The end of a job, with its cause."""
        how, after = LOST.get(e["cause"], ("left the job", ""))
        reason = REASON_NAMES[self.at(e["month"]).get("reason", 0)]
        why = f": {reason}" if e["cause"] == BECAME_INACTIVE and reason not in ("active", "other") else ""
        return f"{how} as {self.job(e['other'])}, at £{e['value']:,.0f} a month{', ' if after else ''}{after}{why}"

    def union_pay(self, e: dict[str, Any]) -> str:
        """Recognition or its lapse, and what it does to the person's pay."""
        begun = e["cause"] == 1
        before, now = self.at(e["month"] - 1), e["value"]
        same_post = before.get("post", -1) == e["other"]
        if same_post and round(now) != round(before["pay"]):
            moved = f"{'rose' if now > before['pay'] else 'fell'} from £{before['pay']:,.0f} to £{now:,.0f} a month"
            return f"pay {moved}, {'bargained for by the union' if begun else 'no longer bargained for by a union'}"
        return (
            "the union was recognised at work and bargains over pay"
            if begun
            else "recognition of the union lapsed at work"
        )

    def refused(self, refusals: list[dict[str, Any]]) -> list[str]:
        """A run of refusals in one line."""
        if not refusals:
            return []
        better = sum(e["cause"] == 1 for e in refusals)
        first, last = (refusals[k]["month"] - self.start + 1 for k in (0, -1))
        if len(refusals) == 1:
            e = refusals[0]
            return [f"  {when(first)}: applied as {self.job(e['other'])}, but {REFUSED[e['cause']]}."]
        reason = (
            f"{times(better)} a better applicant got the post cared for most"
            if better
            else "no employer would have them"
        )
        return [f"  {when(first)} to {when(last)}: applied in vain in {len(refusals)} months; {reason}."]


def times(n: int) -> str:
    """How often, in words."""
    return {1: "once", 2: "twice"}.get(n, f"{n} times")


def when(month: int) -> str:
    """A month of policy (from 1) as year and month.

    Examples
    --------
    >>> when(1), when(14)
    ('year 1, month 1', 'year 2, month 2')
    """
    return f"year {(month - 1) // 12 + 1}, month {(month - 1) % 12 + 1}"
