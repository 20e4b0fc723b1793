"""Organising (model.md 6.10): people come to support joint action, join, and win or lose recognition.

*Who and in what order.* (a) New employers follow the custom of their slot; (b) the month's new hires at recognised employers;
(c) a staggered share (``reflect_every``) of those living in town looks at contacts, as they were before the phase (synchronous);
(d) employers are counted, recognised, lapse. Rates are per month, compounded over the months between two looks; ``x -> y at r``
means ``x <- x + r (y - x)``.

1. A new hire at a recognised employer joins with chance ``join_rate[sector]`` (solved so that burn-in density is the place's).
2. Grievance ``G = min(1, pay_grievance . max(0, 1 - pay / y) + search_grievance . min(1, months out / search_months)
   + discrimination_grievance . met)``: pay at the post below its value product y = v0 (1 + rho), hopeless search, or refusal this month by
   an employer with a taste against one's gender or ethnicity.
3. Support: -> mean support of contacts at ``contact_rate``; -> ``(attribution - neutral) / max(neutral, 1 - neutral) . G`` at
   ``grievance_rate`` (who lays setbacks to shared conditions comes to support joint action, who lays them to oneself comes
   to oppose it); -> ``campaign_aim`` at ``campaign_rate`` while a campaign runs at the person's employer, if below. Always in [-1, 1].
4. Joining (Granovetter 1978): a person in work joins when support + share of contacts who were members >= threshold,
   where a union is present: the employer recognises one, had members when last counted, or a campaign runs
   (``joins_at: anywhere`` lifts this). A member for whom this does not hold leaves with hazard ``leave_rate``; leaving the post
   ends membership. ``contacts: everyone`` takes the share among all in work in town.
5. Recognition after ``majority_months`` consecutive months with members at least ``majority`` of heads, at employers of at least
   ``legal_heads`` full-scale heads; it lapses after ``lapse_months`` consecutive months below ``lapse_share``. No other draw.

*Heads.* Members are known for residents only, so shares are of resident holders; in-commuters are taken to be like them. The size
rule counts all heads. Without resident holders nothing is counted. Outside posts have no union.

*Burn-in.* No campaigns. At the start, employers recognise a union where that is the custom of their slot: by a fixed order of
luck among the large, up to the sector's covered share (`by_custom`); as many of their staff are members as the place's density
asks for. What keeps it there: recognition ends with the employer (6.2), but the next one in a slot follows the slot's custom;
the join rates are solved; and members stand well above the share of heads at which recognition lapses. Recognition won by a
campaign is not custom: it is lost with the employer.

*Sources*: Granovetter (1978), Threshold models of collective behavior; Kelly (1998), Rethinking industrial relations (grievance laid
to shared causes); Trade Union and Labour Relations (Consolidation) Act 1992, schedule A1.
"""

from __future__ import annotations

import numpy as np

from careersim.chance import LEAVE_UNION, NEW_HIRE_JOINS, uniform
from careersim.kernels import inlined, kernel
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.organising import Organising
from careersim.town.columns import ACTIVE, DISCOURAGED, HERE, RETIRED, WORKING
from careersim.town.sums import FRACTION, fixed
from careersim.town.threads import over_rows, sum_over_rows
from careersim.town.town import JOINED_UNION, PAY_CHANGED, Town
from careersim.town.unions import by_custom, density_by_sector, initial_members, initial_recognition

__all__ = ["density_by_sector", "initial_members", "initial_recognition", "step"]

BY_CONTACTS, AS_NEW_HIRE = 1, 2
"""Causes of the event JOINED_UNION."""
RECOGNISED, LAPSED = 1, 2
"""Causes of the event PAY_CHANGED."""


@kernel
def join_as_new_hires(
    lo, hi, key, month, join_rate, person, residence, post, hired_month, post_employer, post_sector, recognised,
    member,
):  # fmt: skip
    """Let the month's new hires at recognised employers join with their sector's chance (1)."""
    for i in range(lo, hi):
        p = post[i]
        if hired_month[i] != month or p < 0 or residence[i] != HERE or recognised[post_employer[p]] == 0:
            continue
        if uniform(key, NEW_HIRE_JOINS, month, person[i]) < join_rate[post_sector[p]]:
            member[i] = 1


@kernel
def meet_discrimination(
    rows, rejected, app_person, app_post, post_employer, taste_gender, taste_ethnicity, gender, ethnicity, met,
):  # fmt: skip
    """Mark who was refused by an employer with a taste against their gender or ethnicity (part of 2)."""
    for r in range(rows.shape[0]):
        if rejected[r]:
            met[rows[r]] = 1
    for a in range(app_person.shape[0]):
        i, f = app_person[a], post_employer[app_post[a]]
        against = taste_gender[f] > 0.0 if gender[i] == 1 else taste_gender[f] < 0.0
        if met[i] and (against or (ethnicity[i] == 1 and taste_ethnicity[f] > 0.0)):
            met[i] = 2


