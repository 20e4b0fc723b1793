"""The levers: the only functions by which a strategy touches a person, a tie or an employer.

A lever takes the `Session` and changes something that can be observed: what somebody can do, knows or feels, whom they know,
how an employer hires. It never sets employment, pay, residence or civic capital: what becomes of those follows from people
competing for the same posts. ``dose`` is in sessions of full quality (1 unless said otherwise); strengths are parameters of
`careersim.scenario.parameters.services`, one for all strategies.

Scales from 0 to 1 move by ``dose . lever_strength . SD . quality`` points, less beyond the middle of the scale: a step
shrinks in proportion to the room that is left once that is under one half, so no scale is left.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import numpy as np

from careersim import chance
from careersim.services import lever_kernels as kernels
from careersim.services.founding import ENTERPRISE_COLUMNS, found_employer
from careersim.services.partners import find_elsewhere, pairs_of_groups
from careersim.services.session import Session
from careersim.town.columns import BROKERED, COACHING_GROUP, ELSEWHERE, HERE, WORKING
from careersim.town.sums import means_of

LEVERS: dict[str, frozenset[str]] = {}
"""Every lever and the columns it may write, as ``table.column``."""

_F = TypeVar("_F", bound=Callable[..., Any])
_ALL_OCCUPATIONS = np.uint32(0xFFFFFFFF)
_DRAWS_PER_CALL = 64
_STORIES, _TRIALS = 32, 48
_LOCAL_HIRING = 32_768


def lever(*columns: str) -> Callable[[_F], _F]:
    """Declare a lever and the columns it may write; each use is noted in the session's log."""

    def declare(f: _F) -> _F:
        LEVERS[f.__name__] = frozenset(columns)

        @wraps(f)
        def used(session: Session, *args: Any, **options: Any) -> Any:
            if session.shadow:
                return None
            session.touch.note(f.__name__, session.rows)
            return f(session, *args, **options)

        return used  # type: ignore[return-value]

    return declare


def _move_scale(s: Session, name: str, sd: float, dose: float | np.ndarray) -> None:
    """Move a 0..1 column of those served by ``dose`` sessions."""
    step = dose * s.params.services.lever_strength * sd * s.quality
    kernels.move_scale(s.rows, step, getattr(s.town.people, name))


def _share(dose: float, share: float, quality: np.ndarray) -> np.ndarray:
    """Share of a distance covered in one session; never more than all of it."""
    return kernels.share_covered(dose * share, quality)


def _first_draw(s: Session, name: str) -> int:
    """Number of the first draw of this use of a lever, so that a second use in the same month has its own luck."""
    return (len(s.touch.on[name]) - 1) * _DRAWS_PER_CALL


# --- what a person can do, knows and feels ---------------------------------------------------------------------------


@lever("people.career_skill")
def raise_career_skill(s: Session, dose: float = 1.0) -> None:
    """Raise career management skills (0..1) by ``dose . lever_strength`` SD; they fade unless used (6.8)."""
    _move_scale(s, "career_skill", s.params.services.career_skill_sd, dose)


@lever("people.self_awareness")
def raise_self_awareness(s: Session, dose: float = 1.0) -> None:
    """Raise how well people know their own interests (0..1) by ``dose . lever_strength`` SD."""
    _move_scale(s, "self_awareness", s.params.services.self_awareness_sd, dose)


@lever("people.morale")
def lift_morale(s: Session, dose: float = 1.0) -> None:
    """Lift resilience and persistence (0..1) by ``dose . lever_strength`` SD; a negative dose lowers it."""
    _move_scale(s, "morale", s.params.services.morale_sd, dose)


@lever("people.digital_literacy")
def teach_digital_literacy(s: Session, dose: float = 1.0) -> None:
    """Raise digital career literacy (0..1) by ``dose . lever_strength`` SD (Hooley 2012, the seven Cs)."""
    _move_scale(s, "digital_literacy", s.params.services.digital_literacy_sd, dose)


@lever("people.odds_belief")
def correct_beliefs(s: Session, dose: float = 1.0) -> None:
    """Move believed odds of every occupation toward the place's typical odds of last month, up or down."""
    share = _share(dose, s.params.services.belief_correction, s.quality)
    kernels.move_toward(s.rows, share, s.town.aggregates.odds, s.town.people.odds_belief)


