"""The services phase: each service gets its month's grant and runs; and how services are made from a config.

1. Grant = budget (GBP per resident and month) x residents, added to what was carried over.
2. Spent is public cost, or all that sessions cost (`Strategy.budget_covers`); what was granted and not spent is recorded as ``unspent``
   (negative in a month that spends savings), so that what is spent and what is unspent always add up to what was granted. At most
   `Strategy.savings` is carried over. A bill that turns out higher than was foreseen is paid from the grants that follow.
3. Members of a union pay dues, in every arm; recorded apart.

Services run in the order today's provision, then as given; each has luck of its own (its slot), so that adding one does not
reshuffle another. A service without money does nothing at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import ValidationError

from careersim import services as registry
from careersim.kernels import kernel
from careersim.scenario.errors import Problem, ScenarioError, nearest, shown
from careersim.scenario.parameters import Parameters
from careersim.services.base import Service, Strategy
from careersim.services.faults import FailedAt
from careersim.services.levers import LEVERS
from careersim.services.participants import Received, ServiceState
from careersim.services.provision import Provision
from careersim.town.columns import HERE
from careersim.town.town import Town

Spec = str | Mapping[str, Any] | Strategy | Sequence[Any]
"""How a config says what is offered: a name, ``{name: {option: value}}``, ``{"name": name, option: value}``, or several.

``label`` names the arm in tables and is no option."""


class StrategyFailed(RuntimeError):
    """A strategy raised an error: names strategy, month of policy and, if it can be told, person."""


def step(town: Town, params: Parameters, month: int, services: Sequence[Service]) -> None:
    """Run every active service for one month."""
    w, policy_month = town.people, month - town.policy_start
    residents, members = residents_and_members(w.residence, w.member)
    _add(town, "dues", params.services.dues * members)
    instead = [
        s.strategy
        for s in services
        if not s.is_shadow and s.strategy.replaces_provision and s.strategy.active(policy_month)
    ]
    for service in services:
        strategy = instead[0] if service.is_provision and instead else service.strategy
        beside = service.is_provision or not service.strategy.replaces_provision
        if beside and strategy.active(policy_month):
            _run(strategy, service, town, params, month, residents)


@kernel
def residents_and_members(residence, member):
    """How many live in town, and how many of them are members of the union."""
    residents, members = 0, 0
    for i in range(residence.shape[0]):
        residents += residence[i] == HERE
        members += (residence[i] == HERE) & (member[i] == 1)
    return residents, members


def _run(strategy: Strategy, service: Service, town: Town, params: Parameters, month: int, residents: int) -> None:
    """Give a service its grant and run it (1, 2)."""
    state = service.state
    grant = strategy.budget_at(params, month - town.policy_start) * residents
    if service.broken or (grant <= 0.0 and state.purse <= 0.0 and not strategy.free):
        return
    state.fit(town.people.id.shape[0])
    if not strategy.shows_elsewhere:
        params = params.model_copy(update={"services": params.services.model_copy(update={"elsewhere_share": 0.0})})
    try:
        spent = strategy.run(service, town, params, month, max(state.purse + grant, 0.0))
    except Exception as error:
        if not service.is_shadow:
            raise _failed(strategy, town, month, error) from error
        service.broken = True  # the arm itself fails and says so; the world that only imitates it goes on
        return
    state.purse = min(state.purse + grant - spent, strategy.savings(params, grant))
    state.granted += grant
    state.spent += spent
    if not service.is_shadow:
        _add(town, "unspent", grant - spent)


def _failed(strategy: Strategy, town: Town, month: int, error: Exception) -> StrategyFailed:
    """Say what failed, where and at whom."""
    person = error.person if isinstance(error, FailedAt) else None
    at = "" if person is None else f", at person {person}"
    text = str(error) if isinstance(error, FailedAt) else f"{type(error).__name__}: {error}"
    return StrategyFailed(
        f"strategy {strategy.name!r} failed in month {month - town.policy_start} of policy{at}: {text}"
    )


def _add(town: Town, name: str, gbp: float) -> None:
    town.ledger_flows[name] = town.ledger_flows.get(name, 0.0) + gbp


def took_part(services: Sequence[Service], n_rows: int) -> np.ndarray:
    """Return which rows received anything from a service that the arm adds to today's provision."""
    out = np.zeros(n_rows, bool)
    for service in services:
        if not service.is_provision:
            received = service.state.participants.received[:n_rows] > 0
            out[: len(received)] |= received
    return out


