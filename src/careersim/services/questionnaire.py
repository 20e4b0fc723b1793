"""Questionnaires of interests: what a system makes of the likes and dislikes that somebody ticks.

Written for each person ``i``, Holland dimension ``d`` (RIASEC), round of questions ``r`` and occupation ``o``:

1. Liking ``x_id``: the person's interests less their mean, over their standard deviation across the six dimensions.
2. Answer ``a_idr = five_points(x_id + b_id + (1 - self_awareness_i) . noise . z_idr)``, from -2 (dislike very much) to 2 (like very
   much), cut at +-0.5 and +-1.5: who does not know themselves answers at random. ``b`` is the bias of the items (equation 5).
3. Match ``m_io = sum_d (sum_r a_idr) . c_od``, c the occupation's Holland profile less its mean, at unit length: the correlation of
   answers with profile (Holland 1997; congruence as correlation). Suggested are the ``n_listed`` best matches among occupations
   whose requirements are within reach. There is no luck in matching: all who answer alike are given the same list.
4. The user goes on to another round until the best liked occupation of the list is liked enough, ``max_o interests . profile >=
   aspiration`` (Simon 1955, satisficing: one knows a thing one likes when one sees it), or ``most_rounds`` are over. Answers of all rounds
   count, so noise falls with refinement.
5. Item bias ``b_id = bias . t_d``, t the difference, over its standard deviation, between profiles of occupations typical of
   one's gender and of the other (weighted with women's share), and between those typical of high and low origin (social class),
   the latter times ``2 origin - 1``: items worded so that people recognise in them what is typical of people like them.

Sources: Holland 1997, *Making vocational choices*; Simon 1955, *A behavioral model of rational choice*; items' bias in interest
inventories: Einarsdottir and Rounds 2009 (sign).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from careersim import chance
from careersim.kernels import inlined, kernel
from careersim.services.lever_kernels import within_reach
from careersim.services.session import Session
from careersim.town.columns import Occupations


@dataclass(frozen=True)
class Questionnaire:
    """How a system asks and suggests."""

    n_listed: int
    most_rounds: int
    aspiration: float
    gender_bias: float = 0.0
    origin_bias: float = 0.0


@inlined
def five_points(x):
    """Likes and dislikes on five points."""
    return 2.0 if x >= 1.5 else 1.0 if x >= 0.5 else 0.0 if x > -0.5 else -1.0 if x > -1.5 else -2.0


@kernel
def liking(interests, i, x):
    """Write the person's liking of each dimension (1)."""
    mean, square = 0.0, 0.0
    for d in range(x.shape[0]):
        mean += interests[i, d] / x.shape[0]
    for d in range(x.shape[0]):
        square += (interests[i, d] - mean) ** 2 / x.shape[0]
    for d in range(x.shape[0]):
        x[d] = (interests[i, d] - mean) / max(np.sqrt(square), 1e-9)


@kernel
def best_matches(answers, contrast, reach, n_listed, match, picked):
    """Return the bit set of the ``n_listed`` best matches among occupations in ``reach`` (3); ties go to the first."""
    bits = np.uint32(0)
    for o in range(contrast.shape[0]):
        match[o] = 0.0
        picked[o] = not reach[o]
        for d in range(contrast.shape[1]):
            match[o] += answers[d] * contrast[o, d]
    for _ in range(n_listed):
        best = -1
        for o in range(contrast.shape[0]):
            if not picked[o] and (best < 0 or match[o] > match[best]):
                best = o
        if best >= 0:
            picked[best] = True
            bits |= np.uint32(1) << np.uint32(best)
    return bits


@kernel
def ask(
    rows, key, month, slot, noise, n_listed, most_rounds, aspiration, by_gender, by_origin, contrast, ids, gender, origin, stage,
    qualification, subject, self_awareness, interests, riasec, required, stem, lists, rounds,
):  # fmt: skip
    """Write the list suggested to each person and the rounds it took (1-4)."""
    n, n_dims = riasec.shape
    x, answers, match = np.empty(n_dims), np.empty(n_dims), np.empty(n)
    reach, picked = np.empty(n, np.bool_), np.empty(n, np.bool_)
    for r in range(rows.shape[0]):
        i = rows[r]
        liking(interests, i, x)
        for d in range(n_dims):
            x[d] += (1.0 if gender[i] == 1 else -1.0) * by_gender[d] + (2.0 * origin[i] - 1.0) * by_origin[d]
            answers[d] = 0.0
        for o in range(n):
            reach[o] = within_reach(stage[i], qualification[i], subject[i], required[o], stem[o])
        liked, unsure = -1.0, (1.0 - self_awareness[i]) * noise
        rounds[r] = 0
        while liked < aspiration and rounds[r] < most_rounds:
            for d in range(0, n_dims, 2):
                one, two = chance.normal2(key, chance.ANSWERS, month, ids[i], slot, 4 * rounds[r] + d // 2)
                answers[d] += five_points(x[d] + unsure * one)
                answers[d + 1] += five_points(x[d + 1] + unsure * two)
            rounds[r] += 1
            lists[r] = best_matches(answers, contrast, reach, n_listed, match, picked)
            for o in range(n):
                if (lists[r] >> np.uint32(o)) & np.uint32(1):
                    likeness = 0.0
                    for d in range(n_dims):
                        likeness += interests[i, d] * riasec[o, d]
                    liked = max(liked, likeness)


def contrasts(riasec: np.ndarray) -> np.ndarray:
    """Return profiles less their mean, at unit length."""
    c = riasec - riasec.mean(axis=1, keepdims=True)
    return c / np.maximum(np.linalg.norm(c, axis=1, keepdims=True), 1e-12)


def typical_of(o: Occupations, weight: np.ndarray) -> np.ndarray:
    """Return how the profiles of occupations weighted with ``weight`` (0..1) differ from the others', at unit deviation (5)."""

    def mean(weights: np.ndarray) -> np.ndarray:
        return (weights[:, None] * o.riasec).sum(axis=0) / max(weights.sum(), 1e-12)

    difference = mean(o.share * weight) - mean(o.share * (1.0 - weight))
    return difference / max(difference.std(), 1e-12)


def suggest(s: Session, q: Questionnaire) -> tuple[np.ndarray, np.ndarray]:
    """Return the list suggested to each person served, as a bit set of occupations, and the rounds of questions it took."""
    w, o = s.town.people, s.town.occupations
    lists, rounds = np.zeros(len(s.rows), np.uint32), np.zeros(len(s.rows), np.int64)
    by_gender = q.gender_bias * typical_of(o, o.women_share)
    by_origin = q.origin_bias * typical_of(o, o.social_class / 2.0)
    ask(
        s.rows, s.town.key, s.month, s.slot, s.params.services.answer_noise, q.n_listed, q.most_rounds, q.aspiration, by_gender,
        by_origin, contrasts(o.riasec), w.id, w.gender, w.origin, w.stage, w.qualification, w.subject, w.self_awareness,
        w.interests, o.riasec, o.qualification, o.stem, lists, rounds,
    )  # fmt: skip
    return lists, rounds
