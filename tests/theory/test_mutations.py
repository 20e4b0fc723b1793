"""Each check is seen to fail when its kernel is broken on purpose: a check that cannot fail shows nothing.

Each mutation replaces a step or kernel of the town by a wrong one, runs the quick check, and expects a line that fails.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from careersim.checks import invariants, theory_markets, theory_networks, worlds
from careersim.checks.lines import Effort, Line
from careersim.month import demand, hiring, migration, organising, pay, search, separations
from careersim.month import ties as ties_submodel
from careersim.services import delivery
from careersim.town import state, threads
from careersim.town import wage_setting as wages

ROWS_BEFORE_ANY_TEST = threads.MIN_ROWS_PER_THREAD

QUICK = Effort(quick=True)
Patch = pytest.MonkeyPatch


def failing(run: Callable[[Effort], list[Line]], effort: Effort = QUICK) -> list[str]:
    """What failed, of the lines of a (quick) check."""
    return [line.what for line in run(effort) if line.verdict == "fail"]


def after(patch: Patch, module: object, name: str, change: Callable) -> None:
    """Let ``change(result, *args)`` act on what ``module.name(*args)`` returns."""
    right = getattr(module, name)
    patch.setattr(module, name, lambda *args: change(right(*args), *args))


# -- A1: the job-information network ----------------------------------------------------------------------------------
def spare_new_hires(patch: Patch) -> None:
    """Exempt last month's hires from break-up."""

    def change(cause, town, parameters, month):
        cause[town.people.hired_month == month - 1] = 0
        return cause

    after(patch, separations, "break_up", change)


def tell_the_employed_too(patch: Patch) -> None:
    """Pass news to any contact, also to those in work, for whom it is lost."""
    right = search.pass_on_own_news

    def wrong(lo, hi, key, month, rate, kappa, ids, post, seeking, *more):
        right(lo, hi, key, month, rate, kappa, ids, post, np.full_like(seeking, search.LOOKING_OUT_OF_WORK), *more)

    patch.setattr(search, "pass_on_own_news", wrong)


def keep_news_to_oneself(patch: Patch) -> None:
    """Tell nobody: everybody is alone."""

    def change(told, *_):
        told[0][told[0] != np.arange(len(told[0]))] = -1
        return told

    after(patch, search, "spread_own_news", change)


def rival_news(patch: Patch) -> None:
    """Let one in ten posts heard of be gone."""
    after(
        patch,
        hiring,
        "choose_hires",
        lambda hires, town, *_: hires[town.people.id[town.tallies["app_person"][hires]] % 10 != 0],
    )


def record_after_hiring(patch: Patch) -> None:
    """Look at the state after search instead of after separations."""
    separate, look, hire = separations.step, search.step, hiring.step

    def search_first(town, parameters, month):
        look(town, parameters, month)
        hire(town, parameters, month)

    patch.setattr(separations, "step", search_first)
    patch.setattr(search, "step", lambda *_: None)
    patch.setattr(hiring, "step", separate)


@pytest.mark.parametrize(
    "mutate", [spare_new_hires, tell_the_employed_too, keep_news_to_oneself, rival_news, record_after_hiring]
)
def test_a1_fails(mutate: Callable, monkeypatch: Patch) -> None:
    mutate(monkeypatch)
    assert failing(theory_networks.star)


# -- A2, A3: urn-ball hiring and displacement --------------------------------------------------------------------------
def hire_everybody(patch: Patch) -> None:
    """Posts are not rival: every applicant is hired."""
    patch.setattr(hiring, "clear", lambda key, month, ids, posts, *_: np.ones(len(ids), bool))


