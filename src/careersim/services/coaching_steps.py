"""Steps that a group, or a client with an adviser, may take: what each is for, and the levers it uses.

Every step is made of levers that other strategies use too, at the same strength, so what it leads to emerges. Which barrier a
step answers and which goal it serves is this model's assumption (the source links neither); a plan may hold individual and joint steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from careersim import chance
from careersim.services import joint_actions, levers
from careersim.services.partners import find_brokers
from careersim.services.session import Session
from careersim.services.stories import Topic
from careersim.town.columns import OUTSIDE

_POSTS = 1024
_HOST = 1
_TRIES = 160
PROPOSED_AT = 4
"""Session at which a small group proposes the joint action of its plan: Transition."""


@dataclass(frozen=True)
class Step:
    """A step: in words, alone or jointly, which barriers it answers, which goals it serves, levers, and what is done."""

    name: str
    says: str
    """In words; ``{topic}`` stands for what the programme is about."""
    joint: bool
    answers: frozenset[str]
    serves: frozenset[str]
    levers: frozenset[str]
    take: Callable[[Session, Topic], None]


def draw_posts(s: Session, wanted: np.ndarray, k: int) -> np.ndarray:
    """Draw a post among ``wanted`` (a mask over posts) for each person served; -1 where none is found in many tries."""
    found, n = np.full(len(s.rows), -1, np.int64), len(wanted)
    for attempt in range(_TRIES if wanted.any() else 0):
        left = np.flatnonzero(found < 0)
        if len(left) == 0:
            break
        draw = s.slot * 65536 + _POSTS * k + attempt
        drawn = (chance.uniforms(s.town.key, chance.COACHING, s.month, s.ids[left], draw) * n).astype(np.int64)
        hit = wanted[drawn]
        found[left[hit]] = drawn[hit]
    return found


def _local_posts(s: Session, topic: Topic) -> np.ndarray:
    """Mask of posts of the topic at the place's own employers."""
    p = s.town.posts
    return topic.occupations[p.occupation] & (p.sector != OUTSIDE) & (s.town.employers.alive[p.employer] == 1)


def meet_examples(s: Session, topic: Topic) -> None:
    """Introduce everybody to a willing broker of their own gender who holds a post of the topic (any broker if it is open)."""
    w, posts = s.town.people, s.town.posts
    does_it = (w.post >= 0) & topic.occupations[posts.occupation[np.maximum(w.post, 0)]]
    partners = np.full(len(s.rows), -1, np.int32)
    for gender in (0, 1):
        mine = w.gender[s.rows] == gender
        if mine.any():
            among = does_it & (w.gender == gender)
            partners[mine] = find_brokers(s.only(mine), among=None if topic.is_open else among)
    s.given_by(partners)
    levers.introduce(s, partners)
    met = float((partners >= 0).sum())
    s.charge("unpaid_value", met * s.params.services.mentor_hours * s.params.services.price_unpaid_hour)


def experience_work(s: Session, topic: Topic) -> None:
    """Give everybody a work experience at an employer who takes people for it, in an occupation of the topic; hosts' hours are priced."""
    p, c = s.town.posts, s.params.coaching
    hosts = np.arange(len(s.town.employers), dtype=np.uint32)
    willing = chance.uniforms(s.town.key, chance.COACHING, 0, hosts, _HOST) < c.host_share
    posts = draw_posts(s, _local_posts(s, topic) & (p.holders > 0) & willing[p.employer], 0)
    levers.try_work(s, np.where(posts >= 0, p.occupation[np.maximum(posts, 0)], -1).astype(np.int64))
    s.charge("employer_cost", float((posts >= 0).sum()) * c.host_hours * s.params.services.price_unpaid_hour)


def approach_employers(s: Session, topic: Topic) -> None:
    """Each member speaks, for the group, to an employer with posts of the topic about whom they choose."""
    posts = draw_posts(s, _local_posts(s, topic), 1)
    levers.challenge_taste(s, s.town.posts.employer[posts[posts >= 0]])


def find_out(s: Session, topic: Topic) -> None:
    """Look up typical odds, and something of what lies elsewhere."""
    levers.correct_beliefs(s)
    levers.show_elsewhere(s)


def _step(
    name: str, says: str, joint: bool, answers: str, serves: str, uses: str, take: Callable[[Session, Topic], None]
) -> Step:
    return Step(name, says, joint, frozenset(answers.split()), frozenset(serves.split()), frozenset(uses.split()), take)


def _action(name: str, says: str, serves: str) -> Step:
    """A joint action (model.md 6.10) proposed by a small group; whether members join, and it is carried, is decided there."""
    action = joint_actions.JOINT_ACTIONS[name]

    def propose(s: Session, topic: Topic) -> None:
        joint_actions.propose(s, name, np.unique(s.group[s.number == PROPOSED_AT]))

    levers_used = joint_actions.levers_of([name])
    return Step(name, says, True, action.answers, frozenset(serves.split()), levers_used, propose)


STEPS: tuple[Step, ...] = (
    _step(
        "practise_applying", "practise applying and interviews", False, "applying", "enter",
        "raise_career_skill", lambda s, topic: levers.raise_career_skill(s),
    ),
    _step(
        "know_oneself", "find out what suits each of us", False, "self_knowledge interest", "widen",
        "raise_self_awareness", lambda s, topic: levers.raise_self_awareness(s),
    ),
    _step(
        "look_into_topic", "look into {topic}: what it takes and where it leads", False, "horizon interest", "enter",
        "widen_considered", lambda s, topic: levers.widen_considered(s, only=int(topic.bits)),
    ),
    _step(
        "look_widely", "look at work we had not thought of", False, "horizon self_knowledge", "widen",
        "widen_considered", lambda s, topic: levers.widen_considered(s),
    ),
    _step(
        "find_out", "find out what the chances really are, here and elsewhere", False, "information closed_doors few_posts",
        "enter widen", "correct_beliefs show_elsewhere", find_out,
    ),
    _step(
        "encourage", "encourage each other", False, "heart", "keep_going", "lift_morale",
        lambda s, topic: levers.lift_morale(s),
    ),
    _step(
        "use_contacts", "ask the people we know already", False, "contacts", "know_people", "strengthen_ties",
        lambda s, topic: levers.strengthen_ties(s),
    ),
    _step(
        "meet_examples", "meet people like us who do it, as mentors", True, "examples contacts", "know_people enter",
        "introduce", meet_examples,
    ),
    _step(
        "experience_work", "go together to see and try the work", True, "interest examples", "enter", "try_work",
        experience_work,
    ),
    _step(
        "approach_employers", "speak to employers about whom they choose", True, "closed_doors examples", "be_chosen enter",
        "challenge_taste", approach_employers,
    ),
    _step(
        "discuss_causes", "talk about why things are as they are", True, "closed_doors few_posts low_pay heart",
        "be_chosen better_pay", "discuss_causes", lambda s, topic: levers.discuss_causes(s),
    ),
    _step(
        "teach_others", "teach others what we found", True, "horizon heart", "keep_going", "teach_others",
        lambda s, topic: levers.teach_others(s, only=int(topic.bits)),
    ),
    _action("employer_compact", "agree with an employer on placements and on hiring here", "enter"),
    _action("wage_floor", "campaign for a wage floor", "better_pay"),
    _action("community_enterprise", "open a community enterprise", "enter"),
)  # fmt: skip
"""Every step; the position is its code in the record."""
STEP_NAMES = tuple(s.name for s in STEPS)