@lever("people.odds_belief")
def tell_contacts(s: Session, dose: float = 1.0) -> None:
    """Let those served tell their contacts in town what odds they believe in: the only lever that reaches others' heads.

    A contact's believed odds move toward the mean of those who tell, each weighted with ``experience_share`` times the strength of the
    tie; the share of the distance covered is ``1 - prod(1 - weight)``. Sums are in fixed point: the order of people does not matter.
    """
    w, t = s.town.people, s.town.ties
    share = np.zeros(w.id.shape[0], np.float64)
    share[s.rows] = _share(dose, s.params.services.experience_share, s.quality)
    kernels.tell(share, w.residence, t.contact, t.strength, w.odds_belief.copy(), w.odds_belief)


@lever("people.considered")
def widen_considered(s: Session, dose: float = 1.0, only: int | np.ndarray = 0xFFFFFFFF) -> None:
    """With some chance add one occupation to those seen as open to someone like me.

    Suggested is the occupation, not considered yet and not out of reach for lack of qualification or subject (pupils and
    students may still gain both), whose Holland profile looks most like the person's interests to a fallible judge.
    ``only`` is a bit set of occupations that may be suggested, one for all or one for each person served.
    """
    chances = _share(dose, s.params.services.widen_chance, s.quality)
    _suggest(s, chances, np.full(len(s.rows), only, np.uint32), _first_draw(s, "widen_considered"))


def _suggest(s: Session, chances: np.ndarray, only: np.ndarray, first_draw: int) -> None:
    w, o = s.town.people, s.town.occupations
    kernels.suggest(
        s.rows, chances, only, s.params.services.suggestion_noise, s.town.key, s.month, s.slot, first_draw, w.id, w.stage,
        w.qualification, w.subject, w.interests, o.riasec, o.qualification, o.stem, w.considered,
    )  # fmt: skip


@lever("people.knows_elsewhere")
def show_elsewhere(s: Session, dose: float = 1.0) -> None:
    """Show work and life outside the town: the one ``elsewhere_share`` of everything that a session shows."""
    _show_elsewhere(s, dose * s.params.services.elsewhere_share)


def _show_elsewhere(s: Session, dose: float) -> None:
    share = _share(dose, s.params.services.show_amount, s.quality)
    kernels.move_up(s.rows, share, s.town.people.knows_elsewhere)


@lever("people.odds_belief", "people.career_skill", "people.considered", "people.morale")
def share_experience(s: Session, dose: float = 1.0, stories: str = "all") -> None:
    """Let each group pool what its members know (those without a group are left as they are).

    Believed odds move toward the group's mean; career skill below the group's mean moves up to it; with some chance a member
    comes to consider an occupation that another does. Stories lift the morale of members in working life where more of those who began in
    the group are in work than one would expect, and lower it where fewer are, by ``dose . story_effect . 2 (share - expected)``: expected
    is ``1 - (1 - f)^(n - 1)`` at the n-th meeting, f the rate at which people find work here. ``stories="worked"`` asks for what has
    worked only (appreciative inquiry): nothing is expected, and a group without a success has no story that lowers morale.
    """
    s = s.only(s.group >= 0)
    if len(s.rows) == 0:
        return
    w, p = s.town.people, s.params.services
    _, group = np.unique(s.group, return_inverse=True)
    n = int(group.max()) + 1
    share = _share(dose, p.experience_share, s.quality)
    belief = w.odds_belief[s.rows].astype(np.float64)
    w.odds_belief[s.rows] = belief + share[:, None] * (means_of(group, n, belief) - belief)
    skill = w.career_skill[s.rows].astype(np.float64)
    mean_skill = means_of(group, n, skill[:, None])[:, 0]
    w.career_skill[s.rows] = skill + share * np.maximum(mean_skill - skill, 0.0)
    open_to_group = np.zeros(n, np.uint32)
    np.bitwise_or.at(open_to_group, group, w.considered[s.rows])
    chances = _share(dose, p.widen_chance, s.quality)
    _suggest(s, chances, open_to_group[group], _first_draw(s, "share_experience") + _STORIES)
    success = s.in_work
    if success is None:
        success = means_of(group, n, (w.post[s.rows] >= 0).astype(np.float64)[:, None])[:, 0]
    expected = 0.0 if stories == "worked" else 1.0 - (1.0 - _finding_rate(s)) ** (s.number - 1)
    told = 2.0 * (success - expected) * (w.stage[s.rows] >= WORKING)
    _move_scale(s, "morale", p.morale_sd, dose * p.story_effect * told)


