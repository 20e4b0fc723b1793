"""Pay: posts, people, employers' accounts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from careersim.month import pay
from careersim.town import wage_setting as wages
from careersim.town.columns import LOCAL, OUTSIDE
from careersim.town.efficiency import MEAN_LIKENESS
from careersim.town.state import digest, fork
from towns import bare_town, parameters, put_in_work


def staffed(n: int = 400, n_posts: int = 40, sector: int = LOCAL):
    """A town in which ``n`` mixed people all hold posts, ten a post."""
    town = bare_town([[k % 11] for k in range(n_posts)], heads=n / n_posts, n_people=n, sector=sector)
    put_in_work(town, np.arange(n), np.arange(n) % n_posts)
    return town


def efficiency(town, setting) -> np.ndarray:
    """Efficiency of each holder, by the formula."""
    w, o, y = town.people, town.occupations, setting.pay
    occupation = town.posts.occupation[w.post]
    likeness = (w.interests * o.riasec[occupation]).sum(axis=1)
    gap = np.maximum(o.qualification[occupation] - w.qualification, 0)
    lacking = (o.stem[occupation] == 1) & (w.subject == 0)
    fit = y.fit_weight * (likeness - MEAN_LIKENESS) - y.gap_penalty * gap - y.subject_penalty * lacking
    return w.skill**y.skill_exponent * np.exp(fit + w.e0)


def money(town) -> dict[str, int]:
    """The month's flows in pence."""
    return {name: round(100 * town.ledger_flows[name]) for name in pay.FLOWS}


def balances(town) -> bool:
    f = money(town)
    return f["pay_residents"] + f["pay_commuters"] + f["profit"] + f["fixed_cost"] == f["output"] + f["subsidies"]


def test_people_are_paid_by_their_efficiency() -> None:
    town, setting = staffed(), parameters()
    pay.step(town, setting, 1)
    assert town.people.pay == pytest.approx(town.posts.pay[town.people.post] * efficiency(town, setting), abs=0.01)


def test_a_union_narrows_differentials_and_leaves_the_pay_bill() -> None:
    town, setting = staffed(), parameters(pay={"compress": 0.6})
    town.employers.recognised[:20] = 1
    pay.step(town, setting, 1)
    q = efficiency(town, setting)
    bills = np.bincount(town.people.post, town.people.pay)
    assert bills == pytest.approx(town.posts.pay * np.bincount(town.people.post, q), rel=1e-4)
    first = town.people.post == 3
    assert np.polyfit(np.log(q[first]), np.log(town.people.pay[first]), 1)[0] == pytest.approx(0.4, abs=1e-3)
    other = town.people.post == 33
    assert np.polyfit(np.log(q[other]), np.log(town.people.pay[other]), 1)[0] == pytest.approx(1.0, abs=1e-3)


def test_nobody_is_paid_below_the_minimum_wage() -> None:
    town = staffed()
    town.minimum_wage = 2000.0
    pay.step(town, parameters(), 1)
    assert town.people.pay.min() == 2000.0
    assert np.all(town.posts.pay >= 2000.0)
    assert balances(town)


def test_output_is_efficiency_times_value_product() -> None:
    town, setting = staffed(), parameters()
    town.posts.rho[:], town.posts.commuters[:] = 0.1, 2
    pay.step(town, setting, 1)
    produced = np.bincount(town.people.post, efficiency(town, setting)) + 2
    assert town.employers.output == pytest.approx(town.posts.v0 * 1.1 * produced, rel=1e-4)
    assert town.employers.pay_bill == pytest.approx(
        np.bincount(town.people.post, town.people.pay) + 2 * town.posts.pay, abs=0.05
    )


def test_baseline_profit_is_normal_profit_plus_the_product_rent() -> None:
    town, setting = (
        staffed(),
        parameters(pay={"skill_exponent": 0.0, "fit_weight": 0.0, "gap_penalty": 0.0, "subject_penalty": 0.0}),
    )
    town.people.e0[:], town.posts.rho[:] = 0.0, 0.08
    pay.step(town, setting, 1)
    expected = (setting.demand.normal_profit + 0.08) * town.posts.v0 * town.posts.l0
    assert town.employers.profit == pytest.approx(expected, abs=0.2)


def test_vacant_posts_cost_output_while_the_fixed_cost_stays() -> None:
    town = staffed()
    town.people.post[town.people.post == 0] = -1
    pay.step(town, parameters(), 1)
    assert town.employers.output[0] == 0.0
    assert town.employers.profit[0] == pytest.approx(-town.employers.fixed_cost[0], abs=0.01)


def test_an_empty_slot_and_outside_employers_have_no_accounts() -> None:
    town = staffed()
    town.employers.alive[0] = 0
    town.people.post[town.people.post == 0] = -1
    town.employers.sector[1] = town.posts.sector[1] = OUTSIDE
    pay.step(town, parameters(), 1)
    assert np.all(town.employers.profit[:2] == 0)
    outside = town.people.pay[town.people.post == 1].sum()
    assert town.ledger_flows["pay_outside"] == pytest.approx(outside)
    assert balances(town)