def read_the_first_adverts(patch: Patch) -> None:
    """Half the posts are never advertised."""

    def change(is_open, *_):
        is_open[len(is_open) // 2 :] = 0
        return is_open

    after(patch, search, "open_seats", change)


@pytest.mark.parametrize("mutate", [hire_everybody, read_the_first_adverts])
def test_a2_fails(mutate: Callable, monkeypatch: Patch) -> None:
    mutate(monkeypatch)
    assert failing(theory_markets.urn_ball)


def refuse_newcomers(patch: Patch) -> None:
    """Posts prefer whoever has the smallest identity: those who always look lose nothing."""

    def change(score, town, *_):
        return 100.0 - town.people.id[town.tallies["app_person"]].astype(float)

    after(patch, hiring, "score_applications", change)


@pytest.mark.parametrize("mutate", [hire_everybody, read_the_first_adverts, refuse_newcomers])
def test_a3_fails(mutate: Callable, monkeypatch: Patch) -> None:
    mutate(monkeypatch)
    assert failing(theory_markets.displacement_by_share)


# -- A4: stocks and flows ----------------------------------------------------------------------------------------------
def vacancies_that_never_fill(patch: Patch) -> None:
    """Advertise every seat every month, taken or not."""
    right = separations.open_vacancies

    def wrong(month, employer, alive, target, holders, *more):
        right(month, employer, alive, target, np.zeros_like(holders), *more)

    patch.setattr(separations, "open_vacancies", wrong)


def test_a4_lake_fails_if_new_hires_are_spared(monkeypatch: Patch) -> None:
    spare_new_hires(monkeypatch)
    assert failing(theory_networks.lakes)


def test_a4_beveridge_fails(monkeypatch: Patch) -> None:
    vacancies_that_never_fill(monkeypatch)
    assert failing(theory_networks.beveridge)


# -- A5, A6: pay and heads ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "wrong",
    [
        lambda floor, wm, s0, s1, v0, v1: (v0 - s0) / (2 * s1 + v1),
        lambda floor, wm, s0, s1, v0, v1: (v0 - max(floor, wm)) / v1,
        lambda floor, wm, s0, s1, v0, v1: (max(floor, wm) - s0) / s1,
    ],
    ids=["the floor does not bind", "demand only", "supply only"],
)
def test_a5_linear_form_fails(wrong: Callable, monkeypatch: Patch) -> None:
    monkeypatch.setattr(demand, "plan_heads", demand.plan_heads.py_func)
    monkeypatch.setattr(wages, "linear_heads", wrong)
    assert "employment at a wage floor" in failing(theory_markets.floor)


def test_a5_default_form_fails_without_the_supply_side(monkeypatch: Patch) -> None:
    def demand_only(floor, wm, eps, at_v0, v0, eta):
        alone = wages.heads_without_floor(wm, eps, at_v0, v0, eta)
        return alone if floor <= wm else wages.wanted_heads(floor, at_v0, v0, eta)

    monkeypatch.setattr(demand, "plan_heads", demand.plan_heads.py_func)
    monkeypatch.setattr(demand, "post_heads", demand.post_heads.py_func)
    monkeypatch.setattr(wages, "heads_with_floor", demand_only)
    assert "employment over that without floor" in failing(theory_markets.floor)


def test_a6_fails_if_pay_is_half_the_rent(monkeypatch: Patch) -> None:
    monkeypatch.setattr(pay, "review_pay", pay.review_pay.py_func)
    monkeypatch.setattr(wages, "bargained_pay", lambda regime, wm, v0, rho, beta, eta: wm * (1 + beta / (eta - 1) / 2))
    assert "bargained pay" in failing(theory_markets.right_to_manage)


def test_a6_fails_if_heads_do_not_answer_to_pay(monkeypatch: Patch) -> None:
    monkeypatch.setattr(demand, "plan_heads", demand.plan_heads.py_func)
    monkeypatch.setattr(demand, "post_heads", demand.post_heads.py_func)
    monkeypatch.setattr(wages, "covered_heads", lambda regime, b, minimum, wm, eps, at_v0, *_: at_v0)
    assert failing(theory_markets.right_to_manage)[0] == "employment at that pay"


