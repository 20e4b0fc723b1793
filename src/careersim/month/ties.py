"""Ties (model.md 6.9): who keeps, makes and loses contacts this month.

**Who and when.** All people with ties. In order:

1. *Gone.* Ties of people who have left for good are removed.
2. *Keeping up*, every ``keep_up_every`` months (dt). A tie is in contact if both live in town and are kin or friends, work for the same
   employer, or live in the same neighbourhood. With s its strength, L its kind's usual strength and H(x) = 2^(-dt/x):

   in contact        s <- L + (s - L) H(renewal_half_life)                                             (1)
   out of contact    s <- s H(close_half_life or weak_half_life)                                       (2)
   to elsewhere      s <- s H(distance_factor * that half-life)                                        (3)

   A pair in contact loses touch with chance 1 - H(lasting half-life); parent and child in town do not (4). A tie weaker than
   ``weakest`` has ended.
3. *Meeting.* A person's capacity for ties is limited and stable (Miritello et al. 2013): with n ties of ``wanted``, the wish for one
   more is 1 - n/wanted, times a monthly rate. Streets, teams and schools meet every ``meet_every`` months, staggered over them.
   A person who seeks a friend turns to a friend of a friend (triadic closure), else a schoolmate, colleague or neighbour; one who
   seeks a contact turns to a contact's contact, a colleague of the own team or a neighbour of the own street. Out of several the
   largest luck is met among those who take to each other, with the chance of careersim.town.homophily.        (5)
4. *Welcome.* Who entered town this month or returned last month meets ``welcome`` neighbours; a new pupil meets schoolmates, and
   is tied to the parent.
5. *Services* put proposals (introductions, groups) in ``town.tallies["proposals"]``: (rows_i, rows_j, kind, strength) each.
6. *Settling.* Everybody ranks old ties and proposals by (strength, pair luck) and keeps the table's width; a tie lives if both keep
   it; one round (careersim.town.tie_rows).

Everything is the same seen from either end of a tie and for any order of people.

**Off** (``dynamics: off``): only step 1. **Tallies**: ties_formed, ties_lost.

Sources: Burt 2000 and Roberts and Dunbar 2011 (decay), Mollenhorst et al. 2014 (half replaced in seven years), Miritello et al. 2013
(capacity), McPherson et al. 2001 (homophily), Granovetter 1973 (triadic closure).
"""

from __future__ import annotations

import numpy as np
from numba import uint64

from careersim.chance import LOSE_TOUCH, MEET, MEET_WHOM, WELCOME, uniform4s
from careersim.kernels import inlined, kernel
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.ties import TieParameters
from careersim.town.columns import (
    COWORKER,
    HERE,
    INITIAL,
    KIN_FRIEND,
    NEIGHBOUR,
    PUPIL,
    SCHOOL_LEAVER,
)
from careersim.town.homophily import acceptance, homophilies, traits
from careersim.town.placing import holders_of
from careersim.town.settings import (
    first_teams,
    low_unit,
    luck_towards,
    luck_word,
    setting,
    streets,
    teams,
)
from careersim.town.threads import over_rows, sum_over_rows
from careersim.town.tie_rows import n_ties, remove_gone, settle, slot_of
from careersim.town.town import Town

_HERE, _EMPLOYER, _HOME, _ID = 0, 1, 2, 3


# --- keeping up ------------------------------------------------------------------------------------------------------


@kernel
def _contexts(lo, hi, residence, post, employer, neighbourhood, ids, out):
    """Residence, employer slot (-1 none), neighbourhood and identity of each person side by side (one cache line a contact)."""
    for i in range(lo, hi):
        out[i, _HERE], out[i, _EMPLOYER] = residence[i], employer[post[i]] if post[i] >= 0 else -1
        out[i, _HOME], out[i, _ID] = neighbourhood[i], np.int32(ids[i])


@inlined
def _drift(word, one, other):
    """Luck (0, 1) of an undirected pair of identities in a round of keeping up."""
    return low_unit(luck_towards(luck_towards(word, min(one, other)), max(one, other)))


