"""Migration (ODD 6.11): who leaves, who comes back, and how those who live elsewhere fare.

Who: residents of working stage from 18 who are active or discouraged; people elsewhere within the return window; everybody elsewhere for
(5). In order:

1. *Whether* a person weighs elsewhere this month is keyed luck below ``rate knows_elsewhere youth(age)`` (1), with youth 1 up to the peak
   age and falling to ``weigh_old`` (Rogers and Castro 1981).
2. *What* is compared: move if ``log Y1 - C > log(Y0 + A)`` (2). Y is expected income over H months as a discounted annuity (GBP per month)
   of a two-state chain of work and benefit (`expected_income`). Y0 starts from the present: pay less travel and the town's separation
   rate if in work, else benefit; finding is believed odds times applications, at current mean pay of considered occupations times own
   efficiency q. Y1: pay ``exp(mu1 + b1 log skill + e1)`` (3), finding and loss elsewhere, the same benefit, less the housing difference once. A is
   the summed strength of ties to residents here times community_weight; C is the moving cost in log points.
3. Movers leave their post and live elsewhere; the cost ``(1 - e^-C) Y1`` (4) falls due each month for H months. Pupils go with the parent.
4. Return: weighed with keyed luck within the window, ``log(Y0 + A) - C > log Y1`` with Y1 from the present there and Y0 from search here.
5. The elsewhere process, with luck keyed by person and month, equal in every world: in work next month if luck is below ``1 - loss`` (in
   work) or ``finding`` (not). One luck for both, so worlds that differ come together again. Elsewhere has room for all.

Everything is decided from the state before anybody moves. Sources: Roy 1951; Borjas 1987 (self-selection); Sjaastad 1962 (migration as
investment).
"""

from __future__ import annotations

import math

import numpy as np

from careersim import chance
from careersim.kernels import kernel
from careersim.scenario.parameters import Parameters
from careersim.town.columns import ACTIVE, DISCOURAGED, ELSEWHERE, HERE, N_OCCUPATIONS, PUPIL, WORKING
from careersim.town.efficiency import log_efficiency, log_fit
from careersim.town.placing import leave_posts
from careersim.town.threads import over_rows
from careersim.town.town import CAME, LEFT_TOWN, LEFT_WITH_MOVE, Town

YOUNGEST = 18 * 12
MOVED_FOR_WORK, WENT_WITH_PARENT = 1, 2
CAME_BACK = 2


@kernel
def expected_income(pay, benefit, find, loss, start_employed, months, discount):
    """Expected discounted income over ``months`` as an annuity, GBP per month, in closed form.

    A person is in work (``pay``) or not (``benefit``); each month work is lost with chance ``loss`` and found with ``find``.
    With ``p_t = pi + (p_0 - pi) lambda^t``, ``lambda = 1 - find - loss`` and ``pi = find / (find + loss)``, the annuity is
    ``benefit + (pay - benefit) [pi + (p_0 - pi) S(lambda d) / S(d)]``, ``S(x) = 1 + x + ... + x^(months - 1)``.

    Parameters
    ----------
    start_employed : float
        Chance of being in work in the first month, p_0.
    months : int
        Horizon H, at least 1.
    discount : float
        Worth of a pound one month later, d in (0, 1].
    """
    moves = find + loss
    settled = find / moves if moves > 0.0 else start_employed
    weight = _geometric((1.0 - moves) * discount, months) / _geometric(discount, months)
    return benefit + (pay - benefit) * (settled + (start_employed - settled) * weight)


@kernel
def _geometric(x, n):
    """1 + x + ... + x^(n-1)."""
    return float(n) if abs(1.0 - x) < 1e-12 else (1.0 - x**n) / (1.0 - x)


@kernel
def youth_factor(months_old, peak, old, decay):
    """How often people of that age weigh elsewhere, over the age of most moves; ``peak`` and ``decay`` in months."""
    return 1.0 if months_old <= peak else old + (1.0 - old) * math.exp(-(months_old - peak) / decay)