@settings(max_examples=40, deadline=None)
@given(
    seed=some.integers(0, 10_000),
    minimum=some.floats(0, 5000),
    compress=some.floats(0, 1),
    beta=some.floats(0, 1),
    regime=some.sampled_from(sorted(wages.REGIMES)),
    subsidy=some.floats(0, 1e5),
)
def test_money_balances_to_the_penny(seed, minimum, compress, beta, regime, subsidy) -> None:
    rng = np.random.default_rng(seed)
    town = staffed(60, 12)
    town.minimum_wage = minimum
    town.people.skill[:] = np.exp(rng.normal(0, 1, 60))
    town.people.post[rng.random(60) < 0.3] = -1
    town.employers.recognised[:] = rng.random(12) < 0.5
    town.employers.alive[:] = (rng.random(12) < 0.9) | (np.bincount(np.maximum(town.people.post, 0), minlength=12) > 0)
    town.posts.rho[:] = rng.random(12) * 0.4
    town.posts.commuters[:] = rng.integers(0, 4, 12)
    town.tallies["subsidies"] = subsidy * rng.random(12)
    pay.step(town, parameters(pay={"compress": compress, "bargaining_power": beta, "regime": regime}), 1)
    assert balances(town)
    held = town.people.post >= 0
    assert np.all(town.people.pay[held] >= np.floor(100 * minimum) / 100)
    assert np.all(np.isfinite(town.people.pay))


def test_pay_follows_local_unemployment() -> None:
    town = staffed()
    town.solved.unemployment_ref = 0.05
    town.aggregates.unemployment = 0.10
    pay.step(town, parameters(), 1)
    assert town.posts.wm == pytest.approx(town.occupations.typical_pay[town.posts.occupation] * 2**-0.1)


def test_concentration_lowers_elasticity_and_pay() -> None:
    town, setting = staffed(), parameters()
    town.solved.concentration_ref[:] = 0.1
    town.aggregates.concentration[:] = 0.4
    pay.step(town, setting, 1)
    eps = setting.pay.eps_ref * 4**-setting.pay.concentration_exponent
    assert town.posts.eps == pytest.approx(eps)
    markdown = (1 + 1 / setting.pay.eps_ref) / (1 + 1 / eps)
    assert town.posts.wm == pytest.approx(town.occupations.typical_pay[town.posts.occupation] * markdown)


def test_pay_rises_at_the_yearly_review_and_falls_slowly() -> None:
    town, setting = staffed(), parameters()
    town.solved.unemployment_ref, town.aggregates.unemployment = 0.05, 0.03
    start = town.posts.pay.copy()
    raised = np.zeros(len(town.posts), bool)
    for month in range(1, 13):
        pay.step(town, setting, month)
        raised |= town.posts.pay > start
        assert month > 8 or not raised.all()
    assert raised.all()
    town.aggregates.unemployment = 0.10
    before = town.posts.pay.copy()
    pay.step(town, setting, 13)
    assert town.posts.pay == pytest.approx(before * (1 - 0.02 / 12))


def test_recognition_raises_pay_at_once_and_lapse_lets_it_fall() -> None:
    town, setting = staffed(), parameters()
    town.posts.rho[:] = 0.08
    town.log_events = True
    town.employers.recognised[0] = 1
    pay.step(town, setting, 1)
    y = town.posts.v0[0] * 1.08
    agreed = town.posts.wm[0] + setting.pay.bargaining_power * (y - town.posts.wm[0])
    assert town.posts.pay[0] == pytest.approx(agreed)
    assert town.posts.pay[1] == pytest.approx(town.posts.wm[1])
    assert set(town.events.columns()["person"]) == set(np.flatnonzero(town.people.post == 0))
    town.employers.recognised[0] = 0
    pay.step(town, setting, 2)
    assert town.posts.bargained[0] == 0.0
    assert town.posts.pay[0] == pytest.approx(agreed * (1 - 0.02 / 12))


def test_default_union_premium_is_near_the_evidence() -> None:
    setting = parameters()
    markup = 1 + 1 / setting.pay.eps_ref
    rises = [
        np.log(wages.bargained_pay(0, 1.0, markup, rho, setting.pay.bargaining_power, 3.0))
        for rho in setting.pay.rents()[:2]
    ]
    assert 0.05 <= np.mean(rises) <= 0.10


def test_row_order_does_not_matter() -> None:
    town, setting = staffed(), parameters()
    town.employers.recognised[:20] = 1
    other = fork(town)
    order = np.random.default_rng(3).permutation(len(town.people))
    other.people = town.people.take(order)
    pay.step(town, setting, 1)
    pay.step(other, setting, 1)
    assert np.array_equal(town.people.pay[order], other.people.pay)
    other.people = town.people
    assert digest(town) == digest(other)
    assert town.ledger_flows == other.ledger_flows


def test_concentration_and_mean_pay_by_occupation() -> None:
    town = bare_town([[0], [0, 1], [1], [2]], heads=10)
    town.posts.holders[:] = [3, 1, 2, 0, 0]
    town.posts.commuters[:] = [0, 0, 0, 2, 0]
    town.posts.pay[:] = [100, 200, 300, 400, 500]
    shares = wages.concentration_by_occupation(town.posts, town.employers)
    assert shares[:3] == pytest.approx([(9 + 1) / 16, 0.5, 0.0])
    mean = wages.mean_pay_by_occupation(town.posts, np.full(11, 7.0))
    assert mean[:3] == pytest.approx([125.0, 300.0, 7.0])
