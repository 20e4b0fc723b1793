"""A stand-in for the simulator: small, quick, deterministic, with the parts of its face that studies use."""

from __future__ import annotations

import os
from types import SimpleNamespace

import numpy as np

from careersim.scenario.parameters.time import Time
from careersim.town.columns import ELSEWHERE, HERE, IN_MIGRANT, NOT_YET, WORKING, Occupations, People, Ties


class FakeModel:
    """A town whose people earn more if helped; helped people's neighbours lose a little; a few helped people leave."""

    def __init__(self, task, gain=100.0, loss=20.0):
        rng = np.random.default_rng([task.seed, task.replicate])
        n = task.people
        people = People.empty(n)
        people.id[:] = np.arange(n)
        people.origin[:] = rng.random(n)
        people.residence[:] = HERE
        people.stage[:] = WORKING
        people.skill[:] = rng.lognormal(0, 0.3, n)
        people.pay[:] = 2000 * people.skill
        people.origin_kind[n - 5 :] = IN_MIGRANT
        people.residence[n - 5 :] = NOT_YET
        people.entry_month[n - 5 :] = 10_000
        ties = Ties.of_width(n, 2)
        ties.contact[:, 0] = np.roll(np.arange(n), 1)
        ties.contact[:, 1] = np.roll(np.arange(n), -1)
        self.gain, self.loss, self.strategy, self.luck = gain, loss, "none", rng.normal(0, 1, 10_000)
        self.parameters = SimpleNamespace(time=Time(), migration=SimpleNamespace(skill_return=1.0))
        self.levels: list[dict[str, float]] = []
        self.services: list = []
        self.town = SimpleNamespace(
            people=people,
            ties=ties,
            month=0,
            policy_start=0,
            benefit=500.0,
            scale=2.0,
            totals={"profit": 0.0, "benefits": 0.0},
            tallies={},
            rows_in_use=lambda month: len(people),
            occupations=Occupations.empty(1),
        )

    def fork(self, strategy="none", log_events=False, shadows=None):
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin.town = SimpleNamespace(**vars(self.town))
        twin.town.people, twin.town.ties = self.town.people.copy(), self.town.ties.copy()
        twin.town.totals = dict(self.town.totals)
        twin.strategy, twin.levels = strategy, []
        if strategy == "broken":
            raise ValueError("this strategy cannot be made")
        if strategy == "deadly":
            os._exit(9)
        return twin

    def helped(self):
        ids = self.town.people.id
        if self.strategy == "placebo":
            return ids == 0
        return (ids % 10 == 0) & (ids < len(ids) - 5) if self.strategy != "none" else np.zeros(len(ids), bool)

    def run_for(self, months):
        people, helped = self.town.people, self.helped()
        for _ in range(months):
            out = self.loss if self.strategy not in ("none", "placebo") else 0.0
            here = people.residence == HERE
            income = people.pay + self.gain * helped - out * (~helped & here) * (people.id % 10 == 1)
            people.w_income += np.where(here | (people.residence == ELSEWHERE), income, 0.0)
            people.w_own += np.where(here, income + 50, income - 80)
            people.w_log += np.log(np.maximum(income, 1.0))
            people.sessions += helped
            people.job_months += here
            self.town.month += 1
            if self.strategy not in ("none", "placebo") and self.town.month == 3:
                people.residence[(people.id % 20 == 0) & helped] = ELSEWHERE
                people.moved_month[(people.id % 20 == 0) & helped] = 3
            self.town.totals["public_cost"] = self.town.totals.get("public_cost", 0.0) + float(helped.sum())
            self.levels.append(self.measures())
        return self

    def measures(self):
        here = self.town.people.residence == HERE
        noise = 0.001 * float(self.luck[self.town.month])
        pay = float(np.median(self.town.people.pay[here]))
        return {
            "month": self.town.month,
            "residents": float(here.sum()),
            "employment_rate": 0.7 + noise + 0.01 * (self.strategy not in ("none", "placebo")),
            "unemployment_rate": 0.06 - noise,
            "median_pay": pay,
            "out_moves": 1.0,
            "in_moves": 1.0,
            "resident_skill": float(self.town.people.skill[here].mean()) if self.town.month % 12 == 0 else float("nan"),
            "income_low_origin_third": 1500.0,
            "labour_share": 0.6,
        }


def fake_model(task, report=None):
    """What a worker calls in place of the simulator."""
    if report is not None:
        report("burn-in", 12, 12)
    return FakeModel(task)