@kernel
def prospects(rows, w, occupations, odds_belief, mean_pay, pay_parameters, applications):
    """Chance a month of finding work here, and pay when found, as each of ``rows`` believes.

    Believed odds of considered occupations (their mean) times applications; pay is the mean pay of those occupations weighted by odds,
    times efficiency there.
    """
    considered, interests, qualification, subject, skill, e0 = w
    riasec, required, stem = occupations
    b0, fit_weight, gap_penalty, subject_penalty = pay_parameters
    finding, pay_found = np.zeros(rows.shape[0]), np.zeros(rows.shape[0])
    for r in range(rows.shape[0]):
        i, n, odds, worth = rows[r], 0, 0.0, 0.0
        for o in range(N_OCCUPATIONS):
            if (considered[i] >> np.uint32(o)) & np.uint32(1):
                fit = log_fit(interests, i, riasec, o, qualification[i], required[o], subject[i], stem[o], fit_weight,
                              gap_penalty, subject_penalty)  # fmt: skip
                n += 1
                odds += odds_belief[i, o]
                worth += odds_belief[i, o] * mean_pay[o] * math.exp(log_efficiency(skill[i], fit, e0[i], b0))
        if odds > 0.0:
            finding[r], pay_found[r] = min(applications * odds / n, 0.95), worth / odds
    return finding, pay_found


@kernel
def ties_here(rows, contact, strength, residence):
    """Summed strength of the ties of each of ``rows`` to residents."""
    total = np.zeros(rows.shape[0])
    for r in range(rows.shape[0]):
        for k in range(contact.shape[1]):
            j = contact[rows[r], k]
            total[r] += strength[rows[r], k] if (j >= 0) & (residence[max(j, 0)] == HERE) else 0.0
    return total


@kernel
def wishes_to_weigh(lo, hi, key, month, once, rate, return_rate, window, peak, old, decay, who, birth_month, residence,
                    stage, reason, moved_month, knows_elsewhere, weighs):  # fmt: skip
    """Flag who weighs this month: 1 elsewhere (1), 2 to return. ``once``: every eligible resident does."""
    luck = chance.uniforms(key, chance.WEIGH, month, who[lo:hi])
    here, n_here = np.empty(hi - lo, np.int32), 0
    away, n_away = np.empty(hi - lo, np.int32), 0
    for i in range(lo, hi):
        weighs[i] = 0
        may = (stage[i] == WORKING) & (month - birth_month[i] >= YOUNGEST)
        here[n_here], away[n_away] = i, i
        n_here += (may & (residence[i] == HERE) & ((reason[i] == ACTIVE) | (reason[i] == DISCOURAGED))
                   & (once | (luck[i - lo] < rate * knows_elsewhere[i])))  # fmt: skip
        n_away += (may & (residence[i] == ELSEWHERE) & (not once)
                   & (moved_month[i] >= 0) & (month - moved_month[i] <= window))  # fmt: skip
    for r in range(n_here):
        i = here[r]
        chance_of = rate * knows_elsewhere[i] * youth_factor(month - birth_month[i], peak, old, decay)
        weighs[i] = once or luck[i - lo] < chance_of
    luck = chance.uniforms(key, chance.RETURN, month, who[away[:n_away]])
    for r in range(n_away):
        weighs[away[r]] = 2 if luck[r] < return_rate else 0


@kernel
def compare(lo, hi, rows, weighs, w, occupations, odds_belief, mean_pay, pay_parameters, applications, post, pay, travel,
            separation_rate, benefit, qualification, skill, e1, mu1, b1, find1, loss1, arrive_in_work, housing,
            elsewhere_employed, elsewhere_pay, contact, strength, residence, community_weight, cost, months, discount,
            moves, income_there):  # fmt: skip
    """Compare here and elsewhere (2); write whether each of ``rows`` among lo..hi-1 moves and what the cost is a share of (4)."""
    first, end = np.searchsorted(rows, lo), np.searchsorted(rows, hi)
    finding, pay_found = prospects(rows[first:end], w, occupations, odds_belief, mean_pay, pay_parameters, applications)
    ties = ties_here(rows[first:end], contact, strength, residence)
    for r in range(first, end):
        i = rows[r]
        here_now = post[i] >= 0
        net = pay[i] - travel[post[i]] if here_now else pay_found[r - first]
        y0 = expected_income(
            net, benefit, finding[r - first], separation_rate, 1.0 if here_now else 0.0, months, discount
        )
        away = (
            elsewhere_pay[i]
            if elsewhere_employed[i]
            else math.exp(mu1[qualification[i]] + b1 * math.log(skill[i]) + e1[i])
        )
        start = arrive_in_work if weighs[i] == 1 else float(elsewhere_employed[i])
        y1 = max(expected_income(away, benefit, find1, loss1, start, months, discount) - housing, 1.0)
        worth = max(y0 + community_weight[i] * ties[r - first], 1.0)
        gain = math.log(y1) - math.log(worth)
        moves[r] = gain > cost if weighs[i] == 1 else -gain > cost
        income_there[r] = y1 if weighs[i] == 1 else max(y0, 1.0)