@kernel
def _keep_up(lo, hi, word, parent, context, aim, factor, parting, weakest, contact, strength, kind):
    """Equations (1) to (4) for rows lo..hi-1, with few branches (they cost more than what they save); returns ties ended, by row.

    Aims, factors and chances to part by case: (weak, close) in contact, (weak, close) out of contact, (weak, close) to elsewhere.
    """
    lost, width = 0, contact.shape[1]
    numbers, luck = np.zeros(width, np.int32), np.empty(width)
    for i in range(lo, hi):
        n = 0
        while n < width and contact[i, n] >= 0:
            numbers[n] = context[contact[i, n], _ID]  # fetches all contacts at once, before anything waits for one
            n += 1
        here, employer, home, number = context[i, _HERE], context[i, _EMPLOYER], context[i, _HOME], context[i, _ID]
        for k in range(width):
            luck[k] = _drift(word, number, numbers[k])
        kept = 0
        for k in range(n):
            j, s, c = contact[i, k], strength[i, k], kind[i, k]
            in_town = (here == HERE) & (context[j, _HERE] == HERE)
            shared = (employer >= 0) & (context[j, _EMPLOYER] == employer) | (context[j, _HOME] == home)
            meets = in_town & (shared | (c == KIN_FRIEND))
            case = (0 if meets else 2 if in_town else 4) + (c == KIN_FRIEND)
            s = aim[case] + (s - aim[case]) * factor[case]
            if luck[k] < parting[case]:
                s = s if parent[i] == j or parent[j] == i else np.float32(0.0)
            contact[i, kept], strength[i, kept], kind[i, kept] = j, s, c
            kept += s >= weakest
        lost += n - kept
        for free in range(kept, n):
            contact[i, free], strength[i, free], kind[i, free] = -1, 0.0, 0
    return lost


def keep_up(town: Town, own: TieParameters, month: int) -> int:
    """Decay, renewal and losing touch, every ``keep_up_every`` months; returns ties lost."""
    dt = own.keep_up_every
    if month % dt != 0:
        return 0
    people, ties, n = town.people, town.ties, town.rows_in_use(month)
    context = np.empty((n, 4), np.int32)
    where = people.residence, people.post, town.posts.employer, people.neighbourhood, people.id
    over_rows(_contexts, n, *where, context)
    close, weak, far = own.close_half_life, own.weak_half_life, own.distance_factor
    lost = sum_over_rows(
        _keep_up,
        n,
        np.uint64(luck_word(town.key, LOSE_TOUCH, month, 0, 0)),
        people.parent,
        context,
        np.array([own.weak_strength, own.close_strength, 0.0, 0.0, 0.0, 0.0], np.float32),
        _left(dt, own.renewal_half_life, own.renewal_half_life, weak, close, weak * far, close * far).astype(
            np.float32
        ),
        1.0 - _left(dt, own.lasting_weak, own.lasting_close, *[np.inf] * 4),
        np.float32(own.weakest),
        ties.contact,
        ties.strength,
        ties.kind,
    )
    return int(lost) // 2


def _left(months: int, *half_lives: float) -> np.ndarray:
    """H(x): what is left after so many months of what has each half-life."""
    return 0.5 ** (months / np.array(half_lives))


# --- meeting ---------------------------------------------------------------------------------------------------------


@kernel
def _n_close(kind, i):
    n = 0
    for k in range(kind.shape[1]):
        n += kind[i, k] == KIN_FRIEND
    return n


@kernel
def _known(contact, kind, i, j, as_friend):
    """Whether i and j are tied already (as friends, if it is friendship that is sought)."""
    k = slot_of(contact, i, j)
    return k >= 0 and (not as_friend or kind[i, k] == KIN_FRIEND)


@kernel
def _meet_one_of(word, i, g, tie_kind, setting, traits, homophily, contact, kind):
    """Of the members of group g whom i does not know yet and who take to i, the one of largest luck; -1 if none."""
    start, members, numbers = setting
    best, best_luck = -1, uint64(0)
    as_friend = tie_kind == KIN_FRIEND
    for m in range(start[g], start[g + 1]):
        j, luck = members[m], luck_towards(word, numbers[m])
        if j == i or luck <= best_luck or _known(contact, kind, i, j, as_friend):
            continue
        if low_unit(luck) < acceptance(i, j, as_friend, traits, homophily):
            best, best_luck = j, luck
    return best


