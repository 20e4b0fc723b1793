"""The stages of coaching (Meldrum 2017): Vision, Activities, Steps, Transition, and carrying out the plan.

1. *Vision*, the whole group. Each member votes for the goal with the largest ``appeal + aim_anchor . [planned aim] + vote_luck . z``;
   the goal with most votes is agreed, whatever was planned.
2. *Activities*, small groups. Members share stories (a lever) and get to know each other (a lever). The facilitator hears the stories,
   with error; the share of members heard to tell of a barrier makes it a theme. Themes are fed back to the whole group.
3. *Steps*, small groups. Worth of a step = the largest share heard for the barriers it answers, own group's and whole group's
   (``feedback``), ``+ goal_weight . [serves the agreed goal] + vote_luck . z``; the ``options_explored`` best are explored and fed back.
4. *Transition*, small groups. Options of all small groups lie on the table. Each member backs the ``plan_length`` best by ``[answers a
   barrier of mine] + goal_weight . [serves the goal] + vote_luck . z``; the plan takes the steps with most backers.
5. From Transition on each month the steps of the plan are taken, by levers; a joint action of 6.10 in it is proposed, and becomes what
   those who join make of it. At the last session the whole group - also those who have left
   it since - looks at the sign of its goal again.

Members know their own barriers; facilitators know what they heard. A bad inference wastes time on options that answer nobody's barrier.
That themes lead to options, and goals to steps, is this model's assumption. z is standard normal luck keyed by (member or lead, month).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careersim import chance
from careersim.services import diary, levers
from careersim.services.coaching_steps import STEP_NAMES, STEPS
from careersim.services.goals import GOAL_NAMES, GOALS, appeals, sign_of
from careersim.services.groups import Groups
from careersim.services.session import Session
from careersim.services.stories import BARRIER_NAMES, Own, heard, luck, own_view, stories, topic_of
from careersim.town.columns import HERE
from careersim.town.sums import counts_of

if TYPE_CHECKING:
    from careersim.services.collective_coaching import CollectiveCoaching

VISION, ACTIVITIES, STEPS_STAGE, TRANSITION = 1, 2, 3, 4
"""Sessions in which the stages fall; later sessions carry the plan out."""
_VOTE, _TIE, _STEP, _TABLE = 128, 192, 256, 320
_ANSWERS = np.array([[name in step.answers for name in BARRIER_NAMES] for step in STEPS])
_SERVES = np.array([[name in step.serves for name in GOAL_NAMES] for step in STEPS])


def hold(plan: CollectiveCoaching, session: Session) -> None:
    """Hold this month's session with every group, each at its stage."""
    number = session.number
    for stage, work in (
        (VISION, envision),
        (ACTIVITIES, share_stories),
        (STEPS_STAGE, explore),
        (TRANSITION, write_plan),
    ):
        there = session.only(number == stage)
        if len(there.rows):
            work(plan, there)
    acting = session.only(number >= TRANSITION)
    if len(acting.rows):
        carry_out(plan, acting)
    last = session.only(number == plan.sessions)
    if len(last.rows) and not session.shadow:
        revisit(plan, last)


def _own(plan: CollectiveCoaching, s: Session) -> Own:
    return own_view(s.town, s.rows, s.month, topic_of(plan.topic, s.town))


def _normals(s: Session, ids: np.ndarray, k: int, n: int) -> np.ndarray:
    """Return luck of ``n`` things for each identity."""
    draws = chance.normals_of(s.town.key, chance.COACHING, s.month, ids.astype(np.uint32), s.slot * 4096 + k, n)
    return draws * s.params.coaching.vote_luck


def _most(votes: np.ndarray, s: Session, leads: np.ndarray, n: int) -> np.ndarray:
    """Return, group by group, the ``n`` things with most votes (ties by luck of the lead), best first."""
    tie_break = 0.5 * luck(s, leads.astype(np.uint32), _TIE, votes.shape[1])
    return np.argsort(-(votes + tie_break), axis=1, kind="stable")[:, :n]


def _backed(values: np.ndarray, n: int) -> np.ndarray:
    """Return a mask of each row's ``n`` largest values; what is worth minus infinity is never backed."""
    best = np.argsort(-values, axis=1, kind="stable")[:, :n]
    out = np.zeros(values.shape, bool)
    np.put_along_axis(out, best, True, axis=1)
    return out & np.isfinite(values)