@kernel
def work_elsewhere(lo, hi, key, month, find, loss, mu1, b1, who, residence, stage, qualification, skill, e1,
                   elsewhere_employed, elsewhere_pay):  # fmt: skip
    """Find and lose work elsewhere (5); pay is set when work starts (3)."""
    rows, n = np.empty(hi - lo, np.int32), 0
    for i in range(lo, hi):
        rows[n] = i
        n += (residence[i] == ELSEWHERE) & (stage[i] == WORKING)
    luck = chance.uniforms(key, chance.ELSEWHERE_WORK, month, who[rows[:n]])
    for r in range(n):
        i = rows[r]
        stays = 1.0 - loss if elsewhere_employed[i] else find
        if luck[r] < stays:
            elsewhere_employed[i] = 1
            if elsewhere_pay[i] == 0.0:
                elsewhere_pay[i] = math.exp(mu1[qualification[i]] + b1 * math.log(skill[i]) + e1[i])
        else:
            elsewhere_employed[i] = 0
            elsewhere_pay[i] = 0.0


@kernel
def pupils_of(parents, home, parent, stage, residence):
    """Rows of the pupils of ``parents`` who live at ``home``."""
    moved = np.zeros(residence.shape[0], np.bool_)
    moved[parents] = True
    pupils, n = np.empty(stage.shape[0], np.int32), 0
    for i in range(stage.shape[0]):
        pupils[n] = i
        n += (stage[i] == PUPIL) & (residence[i] == home)
    out, n_out = np.empty(n, np.int32), 0
    for i in pupils[:n]:
        out[n_out] = i
        n_out += (parent[i] >= 0) & moved[max(parent[i], 0)]
    return out[:n_out].copy()


@kernel
def spread_cost(rows, month, share, income_there, horizon, moving_cost, moving_cost_until):
    """Spread the cost (4) over H months; what is still owed for an earlier move is spread with it."""
    for r in range(rows.shape[0]):
        i = rows[r]
        owed = moving_cost[i] * max(moving_cost_until[i] - month, 0)
        moving_cost[i] = share * income_there[r] + owed / horizon
        moving_cost_until[i] = month + horizon


def step(town: Town, params: Parameters, month: int) -> None:
    """Let people weigh elsewhere and home, move, and work elsewhere."""
    w, s, g, n = town.people, town.solved, params.migration, town.rows_in_use(month)
    if g.weigh == "keyed" or (g.weigh == "everyone_once" and month == town.policy_start):
        weighs = np.empty(n, np.int8)
        over_rows(wishes_to_weigh, n, town.key, month, g.weigh == "everyone_once", g.weigh_rate, g.return_rate,
                  g.return_window, g.weigh_peak_age * 12.0, g.weigh_old, g.weigh_decay * 12.0, w.id, w.birth_month,
                  w.residence, w.stage, w.reason, w.moved_month, w.knows_elsewhere, weighs)  # fmt: skip
        rows = np.flatnonzero(weighs != 0)
        moves, income_there = decide(town, params, rows, weighs)
        goes, returns = moves & (weighs[rows] == 1), moves & (weighs[rows] == 2)
        leave(town, params, rows[goes], income_there[goes], month)
        come_back(town, params, rows[returns], income_there[returns], month)
    over_rows(work_elsewhere, n, town.key, month, s.finding_elsewhere, s.loss_elsewhere, s.log_pay_elsewhere,
              g.skill_return, w.id, w.residence, w.stage, w.qualification, w.skill, w.e1, w.elsewhere_employed,
              w.elsewhere_pay)  # fmt: skip