def _finding_rate(s: Session) -> float:
    """Monthly rate at which people out of work find some, as it keeps last month's unemployment steady at its separations."""
    a = s.town.aggregates
    return float(np.clip(a.separation_rate * (1.0 - a.unemployment) / max(a.unemployment, 1e-3), 0.01, 0.5))


@lever("people.attribution", "people.support")
def discuss_causes(s: Session, dose: float = 1.0, toward: float = 1.0) -> None:
    """Discuss why things are as they are.

    Attribution moves toward ``toward`` (1: shared conditions, 0: oneself). Support for joint action then rises for those who
    lay setbacks to shared conditions and falls for those who lay them to themselves.
    """
    w, p = s.town.people, s.params.services
    old = w.attribution[s.rows].astype(np.float64)
    new = old + _share(dose, p.attribution_dose, s.quality) * (toward - old)
    w.attribution[s.rows] = new
    support = w.support[s.rows].astype(np.float64)
    step = _share(dose, p.cause_support, s.quality) * (2.0 * new - 1.0) * (1.0 - np.abs(support))
    w.support[s.rows] = np.clip(support + step, -1.0, 1.0)


@lever("people.community_weight")
def weigh_community(s: Session, dose: float = 1.0) -> None:
    """Weigh what ties and community here are worth to oneself: up, or down with a negative dose."""
    w, p = s.town.people, s.params.services
    old = w.community_weight[s.rows].astype(np.float64)
    new = old * (1.0 + np.clip(dose * p.community_dose * s.quality, -1.0, 1.0))
    w.community_weight[s.rows] = np.minimum(new, np.maximum(old, p.community_weight_max))


@lever("tallies.took_part")
def take_part(s: Session) -> None:
    """Take part in a group or joint action of residents: counted as activity, of which civic capital is a slow mean."""
    s.town.tallies["took_part"] = s.town.tallies.get("took_part", 0.0) + float(len(s.rows))


@lever("people.interests", "people.considered")
def try_work(s: Session, occupations: np.ndarray, dose: float = 1.0) -> None:
    """Give each person served a taste of an occupation (index; -1 none): a work experience, without a post or pay.

    Interests move toward the occupation's Holland profile by ``dose . experience_interest`` of the distance, at unit length, and
    with the chance that any session has of widening the horizon the occupation is seen as open.
    """
    s, occupations = s.only(occupations >= 0), occupations[occupations >= 0]
    w = s.town.people
    old = w.interests[s.rows].astype(np.float64)
    share = _share(dose, s.params.coaching.experience_interest, s.quality)
    new = old + share[:, None] * (s.town.occupations.riasec[occupations] - old)
    w.interests[s.rows] = new / np.sqrt((new * new).sum(axis=1))[:, None]
    bits = np.left_shift(np.uint32(1), occupations.astype(np.uint32))
    _suggest(s, _share(dose, s.params.services.widen_chance, s.quality), bits, _first_draw(s, "try_work") + _TRIALS)


@lever("people.considered")
def teach_others(s: Session, dose: float = 1.0, only: int = 0xFFFFFFFF) -> None:
    """Let those served tell their contacts at school or in study of an occupation (of ``only``) that they consider themselves.

    Each such contact hears of one by the chance of widening a horizon times the strength of the tie, and may come to consider it.
    """
    w, t = s.town.people, s.town.ties
    chances = _share(dose, s.params.services.widen_chance, s.quality)
    kernels.tell_of_occupations(
        s.rows, chances, np.uint32(only), s.town.key, s.month, s.slot, w.id, w.residence, w.stage, w.interests, t.contact,
        t.strength, s.town.occupations.riasec, w.considered.copy(), w.considered,
    )  # fmt: skip


# --- ties ------------------------------------------------------------------------------------------------------------


@lever("ties.strength")
def strengthen_ties(s: Session, dose: float = 1.0) -> None:
    """Strengthen present ties of those served to residents, on both sides."""
    _strengthen(s, dose, HERE)


@lever("ties.strength")
def keep_tie(s: Session, dose: float = 1.0) -> None:
    """Keep ties of those served to people who left town, on both sides."""
    _strengthen(s, dose, ELSEWHERE)


def _strengthen(s: Session, dose: float, residence: int) -> None:
    w, t = s.town.people, s.town.ties
    gain = np.zeros(w.id.shape[0], np.float64)
    gain[s.rows] = _share(dose, s.params.services.tie_gain, s.quality)
    kernels.strengthen(s.rows, gain, w.residence, residence, t.contact, t.strength)


