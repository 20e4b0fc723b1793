"""Shared tests for strategies: what every one must satisfy, whoever wrote it.

Write ``class TestJobClub(StrategyContract): strategy = {"name": "my_package.job_club:JobClub"}`` in a test file and run pytest.
Services run alone, month after month, on a small settled town, so the tests are about the strategy, not about the labour market.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

import numpy as np

from careersim.scenario.parameters import Parameters
from careersim.services import delivery
from careersim.services.base import Service, Strategy
from careersim.services.levers import LEVERS
from careersim.services.participants import ServiceState
from careersim.town import state
from careersim.town.columns import HERE
from careersim.town.town import Town

FORBIDDEN = frozenset(
    f"people.{column}"
    for column in ("post", "pay", "last_pay", "residence", "stage", "reason", "member", "skill", "hired_month")
)
"""Columns that no lever may write: employment, pay, residence and what follows from them."""

BOOKS = frozenset({"people.sessions", "people.support_cost"})
"""Columns in which the service machinery keeps its books."""


@cache
def _settled_town() -> Town:
    from careersim.model import CareerModel

    return CareerModel("inverclyde", people=1000, parameters={"time": {"burn_in": 24}}).town


def run_services(town: Town, params: Parameters, services: list[Service], months: int) -> list[dict[str, float]]:
    """Run only the services phase for some months, in place; return each month's money flows."""
    flows = []
    for _ in range(months):
        town.tallies.clear()
        town.ledger_flows.clear()
        delivery.step(town, params, town.month, services)
        flows.append(dict(town.ledger_flows))
        town.month += 1
    return flows


def changed_columns(before: Town, after: Town) -> set[str]:
    """Return which columns of which tables, and which aggregates, differ, as ``table.column``."""
    old, new = state.to_arrays(before), state.to_arrays(after)
    return {n.replace("/", ".") for n in new if n != "numbers" and not np.array_equal(old[n], new[n], equal_nan=True)}


def with_rows_in_order(town: Town, order: np.ndarray) -> Town:
    """Return the same town with the rows of people in another order."""
    out = state.fork(town)
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)

    def moved(rows: np.ndarray) -> np.ndarray:
        return np.where(rows >= 0, place[rows], -1).astype(rows.dtype)

    out.people, out.ties = out.people.take(order), out.ties.take(order)
    out.people.parent[:] = moved(out.people.parent)
    out.ties.contact[:] = moved(out.ties.contact)
    return out