# -- A7: thresholds ----------------------------------------------------------------------------------------------------
def test_a7_fails_if_one_counts_oneself(monkeypatch: Patch) -> None:
    after(monkeypatch, organising, "_share_of_everyone", lambda share, town: share + 1.0 / len(town.people))
    assert failing(theory_markets.thresholds)


def test_a7_fails_if_the_share_must_be_exceeded(monkeypatch: Patch) -> None:
    after(monkeypatch, organising, "_share_of_everyone", lambda share, town: share - 1e-6)
    assert failing(theory_markets.thresholds)


# -- A8: leaving -------------------------------------------------------------------------------------------------------
def test_a8_fails_if_moving_is_free(monkeypatch: Patch) -> None:
    right = migration.decide

    def free(town, params, rows, weighs):
        return right(
            town,
            params.model_copy(update={"migration": params.migration.model_copy(update={"cost": 0.0})}),
            rows,
            weighs,
        )

    monkeypatch.setattr(migration, "decide", free)
    assert "share leaving" in failing(theory_markets.roy)


def test_a8_fails_if_luck_elsewhere_is_not_weighed(monkeypatch: Patch) -> None:
    right = migration.decide

    def blind(town, params, rows, weighs):
        town.people.e1[:] = np.random.default_rng(1).permutation(town.people.e1)
        return right(town, params, rows, weighs)

    monkeypatch.setattr(migration, "decide", blind)
    assert "log pay of movers" in failing(theory_markets.roy)


# -- A9, A10: contacts and ties ----------------------------------------------------------------------------------------
def same_luck_for_all_pairs(patch: Patch) -> None:
    """Everybody tells the same contact as everybody else would: luck forgets who is who."""
    right = search.pass_on_own_news

    def wrong(lo, hi, key, month, rate, kappa, ids, *more):
        # hearing keeps its luck (rate 0 or 1 by person), passing on is decided by the contact's number alone
        right(lo, hi, key, month, rate, kappa, ids, *more)
        told_whom, contact = more[-2], more[2]
        out = more[1] == search.LOOKING_OUT_OF_WORK
        first = np.where(out[np.maximum(contact, 0)] & (contact >= 0), contact, len(ids)).min(axis=1)
        tells = (told_whom >= 0) & (told_whom != np.arange(len(told_whom)))
        told_whom[tells] = first[tells]

    patch.setattr(search, "pass_on_own_news", wrong)


@pytest.mark.parametrize("mutate", [same_luck_for_all_pairs, tell_the_employed_too])
def test_a9_fails(mutate: Callable, monkeypatch: Patch) -> None:
    mutate(monkeypatch)
    assert failing(theory_networks.regular_graphs)


@pytest.mark.parametrize("factor", [0.0, 0.8])
def test_a10_fails_if_likeness_counts_less(factor: float, monkeypatch: Patch) -> None:
    after(monkeypatch, ties_submodel, "homophilies", lambda odds, *_: odds * factor)
    assert failing(theory_networks.blocks)


# -- B: invariants -----------------------------------------------------------------------------------------------------
def first_come_first_served(key, month, ids, posts, values, scores, vacancies):
    """Hire in the order of rows instead of by deferred acceptance."""
    left, taken, served = vacancies.copy(), np.zeros(len(ids), bool), set()
    for a in range(len(ids)):
        if ids[a] not in served and left[posts[a]] > 0:
            taken[a] = True
            left[posts[a]] -= 1
            served.add(ids[a])
    return taken


def test_row_order_fails_with_first_come_first_served(monkeypatch: Patch) -> None:
    monkeypatch.setattr(hiring, "clear", first_come_first_served)
    assert failing(invariants.any_row_order)


def test_row_order_fails_with_luck_by_row(monkeypatch: Patch) -> None:
    right = separations.end_matches

    def by_row(lo, hi, key, month, *more):
        ids = more[9]
        assert ids.dtype == np.uint32
        right(lo, hi, key, month, *more[:9], np.arange(len(ids), dtype=np.uint32), *more[10:])

    monkeypatch.setattr(separations, "end_matches", by_row)
    assert failing(invariants.any_row_order)