@lever("people.knows_elsewhere", "tallies.proposals")
def introduce(s: Session, partners: np.ndarray, kind: int = BROKERED) -> None:
    """Introduce each person served to a partner (row; -1 nobody); the tie lives if both keep it (6.9).

    The one ``elsewhere_share`` of introductions is to somebody in work elsewhere instead, and shows them elsewhere.
    """
    share = s.params.services.elsewhere_share
    draw = _first_draw(s, "introduce") + s.slot * 1024
    away = (chance.uniforms(s.town.key, chance.ELSEWHERE_SHARE, s.month, s.ids, draw) < share) & (partners >= 0)
    partners = partners.astype(np.int32)
    if away.any():
        going = s.only(away)
        _show_elsewhere(going, 1.0)
        partners[away] = find_elsewhere(going)
    _propose(s, s.rows[partners >= 0], partners[partners >= 0], kind)


@lever("tallies.proposals")
def introduce_each_other(s: Session, kind: int = COACHING_GROUP) -> None:
    """Introduce the members of each group to each other."""
    _propose(s, *pairs_of_groups(s), kind)


def _propose(s: Session, rows: np.ndarray, partners: np.ndarray, kind: int) -> None:
    strength = np.full(len(rows), s.params.services.introduction_strength, np.float32)
    proposal = (rows.astype(np.int32), partners, np.full(len(rows), kind, np.int8), strength)
    s.town.tallies.setdefault("proposals", []).append(proposal)


# --- employers -------------------------------------------------------------------------------------------------------


@lever("employers.campaign_until")
def organise(s: Session, employers: np.ndarray, months: int | None = None) -> None:
    """Run an organising campaign at the given employers; what it does to support is 6.10."""
    until = s.month + (s.params.services.campaign_months if months is None else months)
    running = s.town.employers.campaign_until
    running[employers] = np.maximum(running[employers], until)


@lever("people.support")
def organise_members(s: Session) -> None:
    """Organise a group for joint action: members' support moves to the aim of a campaign at its rate, if below (6.10)."""
    p, support = s.params.organising, s.town.people.support
    old = support[s.rows].astype(np.float64)
    support[s.rows] = old + p.campaign_rate * np.maximum(p.campaign_aim - old, 0.0)


@lever("employers.taste_gender", "employers.taste_ethnicity")
def challenge_taste(s: Session, employers: np.ndarray, dose: float = 1.0) -> None:
    """Challenge how the given employers choose whom to hire; an employer named n times is approached n times."""
    left = (1.0 - min(dose * s.params.services.taste_dose, 1.0)) ** np.bincount(
        employers, minlength=len(s.town.employers)
    )
    for taste in (s.town.employers.taste_gender, s.town.employers.taste_ethnicity):
        taste[:] = taste * left


@lever("employers.wage_floor")
def agree_floor(s: Session, employer: int, level: float) -> None:
    """Let an employer agree a floor under its pay, in GBP per month; what follows for pay and heads is 6.2 and 6.3."""
    s.town.employers.wage_floor[employer] = max(s.town.employers.wage_floor[employer], level)


@lever("posts.commuters")
def hire_locally(s: Session, employers: np.ndarray) -> None:
    """Let employers advertise here the posts that in-commuters leave: ``local_hiring_rate`` of their heads a month."""
    p, hires_here = s.town.posts, np.zeros(len(s.town.employers), bool)
    hires_here[employers] = True
    posts = np.flatnonzero(hires_here[p.employer] & (p.commuters > 0))
    luck = chance.uniforms(s.town.key, chance.CONTENT, s.month, posts, _LOCAL_HIRING)
    p.commuters[posts] -= np.floor(p.commuters[posts] * s.params.services.local_hiring_rate + luck).astype(np.int32)


@lever(*ENTERPRISE_COLUMNS)
def open_posts(s: Session, employer: int, heads: np.ndarray) -> None:
    """Open posts: found a community enterprise in a free row, with ``heads`` by occupation that are worth less than their pay.

    Value product is ``enterprise_value`` of typical pay, without rent or fixed cost; L0 is such that the heads are wanted now.
    Its profit stays here.
    """
    found_employer(s.town, s.params, employer, heads)


@lever("employers.subsidy")
def subsidise(s: Session, employer: int, gbp: float) -> None:
    """Grant an employer a sum toward pay above value product; it is paid next month and counts in its profit (6.2)."""
    s.town.employers.subsidy[employer] += gbp
