"""Strategies: what services do, in terms of levers. `catalogue` knows them all; nothing is imported before it is asked for."""

from __future__ import annotations

import warnings
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from careersim.services.base import Strategy

BUILT_IN = {
    "none": "careersim.services.none:NoStrategy",
    "provision": "careersim.services.provision:Provision",
    "one_to_one": "careersim.services.one_to_one:OneToOne",
    "own_network": "careersim.services.own_network:OwnNetwork",
    "brokering": "careersim.services.brokering:Brokering",
    "collective_bargaining": "careersim.services.collective_bargaining:CollectiveBargaining",
    "current_provision": "careersim.services.current_provision:CurrentProvision",
    "careers_software": "careersim.services.careers_software:CareersSoftware",
    "psychometric_test": "careersim.services.psychometric_test:PsychometricTest",
    "online_service": "careersim.services.online_service:OnlineService",
    "career_research": "careersim.services.career_research:CareerResearch",
    "group_learning": "careersim.services.group_learning:GroupLearning",
    "mixture": "careersim.services.mixture:Mixture",
    "sequence": "careersim.services.sequence:Sequence",
    "community_dialogue": "careersim.services.community_dialogue:CommunityDialogue",
    "collective_solutions": "careersim.services.collective_solutions:CollectiveSolutions",
    "mutual_aid": "careersim.services.mutual_aid:MutualAid",
    "collective_coaching": "careersim.services.collective_coaching:CollectiveCoaching",
    "placebo": "careersim.services.placebo:Placebo",
}
"""Strategies of the package: name and where the class is."""

ENTRY_POINTS = "careersim.strategies"
"""Entry point group by which an installed package offers strategies."""


@cache
def offered() -> dict[str, EntryPoint]:
    """Return the entry points of strategies that other installed packages offer, by name."""
    return {e.name: e for e in entry_points(group=ENTRY_POINTS) if e.name not in BUILT_IN}


def names() -> list[str]:
    """Return the names of all strategies, without importing any."""
    return [*BUILT_IN, *sorted(offered())]


def find(where: str) -> type[Strategy]:
    """Return the strategy class at ``package.module:Class``.

    Raises
    ------
    ImportError, AttributeError, TypeError
        If there is no such module or class, or it is not a strategy.
    """
    from careersim.services.base import Strategy

    module, _, name = where.partition(":")
    found = getattr(import_module(module), name)
    if not (isinstance(found, type) and issubclass(found, Strategy)):
        raise TypeError(f"{where} is not a careersim.services.base.Strategy")
    return found


def named(name: str) -> type[Strategy]:
    """Return the strategy class of a built-in or an entry point; KeyError if there is none of that name."""
    if name in BUILT_IN:
        return find(BUILT_IN[name])
    return find(offered()[name].value)


def catalogue() -> dict[str, type[Strategy]]:
    """Return every strategy by name: those of the package and those found by entry point, if they can be loaded."""
    found = {name: named(name) for name in BUILT_IN}
    for name, offer in offered().items():
        try:
            found[name] = find(offer.value)
        except Exception as error:
            package = offer.dist.name if offer.dist else offer.value
            warnings.warn(f"strategy {name!r} of {package} cannot be loaded: {error!r}", stacklevel=2)
    return found