@kernel
def say(lo, hi, support, member, said):
    """Pack what contacts can see: support in 2^-20, and in the lowest bit membership."""
    for i in range(lo, hi):
        said[i] = (fixed(support[i], FRACTION) << 1) | member[i]


@kernel
def hear(i, contact, said):
    """Return how many contacts a person has, how many are members, and the sum of their support in 2^-20.

    The last entry of ``said`` is nobody's and 0, so that free slots need no branch.
    """
    n = 0
    members = 0
    total = np.int64(0)
    for k in range(contact.shape[1]):
        j = contact[i, k]
        n += j >= 0
        members += said[j] & 1
        total += said[j] >> 1
    return n, members, total


@inlined
def grievance(pay_weight, search_weight, search_months, met_weight, pay, value, months_out, met):
    """Return the grievance G, 0..1, of a person in work (value > 0) or out of it (2)."""
    g = met_weight if met == 2 else 0.0
    if value > 0.0:
        g += pay_weight * max(0.0, 1.0 - pay / value)
    elif months_out > 0.0:
        g += search_weight * min(1.0, months_out / search_months)
    return min(1.0, g)


@inlined
def reaches_threshold(support, share, threshold):
    """Whether support + share reaches the threshold, compared in single precision, in which thresholds are stored (4)."""
    return np.float32(support + share) >= threshold


@kernel
def take_a_stand(
    lo, hi, key, month, every, contact_rate, grievance_rate, neutral, campaign_rate, campaign_aim, grievances, leave_chance,
    everywhere, everyone, share_of_all, person, residence, stage, reason, post, jobless_since, post_pay, v0, rho, met,
    post_employer, campaign_until, present, attribution, contact, said, threshold, support, member,
):  # fmt: skip
    """Move support by contacts, grievance and campaigns (2, 3); then let who is in work join or leave (4)."""
    pay_weight, search_weight, search_months, met_weight = grievances
    span = max(neutral, 1.0 - neutral)
    turn, n_turn = np.empty(hi - lo, np.int32), 0
    for i in range(lo, hi):
        turn[n_turn] = i
        n_turn += (residence[i] == HERE) & (stage[i] != RETIRED) & ((np.int64(person[i]) + month) % every == 0)
    for r in range(n_turn):
        i = turn[r]
        p = post[i]
        paid = post_pay[p] if p >= 0 else 0.0
        value = v0[p] * (1.0 + rho[p]) if p >= 0 else 0.0
        wants = p < 0 and stage[i] == WORKING and (reason[i] == ACTIVE or reason[i] == DISCOURAGED)
        out = float(month - jobless_since[i]) if wants and jobless_since[i] >= 0 else 0.0
        felt = np.float32(grievance(pay_weight, search_weight, search_months, met_weight, paid, value, out, met[i]))
        n, members, total = hear(i, contact, said)
        s = np.float64(support[i])
        if n > 0:
            s += contact_rate * (total / (FRACTION * n) - s)
        s += grievance_rate * ((attribution[i] - neutral) / span * felt - s)
        if p >= 0 and campaign_until[post_employer[p]] > month and s < campaign_aim:
            s += campaign_rate * (campaign_aim - s)
        support[i] = s
        if p >= 0:
            share = share_of_all if everyone else members / max(n, 1)
            willing = reaches_threshold(support[i], share, threshold[i])
            if member[i] == 0:
                member[i] = willing and (everywhere or present[post_employer[p]])
            elif not willing and uniform(key, LEAVE_UNION, month, person[i]) < leave_chance:
                member[i] = 0


@kernel
def members_of_rows(lo, hi, post, post_employer, member, n_employers):
    """Members of every employer among the people of rows lo..hi-1."""
    members = np.zeros(n_employers, np.int64)
    for i in range(lo, hi):
        members[post_employer[max(post[i], 0)]] += (member[i] == 1) & (post[i] >= 0)
    return members


@kernel
def count_heads(post_employer, holders, commuters, alive, heads, residents):
    """Count heads and resident holders of every employer."""
    heads[:] = 0
    residents[:] = 0
    for p in range(post_employer.shape[0]):
        residents[post_employer[p]] += holders[p]
        if alive[post_employer[p]]:
            heads[post_employer[p]] += holders[p] + commuters[p]


@kernel
def recognise_or_lapse(
    majority, majority_months, legal_heads, lapse_share, lapse_months, alive, heads, full_scale, residents, members,
    months_majority, months_below, recognised,
):  # fmt: skip
    """Recognise a union where members have been a majority long enough, end it where they have become few (5)."""
    for f in range(alive.shape[0]):
        if alive[f] == 0 or residents[f] == 0:
            continue
        large = heads[f] * full_scale[f] >= legal_heads
        held = large and members[f] >= majority * residents[f]
        months_majority[f] = months_majority[f] + 1 if held else 0
        months_below[f] = months_below[f] + 1 if members[f] < lapse_share * residents[f] else 0
        if recognised[f] == 0 and months_majority[f] >= majority_months:
            recognised[f] = 1
            months_below[f] = 0
        elif recognised[f] == 1 and months_below[f] >= lapse_months:
            recognised[f] = 0
            months_majority[f] = 0