class StrategyContract:
    """Tests that every strategy passes; subclass it and name the ``strategy``."""

    strategy: ClassVar[Any] = "none"
    """As in a config: a name, ``package.module:Class``, or a mapping with ``name`` and options."""
    months: ClassVar[int] = 9

    def make_town(self) -> Town:
        """Return a town to run on; by default a small settled one. Override it for one that has what the strategy needs."""
        return state.fork(_settled_town())

    def make_parameters(self) -> Parameters:
        """Return the parameters; by default all defaults."""
        return Parameters()

    # -- helpers ------------------------------------------------------------------------------------------------------

    def parts(self, **options: Any) -> list[Strategy]:
        """Return the strategy's parts, each with some options changed (a part that takes no budget is given none)."""
        parts = [part for one in delivery.make_strategies(self.strategy) for part in one.parts()]
        unpaid = {k: v for k, v in options.items() if k != "budget"}
        changes = [unpaid if p.free else options for p in parts]
        return [type(p)(**{**p.model_dump(exclude_unset=True), **c}) for p, c in zip(parts, changes, strict=True)]

    def services(self, **options: Any) -> list[Service]:
        """Return the strategy's services, with some options changed; one that replaces today's provision stands in its place."""
        return [
            Service(p, 0 if p.replaces_provision else slot, ServiceState.fresh())
            for slot, p in enumerate(self.parts(**options), start=1)
        ]

    def after(self, town: Town, services: list[Service]) -> tuple[str, list[dict[str, float]]]:
        """Run a fork of the town; return its digest and flows."""
        twin = state.fork(town)
        flows = run_services(twin, self.make_parameters(), services, self.months)
        return state.digest(twin), flows

    # -- the contract -------------------------------------------------------------------------------------------------

    def test_says_what_it_is(self) -> None:
        """It has a name, a sentence that says what it is, and every setting of its own says what it means."""
        for part in self.parts():
            assert part.name
            assert part.summary(), "has no docstring"
            for name, field in type(part).model_fields.items():
                assert field.description or name in Strategy.model_fields, f"setting {name} has no description"
            assert part.may_use() <= set(LEVERS), "declares levers that do not exist"

    def test_zero_budget_changes_nothing(self) -> None:
        """Without money nothing happens, bit for bit."""
        if any(part.free for part in self.parts()):
            return
        town = self.make_town()
        assert self.after(town, self.services(budget=0.0)) == self.after(town, [])

    def test_does_something_with_a_large_budget(self) -> None:
        """With ample money somebody is served and money is spent."""
        town, services = self.make_town(), self.services()
        if not services or services[0].strategy.free:
            return
        run_services(town, self.make_parameters(), self.services(budget=20.0), self.months)
        assert town.people.sessions.sum() > 0

    def test_respects_the_budget(self) -> None:
        """Money spent never exceeds money granted, and what is spent and unspent adds up to it."""
        for budget in (0.05, 0.6, 5.0):
            town, services = self.make_town(), self.services(budget=budget)
            if not services or services[0].strategy.free:
                return
            flows = run_services(town, self.make_parameters(), services, self.months)
            spent = np.cumsum([f.get("public_cost", 0.0) for f in flows])
            granted = np.cumsum([f.get("public_cost", 0.0) + f.get("unspent", 0.0) for f in flows])
            residents = int((town.people.residence == HERE).sum())
            began = town.month - self.months - town.policy_start
            months = [(s.strategy, m) for s in services for m in range(began, began + self.months)]
            budgets = [p.budget_at(self.make_parameters(), m) for p, m in months if p.active(m)]
            assert np.allclose(granted[-1], sum(budgets) * residents)
            assert sum(budgets) <= budget * self.months * len(services) + 1e-9
            assert (spent <= granted + 1e-6).all()
            assert sum(s.state.purse for s in services) >= -1e-6

    def test_respects_the_caseload(self) -> None:
        """No month has more sessions than its money pays for at the caseload allowed, and nobody has two in a month."""
        town, params = self.make_town(), self.make_parameters()
        for service in self.services(budget=0.4):
            for month in range(1, self.months + 1):
                run_services(town, params, [service], 1)
                received = service.state.participants.received
                assert received.max(initial=0) <= month
                paid = (service.state.spent + 1e-6) / service.strategy.price_per_head(params)
                assert received.sum() <= paid * service.strategy.stretch or service.strategy.free

    def test_serves_only_the_eligible(self) -> None:
        """Whoever receives a session was eligible in that month and lives in town."""
        town, params = self.make_town(), self.make_parameters()
        for service in self.services(budget=5.0):
            seen = np.zeros(len(town.people), np.int32)
            for _ in range(self.months):
                may = service.strategy.eligible(town, town.month) & (town.people.residence == HERE)
                run_services(town, params, [service], 1)
                service.state.fit(len(town.people))
                served = service.state.participants.received > seen
                assert not (served & ~may).any()
                seen = service.state.participants.received.copy()

    def test_same_luck_same_result(self) -> None:
        """Run twice, it does the same."""
        town = self.make_town()
        assert self.after(town, self.services()) == self.after(town, self.services())

    def test_order_of_rows_does_not_matter(self) -> None:
        """With people in another order it does the same to the same people."""
        town, params = self.make_town(), self.make_parameters()
        order = np.random.default_rng(7).permutation(len(town.people))
        mixed = with_rows_in_order(town, order)
        run_services(town, params, self.services(budget=2.0), self.months)
        run_services(mixed, params, self.services(budget=2.0), self.months)
        back = with_rows_in_order(mixed, np.argsort(order))
        assert not changed_columns(town, back)

    def test_survives_copy_save_and_load(self) -> None:
        """Copied, or saved and loaded, half way, it goes on as if nothing had happened."""
        town, params = self.make_town(), self.make_parameters()
        services = self.services(budget=2.0)
        run_services(town, params, services, self.months)
        copies, loaded = [s.copy() for s in services], self.services(budget=2.0)
        for service, old in zip(loaded, services, strict=True):
            service.restore(old.arrays())
        through = [self.after(town, s) for s in (copies, loaded, services)]
        assert through[0] == through[1] == through[2]

    def test_composes(self) -> None:
        """Beside today's provision both run, and neither spends the other's money."""
        town, params = self.make_town(), self.make_parameters()
        added = [Service(p, slot, ServiceState.fresh()) for slot, p in enumerate(self.parts(), start=1)]
        both = [*delivery.provision(params), *added]
        run_services(town, params, both, self.months)
        for service in both:
            assert service.state.spent <= service.state.granted + 1e-6

    def test_touches_only_what_it_declares(self) -> None:
        """No column changes but those of declared levers and the books; never employment, pay, residence or aggregates."""
        town, params = self.make_town(), self.make_parameters()
        for service in self.services(budget=10.0):
            allowed = frozenset().union(BOOKS, *(LEVERS[name] for name in service.strategy.may_use()))
            assert not allowed & FORBIDDEN
            before = state.fork(town)
            run_services(town, params, [service], self.months)
            assert changed_columns(before, town) <= allowed