def decide(town: Town, params: Parameters, rows: np.ndarray, weighs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each of ``rows`` whether they move, and the income the moving cost is a share of."""
    w, o, s, g, p = town.people, town.occupations, town.solved, params.migration, params.pay
    moves, income_there = np.zeros(len(rows), np.bool_), np.zeros(len(rows))
    if len(rows) == 0 or not s.log_pay_elsewhere.any():
        return moves, income_there
    traits = (w.considered, w.interests, w.qualification, w.subject, w.skill, w.e0)
    pay_parameters = (p.skill_exponent, p.fit_weight, p.gap_penalty, p.subject_penalty)
    over_rows(compare, len(weighs), rows, weighs, traits, (o.riasec, o.qualification, o.stem), w.odds_belief, town.aggregates.mean_pay,
            pay_parameters, g.applications, w.post, w.pay, town.posts.travel, town.aggregates.separation_rate,
            town.benefit, w.qualification, w.skill, w.e1, s.log_pay_elsewhere, g.skill_return, s.finding_elsewhere,
            s.loss_elsewhere, g.arrive_in_work, town.housing_difference, w.elsewhere_employed, w.elsewhere_pay,
            town.ties.contact, town.ties.strength, w.residence, w.community_weight, g.cost, g.horizon,
            params.time.discount(1), moves, income_there)  # fmt: skip
    return moves, income_there


def leave(town: Town, params: Parameters, rows: np.ndarray, income_there: np.ndarray, month: int) -> None:
    """Move ``rows`` and their pupils elsewhere: out of the post, cost in instalments, a job there for some at once."""
    w, g = town.people, params.migration
    leave_posts(town, rows[w.post[rows] >= 0], LEFT_WITH_MOVE, month)
    _charge_move(town, params, rows, income_there, month)
    # the luck of arrival is the person's for good, not the month's: whoever moves in both worlds arrives alike
    works = chance.uniforms(town.key, chance.ELSEWHERE_WORK, 0, w.id[rows], 2) < g.arrive_in_work
    w.elsewhere_employed[rows] = works
    mu1 = town.solved.log_pay_elsewhere[w.qualification[rows]]
    pay = np.exp(mu1 + g.skill_return * np.log(w.skill[rows].astype(float)) + w.e1[rows])
    w.elsewhere_pay[rows] = np.where(works, pay, 0.0)
    pupils = _pupils_of(town, rows, HERE)
    everybody = np.concatenate([rows, pupils])
    w.residence[everybody], w.moved_month[everybody] = ELSEWHERE, month
    w.jobless_since[everybody], w.seeking[everybody], w.ties_here[everybody] = -1, 0, 0.0
    w.reason[rows] = ACTIVE
    if town.log_events:
        town.events.add(month, rows, LEFT_TOWN, MOVED_FOR_WORK, value=income_there)
        town.events.add(month, pupils, LEFT_TOWN, WENT_WITH_PARENT)
    town.tallies["out_moves"], town.tallies["left_rows"] = float(len(everybody)), everybody


def come_back(town: Town, params: Parameters, rows: np.ndarray, income_here: np.ndarray, month: int) -> None:
    """Move ``rows`` and their pupils back to town, where they look for work."""
    w = town.people
    _charge_move(town, params, rows, income_here, month)
    pupils = _pupils_of(town, rows, ELSEWHERE)
    everybody = np.concatenate([rows, pupils])
    w.residence[everybody], w.moved_month[everybody] = HERE, month
    w.elsewhere_employed[everybody], w.elsewhere_pay[everybody] = 0, 0.0
    w.jobless_since[rows], w.reason[rows] = month, ACTIVE
    if town.log_events:
        town.events.add(month, everybody, CAME, CAME_BACK)
    town.tallies["returns"], town.tallies["returned_rows"] = float(len(everybody)), everybody
    town.tallies["in_moves"] = town.tallies.get("in_moves", 0.0) + float(len(everybody))


def _charge_move(town: Town, params: Parameters, rows: np.ndarray, income_there: np.ndarray, month: int) -> None:
    """Charge the cost of a move (4)."""
    w, g = town.people, params.migration
    spread_cost(rows, month, 1.0 - math.exp(-g.cost), income_there, g.horizon, w.moving_cost, w.moving_cost_until)


def _pupils_of(town: Town, rows: np.ndarray, residence: int) -> np.ndarray:
    """Pupils of the people in ``rows`` who live in ``residence``."""
    w = town.people
    return pupils_of(rows, residence, w.parent, w.stage, w.residence) if len(rows) else np.empty(0, np.int32)
