"""Barriers as people tell of them: what a member's own story says, and what is heard of it.

A story is read from what the member knows of themself, thinks, and sees among their own contacts: never from true odds, employers'
tastes, or anybody else's columns. What is heard of it is wrong with the chance `Coaching.story_error`, by luck keyed to the
member and the month. A group with a facilitator hears the stories of its members, an adviser those of one client: the rule is the same,
only the number of stories differs.

Whether a barrier is micro (in the person), meso (in the people and bodies around) or macro (in the market and society) prompts the
telling and orders the record. It routes nothing: any barrier may be answered by individual and by joint steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from careersim import chance
from careersim.kernels import kernel
from careersim.scenario.parameters.coaching import Coaching
from careersim.services.session import Session
from careersim.town.columns import DISCOURAGED, HERE, WORKING
from careersim.town.efficiency import ANYBODYS_LIKENESS
from careersim.town.sums import FRACTION, PENCE, fixed
from careersim.town.town import Town

_HEARD = 64
_POPCOUNT = np.array([bin(x).count("1") for x in range(256)], np.int64)


@dataclass(frozen=True)
class Topic:
    """What a programme is about: a name in words, and the occupations meant."""

    words: str
    occupations: np.ndarray
    """Mask over occupations."""

    @cached_property
    def bits(self) -> np.uint32:
        """The occupations as a bit set, like the column `considered`."""
        return np.uint32(sum(1 << int(o) for o in np.flatnonzero(self.occupations)))

    @cached_property
    def is_open(self) -> bool:
        """Whether it is about work of any kind."""
        return bool(self.occupations.all())


TOPICS = ("work", "stem", "higher")
"""Topics that a plan may name: work of any kind, posts that ask for STEM, posts of the highest class."""


def topic_of(name: str, town: Town) -> Topic:
    """Return the topic of that name in this town; work of any kind if the town has no such occupations."""
    o = town.occupations
    if name == "stem" and (o.stem == 1).any():
        return Topic("science, technology, engineering and maths", o.stem == 1)
    if name == "higher" and (o.social_class == 2).any():
        return Topic("professional and managerial work", o.social_class == 2)
    return Topic("work", np.ones(len(o), bool))


@dataclass(frozen=True)
class Own:
    """What each of those who tell stories knows of themself and sees among their contacts (one entry a person)."""

    town: Town
    rows: np.ndarray
    month: int
    topic: Topic
    n_considered: np.ndarray
    """Occupations considered."""
    n_topic: np.ndarray
    """Occupations of the topic considered."""
    likeness: np.ndarray
    """Likeness of own interests to what people do in the topic's occupations (best of them)."""
    in_work: np.ndarray
    """Contacts in work here."""
    out_of_work: np.ndarray
    """Contacts here who would work and have no post."""
    in_topic: np.ndarray
    """Contacts who hold a post of the topic."""
    like_me_in_topic: np.ndarray
    """Those of them of one's own gender."""
    contacts_pay: np.ndarray
    """Mean pay of contacts in work, GBP per month; 0 without any."""
    believed_odds: np.ndarray
    """Mean believed odds in the occupations considered (of the topic, if any of it is considered)."""


@kernel
def look_at_oneself(rows, considered, odds_belief, interests, riasec, wanted, n_considered, n_wanted, likeness, odds):
    """Count the occupations each person considers, and the wanted ones of these; likeness to the wanted; mean odds believed in."""
    for r in range(rows.shape[0]):
        i, all_odds, wanted_odds = rows[r], np.int64(0), np.int64(0)
        likeness[r] = -np.inf
        for o in range(wanted.shape[0]):
            if considered[i] & np.uint32(1 << o):
                n_considered[r] += 1
                all_odds += fixed(np.float64(odds_belief[i, o]), FRACTION)
                if wanted[o]:
                    n_wanted[r] += 1
                    wanted_odds += fixed(np.float64(odds_belief[i, o]), FRACTION)
            if wanted[o]:
                score = 0.0
                for d in range(riasec.shape[1]):
                    score += interests[i, d] * riasec[o, d]
                likeness[r] = max(likeness[r], score)
        n, total = (n_wanted[r], wanted_odds) if n_wanted[r] else (n_considered[r], all_odds)
        odds[r] = total / FRACTION / max(n, 1)


@kernel
def look_round(rows, contact, residence, stage, reason, post, pay, gender, occupation, wanted, counts, mean_pay):
    """Count each person's contacts: in work, out of work, in posts wanted, of these of one's own gender; and mean their pay."""
    for r in range(rows.shape[0]):
        i = rows[r]
        total = np.int64(0)
        for k in range(contact.shape[1]):
            j = contact[i, k]
            if j < 0 or residence[j] != HERE:
                continue
            if post[j] >= 0:
                counts[r, 0] += 1
                total += fixed(pay[j], PENCE)
                if wanted[occupation[post[j]]]:
                    counts[r, 2] += 1
                    counts[r, 3] += gender[j] == gender[i]
            elif stage[j] == WORKING and (reason[j] == 0 or reason[j] == DISCOURAGED):
                counts[r, 1] += 1
        mean_pay[r] = total / PENCE / counts[r, 0] if counts[r, 0] else 0.0


def n_bits(sets: np.ndarray) -> np.ndarray:
    """Return how many occupations each bit set holds."""
    return _POPCOUNT[sets & np.uint32(0xFF)] + _POPCOUNT[(sets >> np.uint32(8)) & np.uint32(0xFF)]