def _compound(rate: float, months: int) -> float:
    return 1.0 - (1.0 - rate) ** months


def _refused_with_taste(town: Town, n: int) -> np.ndarray:
    """Who was refused this month (1), by an employer with a taste against their gender or ethnicity (2)."""
    w, t, f, met = town.people, town.tallies, town.employers, np.zeros(n, np.int8)
    if "app_person" in t and "rejected" in t:
        meet_discrimination(
            t["seeker_rows"], t["rejected"], t["app_person"], t["app_post"], town.posts.employer, f.taste_gender,
            f.taste_ethnicity, w.gender, w.ethnicity, met,
        )  # fmt: skip
    return met


def _share_of_everyone(town: Town) -> float:
    """Members over people in work in town."""
    w = town.people
    at_work = (w.residence == HERE) & (w.post >= 0)
    return int(np.count_nonzero(at_work & (w.member == 1))) / max(1, int(np.count_nonzero(at_work)))


def _take_a_stand(town: Town, p: Organising, month: int, said: np.ndarray) -> None:
    """Move support, then let those join or leave whose turn it is (2-4)."""
    w, f, posts, n, every = town.people, town.employers, town.posts, len(said) - 1, p.reflect_every
    everyone = p.contacts == "everyone"
    over_rows(
        take_a_stand, n, town.key, month, every, _compound(p.contact_rate, every), _compound(p.grievance_rate, every),
        p.neutral_attribution, _compound(p.campaign_rate, every), p.campaign_aim,
        (p.pay_grievance, p.search_grievance, float(p.search_months), p.discrimination_grievance),
        _compound(p.leave_rate, every), p.joins_at == "anywhere", everyone, _share_of_everyone(town) if everyone else 0.0,
        w.id, w.residence, w.stage, w.reason, w.post, w.jobless_since, posts.pay, posts.v0, posts.rho,
        _refused_with_taste(town, n), posts.employer, f.campaign_until,
        (f.recognised == 1) | (f.campaign_until > month) | (f.members > 0), w.attribution, town.ties.contact, said,
        w.threshold, w.support, w.member,
    )  # fmt: skip


def _follow_custom(town: Town, p: Organising) -> None:
    """Let new large employers, not yet counted with any heads, recognise a union where that is the custom."""
    f = town.employers
    new = (f.alive == 1) & (f.generation > 0) & (f.heads == 0) & (f.l0 * f.full_scale >= p.legal_heads)
    if new.any():
        f.recognised[new] = by_custom(town, p)[new]


def _count(town: Town, p: Organising, month: int) -> None:
    """Count employers' heads and members; recognise and lapse (5)."""
    w, f, posts, residents = town.people, town.employers, town.posts, np.empty(len(town.employers), np.int32)
    count_heads(posts.employer, posts.holders, posts.commuters, f.alive, f.heads, residents)
    f.members[:] = sum_over_rows(members_of_rows, town.rows_in_use(month), w.post, posts.employer, w.member, len(f))
    recognise_or_lapse(
        p.majority, p.majority_months, p.legal_heads, p.lapse_share, p.lapse_months, f.alive, f.heads, f.full_scale,
        residents, f.members, f.months_majority, f.months_below, f.recognised,
    )  # fmt: skip


def _log(town: Town, was_member: np.ndarray, was_recognised: np.ndarray, month: int) -> None:
    """Log who joined, and whose pay is set anew by recognition or lapse."""
    w = town.people
    joined = np.flatnonzero((w.member == 1) & (was_member == 0)).astype(np.int32)
    cause = np.where(w.hired_month[joined] == month, AS_NEW_HIRE, BY_CONTACTS)
    town.events.add(month, joined, JOINED_UNION, cause, other=w.post[joined])
    change = town.employers.recognised.astype(np.int64) - was_recognised
    if change.any():
        at_work = np.flatnonzero((w.residence == HERE) & (w.post >= 0)).astype(np.int32)
        changed = change[town.posts.employer[w.post[at_work]]]
        rows = at_work[changed != 0]
        cause = np.where(changed[changed != 0] > 0, RECOGNISED, LAPSED)
        town.events.add(month, rows, PAY_CHANGED, cause, other=w.post[rows], value=w.pay[rows])


def step(town: Town, params: Parameters, month: int) -> None:
    """One month of organising for everybody in town."""
    p, w, posts, f = params.organising, town.people, town.posts, town.employers
    if not p.on:
        return
    before = (w.member.copy(), f.recognised.copy()) if town.log_events else None
    _follow_custom(town, p)
    n = town.rows_in_use(month)
    said = np.zeros(n + 1, np.int32)
    over_rows(say, n, w.support, w.member, said)
    over_rows(
        join_as_new_hires, n, town.key, month, town.solved.join_rate, w.id, w.residence, w.post, w.hired_month,
        posts.employer, posts.sector, f.recognised, w.member,
    )  # fmt: skip
    _take_a_stand(town, p, month, said)
    _count(town, p, month)
    if before is not None:
        _log(town, *before, month)