def _note(s: Session, what: int, *line) -> None:
    """Add lines to the diary: whole groups, small groups, codes and values (nobody reads the diary of what is only imitated)."""
    if not s.shadow:
        diary.note(s.memory, s.month, what, *line)


# --- the stages ------------------------------------------------------------------------------------------------------


def envision(plan: CollectiveCoaching, s: Session) -> None:
    """Vision: the whole group votes on its goal."""
    groups, own = Groups(s.memory), _own(plan, s)
    wish = appeals(own) + _normals(s, s.ids, _VOTE, len(GOALS))
    wish[:, plan.aim_code] += s.params.coaching.aim_anchor
    wholes, whole = np.unique(groups.column("whole")[s.group], return_inverse=True)
    votes = counts_of(whole, len(wholes), _backed(wish, 1))
    first = np.unique(whole, return_index=True)[1]
    agreed = _most(votes, s, groups.column("whole_lead")[s.group[first]], 1)[:, 0]
    small = np.unique(s.group)
    goal_of = dict(zip(wholes.tolist(), agreed.tolist(), strict=True))
    groups.column("agreed")[small] = [goal_of[w] for w in groups.column("whole")[small].tolist()]
    n_small = np.array([np.count_nonzero(groups.column("whole")[small] == w) for w in wholes])
    _note(s, diary.FACILITATORS, wholes, -1, 0, n_small)
    _note(s, diary.VOTED, wholes, -1, np.arange(len(GOALS))[:, None], votes.T)
    _note(s, diary.AGREED, wholes, -1, agreed, votes[np.arange(len(wholes)), agreed])
    if not s.shadow:
        _look(plan, s, wholes, diary.BEFORE)


def share_stories(plan: CollectiveCoaching, s: Session) -> None:
    """Activities: stories are shared, and themes heard, in each small group."""
    if plan.format == "group":
        levers.share_experience(s)
        levers.introduce_each_other(s)
    own = _own(plan, s)
    told = stories(own, s.params.coaching)
    small, index = np.unique(s.group, return_inverse=True)
    listened, true = (counts_of(index, len(small), x) for x in (heard(s, own, told), told))
    whole = Groups(s.memory).column("whole")[small]
    barriers = np.arange(len(BARRIER_NAMES))[:, None]
    _note(s, diary.HEARD, whole, small, barriers, listened.T)
    _note(s, diary.TOLD, whole, small, barriers, true.T)
    shares = s.memory.setdefault("group_heard", np.empty((0, len(BARRIER_NAMES))))
    grown = np.zeros((len(Groups(s.memory)), len(BARRIER_NAMES)))
    grown[: len(shares)] = shares
    grown[small] = listened / np.bincount(index)[:, None]
    s.memory["group_heard"] = grown


def explore(plan: CollectiveCoaching, s: Session) -> None:
    """Steps: each small group explores the options that seem to answer most."""
    groups, p = Groups(s.memory), s.params.coaching
    small = np.unique(s.group)
    wholes, whole = np.unique(groups.column("whole")[small], return_inverse=True)
    mine = s.memory.get("group_heard", np.zeros((0, len(BARRIER_NAMES))))
    mine = np.vstack([mine, np.zeros((len(groups) - len(mine), len(BARRIER_NAMES)))])[small]
    fed_back = np.vstack([np.sort(mine[whole == w], axis=0).mean(axis=0) for w in range(len(wholes))])[whole]
    theme = (1.0 - p.feedback) * mine + p.feedback * fed_back
    worth = np.max(theme[:, None, :] * _ANSWERS[None], axis=2)
    worth += p.goal_weight * _SERVES[:, groups.column("agreed")[small]].T
    worth += _normals(s, groups.column("lead")[small], _STEP, len(STEPS))
    worth[:, ~_offered(plan)] = -np.inf
    chosen = _backed(worth, plan.options_explored)
    groups.column("options")[small] = _as_bits(chosen)
    _note_steps(s, diary.OPTION, small, chosen, worth)