def own_view(town: Town, rows: np.ndarray, month: int, topic: Topic) -> Own:
    """Return what each of ``rows`` knows of themself and sees among their contacts."""
    w, n = town.people, len(rows)
    n_considered, n_topic, likeness, odds = np.zeros(n, np.int64), np.zeros(n, np.int64), np.empty(n), np.empty(n)
    look_at_oneself(
        rows, w.considered, w.odds_belief, w.interests, town.occupations.riasec, topic.occupations, n_considered, n_topic, likeness,
        odds,
    )  # fmt: skip
    counts, mean_pay = np.zeros((n, 4), np.int64), np.empty(n)
    look_round(
        rows, town.ties.contact, w.residence, w.stage, w.reason, w.post, w.pay, w.gender, town.posts.occupation,
        topic.occupations, counts, mean_pay,
    )  # fmt: skip
    in_work, out_of_work, in_topic, like_me = counts.T
    return Own(
        town,
        rows,
        month,
        topic,
        n_considered,
        n_topic,
        likeness,
        in_work,
        out_of_work,
        in_topic,
        like_me,
        mean_pay,
        odds,
    )


def _with_topic(own: Own) -> np.ndarray:
    return np.full(len(own.rows), not own.topic.is_open)


def _in_work(own: Own) -> np.ndarray:
    return np.asarray(own.town.people.post[own.rows] >= 0)


@dataclass(frozen=True)
class Barrier:
    """Something that may stand in the way, as the person it stands in the way of would say it."""

    name: str
    level: str
    """micro, meso or macro."""
    says: str
    tells: Callable[[Own, Coaching], np.ndarray]
    """Who has a story of it (a mask)."""
    concerns: Callable[[Own], np.ndarray] | None = None
    """Whom it can concern at all (None: anybody): nobody else is asked, or misheard."""


def _low(column: str) -> Callable[[Own, Coaching], np.ndarray]:
    return lambda own, p: getattr(own.town.people, column)[own.rows] < p.story_below


def _narrow(own: Own, p: Coaching) -> np.ndarray:
    none_of_topic = (own.n_topic == 0) & (not own.topic.is_open)
    return np.asarray(none_of_topic | (own.n_considered < p.few_occupations))


def _uninterested(own: Own, p: Coaching) -> np.ndarray:
    return np.asarray(own.likeness < ANYBODYS_LIKENESS)


def _uninformed(own: Own, p: Coaching) -> np.ndarray:
    w = own.town.people
    return np.asarray(w.digital_access[own.rows] * w.digital_literacy[own.rows] < p.story_below)


def _alone(own: Own, p: Coaching) -> np.ndarray:
    return np.asarray(own.in_work < p.few_contacts)


def _no_example(own: Own, p: Coaching) -> np.ndarray:
    return np.asarray(own.like_me_in_topic == 0)


def _doors_closed(own: Own, p: Coaching) -> np.ndarray:
    """Odds are believed to be poor and laid to shared conditions, or only others than people like me are seen in the work."""
    w = own.town.people
    unlucky = (own.believed_odds < p.poor_odds) & (w.attribution[own.rows] >= 0.5)
    only_others = (own.in_topic > 0) & (own.like_me_in_topic == 0) & (not own.topic.is_open)
    return np.asarray(unlucky | only_others)


def _too_few_posts(own: Own, p: Coaching) -> np.ndarray:
    since = own.town.people.jobless_since[own.rows]
    return np.asarray(((since >= 0) & (own.month - since >= p.long_search)) | (own.out_of_work > own.in_work))


def _badly_paid(own: Own, p: Coaching) -> np.ndarray:
    w = own.town.people
    return np.asarray(w.pay[own.rows] < p.low_pay * own.contacts_pay)


BARRIERS: tuple[Barrier, ...] = (
    Barrier("applying", "micro", "I do not know how to apply and put myself across", _low("career_skill")),
    Barrier("self_knowledge", "micro", "I do not know what would suit me", _low("self_awareness")),
    Barrier("heart", "micro", "I have lost heart", _low("morale")),
    Barrier("horizon", "micro", "I can see little that is open to somebody like me", _narrow),
    Barrier("interest", "micro", "that kind of work does not interest me", _uninterested, _with_topic),
    Barrier("information", "meso", "I cannot find out what there is", _uninformed),
    Barrier("contacts", "meso", "I know hardly anybody in work", _alone),
    Barrier("examples", "meso", "I know nobody like me who does that work", _no_example, _with_topic),
    Barrier("closed_doors", "macro", "they do not take people like us", _doors_closed),
    Barrier("few_posts", "macro", "there is not enough work to go round", _too_few_posts),
    Barrier("low_pay", "macro", "we are paid less than others", _badly_paid, _in_work),
)
"""Every barrier that stories may tell of; the position is its code in the record."""
BARRIER_NAMES = tuple(b.name for b in BARRIERS)


def stories(own: Own, p: Coaching) -> np.ndarray:
    """Return who has a story of what: a mask, people by barriers."""
    return np.column_stack([b.tells(own, p) for b in BARRIERS]) & _concerned(own)


def _concerned(own: Own) -> np.ndarray:
    """Return whom each barrier can concern: a mask, people by barriers."""
    out = np.ones((len(own.rows), len(BARRIERS)), bool)
    for k, barrier in enumerate(BARRIERS):
        if barrier.concerns is not None:
            out[:, k] = barrier.concerns(own)
    return out


def heard(session: Session, own: Own, told: np.ndarray) -> np.ndarray:
    """Return what is heard of the stories ``told``: each is wrong with the chance `Coaching.story_error`."""
    misheard = luck(session, session.ids, _HEARD, len(BARRIERS)) < session.params.coaching.story_error
    return told ^ (misheard & _concerned(own))


def luck(session: Session, ids: np.ndarray, first: int, n: int) -> np.ndarray:
    """Return ``n`` draws of this service's month, from the ``first``, for each identity: identities by draws."""
    return chance.uniforms_of(session.town.key, chance.COACHING, session.month, ids, session.slot * 4096 + first, n)
