"""The two-state lake and the Beveridge curve, by the default separation, search and hiring phases (checks.md A4)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from careersim.checks import bare
from careersim.checks.estimates import MOST_MONTHS, Estimate, batch_mean, probability, whole
from careersim.checks.job_network import months_to_settle
from careersim.checks.urns import OCCUPATION, one_ball
from careersim.month import hiring, search, separations
from careersim.scenario.parameters import Parameters
from careersim.town.town import Town

TOLERANCE = 1e-12


class Beveridge(NamedTuple):
    """A point of the Beveridge curve, after separations."""

    unemployment: Estimate
    """Unemployed over people."""
    vacancies: Estimate
    """Vacant heads over people."""


def exact_lake(finding: float, loss: float) -> float:
    """Long-run unemployment in a town of two states: ``u = s / (s + f - s f)``, recorded after separations and before search.

    Who is out of work finds a post with chance f in a month; then every match ends with chance s, new ones included.

    Parameters
    ----------
    finding, loss : float
        Chances a month (f and s), 0 to 1; not both 0.

    Examples
    --------
    >>> round(exact_lake(finding=0.1, loss=0.015), 6)
    0.132159
    """
    f, s = probability("finding", finding), probability("loss", loss)
    if f == 0.0 and s == 0.0:
        raise ValueError("with finding 0 and loss 0 nothing ever changes: there is no long run to describe")
    return s / (s + f - s * f)


def lake_parameters(loss: float, applications: float) -> Parameters:
    """Equal hazards for all, no layoffs, one application with chance ``applications`` at any pay, contacts silent."""
    urn = one_ball()
    return urn.model_copy(
        update={
            "search": urn.search.model_copy(
                update={"applications_base": applications, "reservation_slack": 0.2, "reservation_spread": 0.0}
            ),
            "separations": urn.separations.model_copy(
                update={
                    "loss_rate": loss / 2,
                    "quit_rate": loss / 2,
                    "new_hire_excess": 0.0,
                    "fit_effect": 0.0,
                    "layoffs": False,
                }
            ),
        }
    )


def settled_stocks(town: Town, setting: Parameters, run_in: int, months: int) -> tuple[np.ndarray, np.ndarray]:
    """Unemployed and vacancies over people, each month after separations, from everybody out of work."""
    unemployed, vacant, n = np.zeros(months), np.zeros(months), len(town.people)
    for month in range(run_in + months):
        town.tallies = {}
        separations.step(town, setting, month)
        if month >= run_in:
            unemployed[month - run_in] = np.count_nonzero(town.people.post < 0) / n
            vacant[month - run_in] = town.posts.vacancies.sum() / n
        search.step(town, setting, month)
        hiring.step(town, setting, month)
    return unemployed, vacant


def two_state_lake(
    finding: float, loss: float, people: int, months: int, rng: np.random.Generator | int | None
) -> Estimate:
    """Long-run unemployment in a town of two states, simulated by the default separation, search and hiring phases.

    Posts have room for all; somebody out of work applies with chance ``finding`` a month and is hired; hazards of separation are
    ``loss`` for all (half of it quits). Recorded after separations, before search, as in `exact_lake`.

    Parameters
    ----------
    finding, loss : float
        Chances a month, 0 to 1; ``loss`` at most .2 (the range of the model's hazards).
    people, months : int
        Size of the town, and months recorded.
    rng : numpy.random.Generator or int or None
        Source of the luck.

    Returns
    -------
    Estimate
        Unemployment, with the standard error from means of 32 consecutive batches of months.
    """
    exact_lake(finding, loss)
    if loss > 0.2:
        raise ValueError(f"loss must be at most 0.2 a month, not {loss}")
    run_in = months_to_settle(finding, loss)
    n = whole("people", people)
    whole("months", months + run_in)
    posts = bare.employers_and_posts([[OCCUPATION]], heads=2 * n)
    key = bare.luck_key(bare.generator(rng))
    town = bare.town_of(bare.alike_people(n), bare.no_ties(n), *posts, key=key)
    return batch_mean(
        settled_stocks(town, lake_parameters(loss, finding), min(run_in, MOST_MONTHS - months), months)[0]
    )


def exact_beveridge(jobs_per_person: float, loss: float, people: int) -> tuple[float, float]:
    """Unemployment and vacancies, both over people, in the long run of a large town with urn-ball hiring.

    With U unemployed and V = P - (N - U) vacant posts after separations, M = V (1 - (1 - 1/V)^U) are hired, and
    ``s (N - U + M) = M`` holds in the long run. Fluctuations about it are neglected: of the order of 1/N.
    """
    s, n = probability("loss", loss), whole("people", people)
    jobs = round(jobs_per_person * n)
    low, high = max(n - jobs + 1.0, 1e-9), float(n)
    while high - low > TOLERANCE * n:
        u = (low + high) / 2
        v = jobs - n + u
        hires = v * (1.0 - (1.0 - 1.0 / v) ** u)
        low, high = (u, high) if s * (n - u + hires) > hires else (low, u)
    return low / n, (jobs - n + low) / n


def beveridge_point(
    jobs_per_person: float, loss: float, people: int, months: int, rng: np.random.Generator | int | None
) -> Beveridge:
    """Unemployment and vacancies in the long run of a town of fixed one-head posts, simulated.

    Everybody out of work sends one application a month, posts hire, and matches end with chance ``loss`` a month (at most .2).
    Jobs per person are what moves the town along the curve. Recorded after separations, before search; standard errors
    from means of 32 consecutive batches of months.
    """
    probability("loss", loss)
    n = whole("people", people)
    jobs = whole("jobs_per_person times people", round(jobs_per_person * n))
    key = bare.luck_key(bare.generator(rng))
    town = bare.town_of(
        bare.alike_people(n), bare.no_ties(n), *bare.employers_and_posts([[OCCUPATION]] * jobs), key=key
    )
    run_in = min(months_to_settle(0.2, loss), MOST_MONTHS - months)
    unemployed, vacant = settled_stocks(town, lake_parameters(loss, 1.0), run_in, months)
    return Beveridge(batch_mean(unemployed), batch_mean(vacant))