def write_plan(plan: CollectiveCoaching, s: Session) -> None:
    """Transition: each small group writes a plan, of the options of all."""
    groups, p = Groups(s.memory), s.params.coaching
    small, index = np.unique(s.group, return_inverse=True)
    wholes, whole = np.unique(groups.column("whole")[small], return_inverse=True)
    table = np.zeros(len(wholes), np.int64)
    np.bitwise_or.at(table, whole, groups.column("options")[small])
    on_table = (table[whole][:, None] >> np.arange(len(STEPS))) & 1 == 1
    answers_me = (stories(_own(plan, s), p).astype(int) @ _ANSWERS.T) > 0
    worth = answers_me + p.goal_weight * _SERVES[:, groups.column("agreed")[s.group]].T
    worth = worth + _normals(s, s.ids, _TABLE, len(STEPS))
    worth[~on_table[index]] = -np.inf
    votes = counts_of(index, len(small), _backed(worth, plan.plan_length))
    best = _most(votes, s, groups.column("lead")[small], plan.plan_length)
    taken = np.zeros(votes.shape, bool)
    np.put_along_axis(taken, best, True, axis=1)
    taken &= votes > 0
    groups.column("plan")[small] = _as_bits(taken)
    _note_steps(s, diary.PLANNED, small, taken, votes)


def _note_steps(s: Session, what: int, small: np.ndarray, which: np.ndarray, worth: np.ndarray) -> None:
    """Note the steps that each small group comes to (a mask, groups by steps), and what each is worth to it."""
    step, group = np.nonzero(which.T)
    whole = Groups(s.memory).column("whole")[small[group]]
    _note(s, what, whole, small[group], step, worth[group, step])


def carry_out(plan: CollectiveCoaching, s: Session) -> None:
    """Take the steps of the plans: those toward a goal about the topic keep to its occupations."""
    groups, topic = Groups(s.memory), topic_of(plan.topic, s.town)
    anything = topic_of("work", s.town)
    steps, agreed = groups.column("plan")[s.group], groups.column("agreed")[s.group]
    keeps = np.array([goal.about_topic for goal in GOALS])[agreed]
    for k, step in enumerate(STEPS):
        for subject, here in ((topic, keeps), (anything, ~keeps)):
            there = s.only(((steps >> k) & 1 == 1) & here)
            if len(there.rows):
                step.take(there, subject)


def revisit(plan: CollectiveCoaching, s: Session) -> None:
    """The whole group looks at the sign of its goal again."""
    groups = Groups(s.memory)
    wholes, n = np.unique(groups.column("whole")[s.group], return_counts=True)
    _, of_whole = groups.began(wholes)
    _note(s, diary.LEFT, wholes, -1, 0, np.bincount(of_whole, minlength=len(wholes)) - n)
    _look(plan, s, wholes, diary.AFTER)


def _look(plan: CollectiveCoaching, s: Session, wholes: np.ndarray, what: int) -> None:
    """Note the sign of each whole group's goal, over all who began and live here."""
    groups, w = Groups(s.memory), s.town.people
    ids, of_whole = groups.began(wholes)
    by_id = np.argsort(w.id)
    rows = by_id[np.searchsorted(w.id, ids, sorter=by_id)]
    here = w.residence[rows] == HERE
    own = own_view(s.town, rows[here], s.month, topic_of(plan.topic, s.town))
    first = np.unique(groups.column("whole"), return_index=True)
    agreed = groups.column("agreed")[first[1][np.searchsorted(first[0], wholes)]]
    for goal in np.unique(agreed):
        chosen = np.flatnonzero(agreed == goal)
        signs = sign_of(int(goal), own, of_whole[here], len(wholes))[chosen]
        _note(s, what, wholes[chosen], -1, goal, signs)


def _offered(plan: CollectiveCoaching) -> np.ndarray:
    """Mask over steps: those of the repertoire that can be taken in this format."""
    alone = plan.format == "one_to_one"
    return np.array([name in plan.repertoire and not (alone and STEPS[k].joint) for k, name in enumerate(STEP_NAMES)])


def _as_bits(chosen: np.ndarray) -> np.ndarray:
    """Return a bit set for each row of a mask."""
    return (chosen.astype(np.int64) << np.arange(chosen.shape[1])).sum(axis=1)