def support_received(services: Sequence[Service]) -> dict[str, np.ndarray]:
    """Return the records of all services as columns, in words: service by name, levers as a list, no group or giver as -1."""
    records = [(s, s.state.received()) for s in services if not s.is_shadow]
    columns = {n: [getattr(r, n) for _, r in records] for n in Received.columns()}
    out = {n: np.concatenate(c) if c else np.empty(0) for n, c in columns.items()}
    names = [np.full(len(r), s.strategy.name, dtype=object) for s, r in records]
    out["service"] = np.concatenate(names) if names else np.empty(0, object)
    sets, place = np.unique(out["levers"].astype(np.uint32), return_inverse=True)
    words = [", ".join(n for k, n in enumerate(LEVERS) if int(bits) >> k & 1) for bits in sets]
    out["levers"] = np.array(words, dtype=object)[place]
    return out


# --- making services -------------------------------------------------------------------------------------------------


def provision(params: Parameters) -> list[Service]:
    """Return today's provision, which runs in burn-in and in every arm."""
    return [Service(Provision(), 0, ServiceState.fresh())]


def make_services(strategy: Spec, params: Parameters, shadow_of: str = "") -> list[Service]:
    """Return the services of what an arm adds to today's provision; with ``shadow_of``, imitations that touch nothing.

    Raises
    ------
    ScenarioError
        If a name is unknown (with the nearest known name) or an option is unknown or out of range.
    """
    parts = [part for one in make_strategies(strategy) for part in one.parts()]
    return [Service(part, slot, ServiceState.fresh(), shadow_of) for slot, part in enumerate(parts, start=1)]


def make_strategies(spec: Spec) -> list[Strategy]:
    """Return the strategies that a config names."""
    if isinstance(spec, Strategy):
        return [spec]
    if isinstance(spec, str):
        return [make_strategy(spec, {})]
    if isinstance(spec, Mapping):
        if "name" in spec:
            options = {k: v for k, v in spec.items() if k not in ("name", "options", "label")}
            return [make_strategy(spec["name"], {**options, **(spec.get("options") or {})})]
        return [make_strategy(name, options or {}) for name, options in spec.items()]
    return [one for part in spec for one in make_strategies(part)]


def make_strategy(name: str, options: Mapping[str, Any]) -> Strategy:
    """Return the strategy of that name (or ``package.module:Class``) with the given options.

    Raises
    ------
    ScenarioError
        As for `make_services`.
    """
    kind = _find(name)
    if not isinstance(options, Mapping):
        raise ScenarioError([Problem("options must be a mapping", f"strategies.{name}", found=shown(options))])
    try:
        return kind(**options)
    except ValidationError as error:
        raise ScenarioError(
            [_problem(kind, name, e) for e in error.errors()], f"Strategy {name} cannot be run"
        ) from error


def _find(name: str) -> type[Strategy]:
    try:
        return registry.find(name) if ":" in name else registry.named(name)
    except KeyError:
        known = registry.names()
        message = f"there is no strategy {shown(name)}"
        problem = Problem(message, "strategies", allowed=", ".join(known), suggestion=nearest(name, known) or "")
        raise ScenarioError([problem]) from None
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise ScenarioError([Problem(f"the strategy at {name} cannot be loaded: {error}", "strategies")]) from error


def _problem(kind: type[Strategy], name: str, error: Any) -> Problem:
    """Say what is wrong with an option: allowed range, what was found, nearest known option."""
    option = str(error["loc"][0]) if error["loc"] else ""
    field = f"strategies.{name}.{option}"
    if error["type"] == "extra_forbidden":
        return Problem("there is no such option", field, suggestion=nearest(option, kind.model_fields) or "")
    extra = kind.model_fields[option].json_schema_extra if option in kind.model_fields else None
    known = extra if isinstance(extra, dict) else {}
    allowed = f"{known['low']} to {known['high']} {known['unit']}" if "low" in known else ""
    return Problem(error["msg"], field, allowed=allowed, found=shown(error["input"]))