@kernel
def _someone_to_ask(word, i, as_friend, residence, ids, contact, kind):
    """The contact in town (friend) of i with the largest luck, through whom to meet others; (row or -1, slot)."""
    via, at, best_luck = -1, 0, uint64(0)
    for k in range(contact.shape[1]):
        j = contact[i, k]
        if j >= 0 and (kind[i, k] == KIN_FRIEND or not as_friend):
            luck = luck_towards(word, ids[j])
            if luck > best_luck and residence[j] == HERE:
                via, at, best_luck = j, k, luck
    return via, at


@kernel
def _through_contact(word, i, as_friend, residence, ids, traits, homophily, contact, kind):
    """Triadic closure: of the contacts (friends) of a contact who take to i, the one of largest luck; (row or -1, kind)."""
    best, tie_kind, best_luck = -1, np.int8(KIN_FRIEND), uint64(0)
    via, at = _someone_to_ask(word, i, as_friend, residence, ids, contact, kind)
    n = n_ties(contact, via) if via >= 0 else 0
    for k in range(n):
        j = contact[via, k]
        if j != i and (kind[via, k] == KIN_FRIEND or not as_friend):
            luck = luck_towards(~word, ids[j])
            if luck <= best_luck or residence[j] != HERE or _known(contact, kind, i, j, as_friend):
                continue
            if low_unit(luck) < acceptance(i, j, as_friend, traits, homophily):
                best, best_luck = j, luck
                tie_kind = np.int8(max(kind[i, at], kind[via, k]))
    return best, tie_kind


@kernel
def _who_may_meet(turn, first, at_most, second, at_most_second, luck, may):
    """Write which entries of ``turn`` have luck enough for one of two meetings, if ties are few; return how many."""
    n = 0
    for r in range(turn.shape[0]):
        may[n] = r
        n += (luck[first, r] < at_most) | (luck[second, r] < at_most_second)
    return n


@inlined
def _propose(proposals, e, i, j, c, strengths):
    """Write proposal ``e``: a tie of kind c between i and j (-1 nobody), as strong as new (weak, close) ties are."""
    rows_i, rows_j, kind, strength = proposals
    rows_i[e], rows_j[e], kind[e], strength[e] = i, j, c, strengths[1 if c == KIN_FRIEND else 0]