def test_none_twice_fails_with_a_generator(monkeypatch: Patch) -> None:
    rng = np.random.default_rng(1)
    after(monkeypatch, hiring, "score_applications", lambda score, *_: score + 0.1 * rng.random(len(score)))
    assert failing(invariants.none_twice)


def test_zero_budget_fails_with_a_lever_that_is_free(monkeypatch: Patch) -> None:
    right = delivery.step

    def generous(town, params, month, services):
        right(town, params, month, services)
        if any(not s.is_provision for s in services):
            town.people.morale[:10] += np.float32(0.01)

    monkeypatch.setattr(delivery, "step", generous)
    monkeypatch.setattr("careersim.loop.PHASES", tuple((n, generous if n == "services" else p) for n, p in _phases()))
    assert "no money is none" in failing(invariants.zero_budget)


def _phases():
    from careersim.loop import PHASES

    return PHASES


def test_fork_fails_if_worlds_share_a_column(monkeypatch: Patch) -> None:
    right = state.fork

    def shallow(town):
        twin = right(town)
        twin.people.morale = town.people.morale
        return twin

    model, months = invariants.settled(QUICK.seed, 18), 4
    twin = model.fork()
    monkeypatch.setattr(state, "fork", shallow)
    with pytest.raises(worlds.Broken):
        worlds.fork_equals_rerun(twin, lambda strategy: twin.fork(strategy), months)


def test_threads_fail_with_a_sum_by_thread(monkeypatch: Patch) -> None:
    right = pay.pay_people

    def by_thread(lo, hi, floors, post, q, narrowed, exponent, sums, post_pay, out):
        bill = right(lo, hi, floors, post, q, narrowed, exponent, sums, post_pay, out)
        at_work = post[lo:hi] >= 0
        out[lo:hi][at_work] += np.round(q[lo:hi][at_work].sum() / 1e3, 2)
        return bill

    monkeypatch.setattr(pay, "pay_people", by_thread)
    assert failing(invariants.any_threads)


def test_treating_one_fails_with_luck_by_place_in_a_list(monkeypatch: Patch) -> None:
    def by_place(score, town, *_):
        return score + 0.5 * np.random.default_rng(len(score)).random(len(score))

    after(monkeypatch, hiring, "score_applications", by_place)
    assert failing(invariants.treating_one, Effort(quick=False))  # of three people, none may send one application more


@pytest.mark.parametrize("lost", ["holders", "pay", "strength"])
def test_accounting_fails_with_a_leak(lost: str, monkeypatch: Patch) -> None:
    right = hiring.step

    def leaky(town, parameters, month):
        right(town, parameters, month)
        if lost == "holders":
            town.posts.holders[town.posts.holders > 0] -= 1
        elif lost == "pay":
            town.ledger_flows["profit"] += 100.0
        else:
            town.ties.strength[0, 0] *= 0.5

    monkeypatch.setattr(
        "careersim.loop.PHASES", tuple((n, _as_phase(leaky) if n == "hiring" else p) for n, p in _phases())
    )
    assert failing(invariants.accounting)


def _as_phase(step: Callable) -> Callable:
    return lambda town, parameters, month, services: step(town, parameters, month)


def test_measuring_fails_if_a_measure_touches_the_state(monkeypatch: Patch) -> None:
    from careersim.measures.collecting import Collector

    right = Collector.take

    def meddle(self, town, month):
        town.people.morale *= np.float32(0.999)
        return right(self, town, month)

    monkeypatch.setattr(Collector, "take", meddle)
    assert failing(invariants.measuring)


def test_nothing_fails_without_a_mutation() -> None:
    assert threads.MIN_ROWS_PER_THREAD == ROWS_BEFORE_ANY_TEST
    for run in (theory_networks.ring, theory_markets.urn_ball, theory_markets.thresholds, invariants.any_row_order):
        assert not failing(run)