@kernel
def _meet_at_home(
    lo, hi, key, month, rates, strengths, turn, group, post, residence, stage, home, school_homes, who, ties, street,
    school, proposals,
):  # fmt: skip
    """Friends and contacts sought outside work by the residents ``turn[lo:hi]``: proposals ``2 lo`` to ``2 hi - 1``."""
    friend, closure_friend, meet, closure, work_share, wanted_close, wanted = rates
    ids, traits, homophily = who
    contact, kind = ties
    luck, may = np.empty((4, hi - lo)), np.empty(hi - lo, np.int32)
    uniform4s(key, MEET, month, ids[turn[lo:hi]], 0, luck)
    for m in range(_who_may_meet(turn[lo:hi], 0, friend, 2, meet, luck, may)):
        r = lo + may[m]
        i = turn[r]
        u, how, v, whom = luck[0, r - lo], luck[1, r - lo], luck[2, r - lo], luck[3, r - lo]
        sought_at_work = work_share if post[i] >= 0 else 0.0
        if u < friend * (1.0 - _n_close(kind, i) / wanted_close):
            j, c = -1, np.int8(KIN_FRIEND)
            word = luck_word(key, MEET_WHOM, month, ids[i], 0)
            if how < closure_friend:
                j, c = _through_contact(word, i, True, residence, ids, traits, homophily, contact, kind)
            elif stage[i] == PUPIL:
                j = _meet_one_of(word, i, home[i] // school_homes, c, school, traits, homophily, contact, kind)
            elif how < 1.0 - sought_at_work * (1.0 - closure_friend):
                j = _meet_one_of(word, i, group[i], c, street, traits, homophily, contact, kind)
            _propose(proposals, 2 * r, i, j, c, strengths)
        if v < meet * (1.0 - n_ties(contact, i) / wanted):
            j, c = -1, np.int8(NEIGHBOUR)
            word = luck_word(key, MEET_WHOM, month, ids[i], 1)
            if whom < closure:
                j, c = _through_contact(word, i, False, residence, ids, traits, homophily, contact, kind)
            elif whom < 1.0 - sought_at_work * (1.0 - closure):
                j = _meet_one_of(word, i, group[i], c, street, traits, homophily, contact, kind)
            _propose(proposals, 2 * r + 1, i, j, c, strengths)


@kernel
def _meet_at_work(lo, hi, key, month, rates, strengths, turn, group, who, ties, team, proposals, at):
    """Contacts and friends sought in the team by the people in work ``turn[lo:hi]``: proposals ``at + lo`` to ``at + hi - 1``."""
    friend, closure_friend, meet, closure, work_share, wanted_close, wanted = rates
    ids, traits, homophily = who
    contact, kind = ties
    luck, may = np.empty((4, hi - lo)), np.empty(hi - lo, np.int32)
    uniform4s(key, MEET, month, ids[turn[lo:hi]], 1, luck)
    friends, contacts = friend * (1.0 - closure_friend) * work_share, meet * (1.0 - closure) * work_share
    for m in range(_who_may_meet(turn[lo:hi], 0, contacts, 1, friends, luck, may)):
        r = lo + may[m]
        i = turn[r]
        if luck[0, r - lo] < contacts * (1.0 - n_ties(contact, i) / wanted):
            c = np.int8(COWORKER)
        elif luck[1, r - lo] < friends * (1.0 - _n_close(kind, i) / wanted_close):
            c = np.int8(KIN_FRIEND)
        else:
            continue
        word = luck_word(key, MEET_WHOM, month, ids[i], 2)
        j = _meet_one_of(word, i, group[r], c, team, traits, homophily, contact, kind)
        _propose(proposals, at + r, i, j, c, strengths)


@kernel
def _welcome(
    lo, hi, key, month, n_meetings, strengths, usual, rows, group, stage, home, school_homes, parent, origin_kind, who, ties,
    street, school, proposals, at,
):  # fmt: skip
    """Newcomers meet ``n_meetings`` schoolmates (pupils) or neighbours, each of largest luck; new pupils are tied to the parent."""
    ids, traits, homophily = who
    contact, kind = ties
    for r in range(lo, hi):
        i, e = rows[r], at + r * (n_meetings + 1)
        for d in range(n_meetings):
            word = luck_word(key, WELCOME, month, ids[i], d)
            c = np.int8(KIN_FRIEND if stage[i] == PUPIL or d % 2 == 0 else NEIGHBOUR)
            if stage[i] == PUPIL:
                j = _meet_one_of(word, i, home[i] // school_homes, c, school, traits, homophily, contact, kind)
            else:
                j = _meet_one_of(word, i, group[i], c, street, traits, homophily, contact, kind)
            _propose(proposals, e + d, i, j, c, strengths)
        if origin_kind[i] == SCHOOL_LEAVER:
            _propose(proposals, e + n_meetings, i, parent[i], np.int8(KIN_FRIEND), usual)


@kernel
def _residents_in_turn(month, every, residence, home, new):
    """Number of neighbourhoods; rows of the residents of those whose turn it is or where somebody is ``new``; whether it is their turn."""
    n_homes, rows, turn, n = 0, np.empty(residence.shape[0], np.int32), np.empty(residence.shape[0], np.bool_), 0
    for i in range(residence.shape[0]):
        n_homes = max(n_homes, home[i] + 1)
    is_open = (np.arange(n_homes) + month) % every == 0
    in_turn = is_open.copy()
    is_open[home[new]] = True
    for i in range(residence.shape[0]):
        rows[n], turn[n] = i, in_turn[home[i]]
        n += (residence[i] == HERE) & is_open[home[i]]
    return n_homes, rows[:n], turn[:n]


@kernel
def newcomers(month, residence, entry_month, origin_kind, moved_month):
    """Rows of residents who entered town this month or came back at the end of last month."""
    rows, n = np.empty(residence.shape[0], np.int32), 0
    for i in range(residence.shape[0]):
        entered = (entry_month[i] == month) & (origin_kind[i] != INITIAL)
        back = (moved_month[i] == month - 1) & (entry_month[i] < month - 1)
        rows[n] = i
        n += (residence[i] == HERE) & (entered | back)
    return rows[:n].copy()


@kernel
def _streets(key, month, every, n_streets, residence, entry_month, origin_kind, moved_month, home, ids):
    """Newcomers; residents whose street meets this month; the street of each of both; and who is in each of these streets."""
    new = newcomers(month, residence, entry_month, origin_kind, moved_month)
    n_homes, around, turn = _residents_in_turn(month, every, residence, home, new)
    street = np.empty(residence.shape[0], np.int32)
    street[around] = streets(key, ids[around], home[around], n_streets)
    return new, around[turn], street, setting(around, street[around], n_homes * n_streets, ids)


@kernel
def _teams(key, month, every, team_size, l0, post, employer, ids):
    """People in work whose team meets this month, the team of each, and who is in each."""
    at_work = holders_of(post, (employer + month) % every == 0)
    first = first_teams(l0, team_size)
    team = teams(key, ids[at_work], employer[post[at_work]], first)
    return at_work, team, setting(at_work, team, first[-1], ids)


@kernel
def _schools(residence, stage, home, school_homes, ids):
    """Who is in each school."""
    pupils, n = np.empty(residence.shape[0], np.int32), 0
    for i in range(residence.shape[0]):
        pupils[n] = i
        n += (residence[i] == HERE) & (stage[i] == PUPIL)
    pupils = pupils[:n]
    return setting(pupils, home[pupils] // school_homes, home.max() // school_homes + 1, ids)


def _monthly_rates(own: TieParameters) -> tuple[float, ...]:
    """Chances at each turn, closure and work shares, and wanted ties, as the meeting kernels take them."""
    every = own.meet_every
    wanted = max(own.wanted_close, 1e-9), max(own.wanted, 1e-9)
    return (every * own.friend_rate, own.friend_closure, every * own.meet_rate, own.closure, own.work_share, *wanted)


def _room_for(n: int) -> tuple[np.ndarray, ...]:
    """Room for ``n`` proposals, to nobody as yet: rows_i, rows_j, kind, strength."""
    return np.empty(n, np.int32), np.full(n, -1, np.int32), np.empty(n, np.int8), np.empty(n, np.float32)


def meet(town: Town, own: TieParameters, month: int) -> tuple[np.ndarray, ...]:
    """All proposals of the month that come from meeting and welcome: rows_i, rows_j (-1 nobody was found), kind and strength."""
    people, every, n = town.people, own.meet_every, town.rows_in_use(month)
    residence, home, ids = people.residence[:n], people.neighbourhood, people.id
    moved = people.entry_month, people.origin_kind, people.moved_month
    new, at_home, street, in_street = _streets(town.key, month, every, own.streets, residence, *moved, home, ids)
    staff = people.post[:n], town.posts.employer, ids
    at_work, team, in_team = _teams(town.key, month, every, own.team_size, town.employers.l0, *staff)
    in_school = _schools(residence, people.stage, home, own.school_neighbourhoods, ids)

    who, pair = (ids, traits(people, n), homophilies(own, solved_homophily(town))), (town.ties.contact, town.ties.kind)
    strengths, usual = (own.new_weak_strength, own.new_close_strength), (own.weak_strength, own.close_strength)
    school, met = (people.stage, home, own.school_neighbourhoods), (who, pair, in_street, in_school)
    n_home, n_work = 2 * len(at_home), len(at_work)
    found = _room_for(n_home + n_work + len(new) * (own.welcome + 1))
    seek = town.key, month, _monthly_rates(own), strengths
    over_rows(_meet_at_home, len(at_home), *seek, at_home, street, people.post, residence, *school, *met, found)
    over_rows(_meet_at_work, len(at_work), *seek, at_work, team, who, pair, in_team, found, n_home)
    welcome = town.key, month, own.welcome, strengths, usual, new, street, *school, people.parent, people.origin_kind
    over_rows(_welcome, len(new), *welcome, *met, found, n_home + n_work)
    return found


def solved_homophily(town: Town) -> float | None:
    """Homophily of origin solved for the place with its start network; None if there is none."""
    found = town.solved.origin_homophily
    return None if np.isnan(found) else found


def step(town: Town, params: Parameters, month: int) -> None:
    """Keep, make and lose ties."""
    own, people, ties = params.ties, town.people, town.ties
    lost = remove_gone(people.residence[: town.rows_in_use(month)], ties)
    formed = 0
    if own.dynamics == "on":
        lost += keep_up(town, own, month)
        proposals = meet(town, own, month), *town.tallies.get("proposals", ())
        formed, given_up = settle(town.key, month, people, ties, *map(np.concatenate, zip(*proposals, strict=True)))
        lost += given_up
    town.tallies["ties_formed"] = town.tallies.get("ties_formed", 0) + formed
    town.tallies["ties_lost"] = town.tallies.get("ties_lost", 0) + lost
