"""The record of a group's coaching: what it planned, agreed, heard, explored, planned and found, and what the twins say.

The record is plain data (`record`), read from the diary that the service keeps and from the same town with and without the
strategy. `tell` puts it into sentences that a facilitator can read aloud.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from careersim.report.story import when
from careersim.services import diary as d
from careersim.services.coaching_steps import STEPS
from careersim.services.goals import GOALS
from careersim.services.joint_actions import JOINT_ACTIONS, actions_of
from careersim.services.stories import BARRIERS, n_bits, topic_of
from careersim.town.columns import HERE
from careersim.town.town import Town

THEMES = 3
"""Barriers told of most that count as a small group's themes."""
_PLAN = ("why", "for_whom", "topic", "aim", "learning_outcomes", "timings", "sessions", "facilitator", "format")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def services_of(model: Any) -> list[Any]:
    """Return the coaching services at work in a model."""
    return [s for s in model.services if not s.is_shadow and s.strategy.name == "collective_coaching"]


def groups_of(service: Any) -> list[int]:
    """Return the numbers of the whole groups that a service has had."""
    return sorted({int(w) for w in d.read(service.state.memory)[:, 0]})


def record(service: Any, policy: Town, none: Town, whole: int) -> dict[str, Any]:
    """Return the record of one whole group as plain data.

    Parameters
    ----------
    service
        The coaching service, after the run.
    policy, none
        The town at the end of the period, with the strategy and without.
    whole
        Number of the whole group.
    """
    diary = d.read(service.state.memory)
    plan, topic = service.strategy, topic_of(service.strategy.topic, policy)
    members = d.lines_of(diary, whole, d.MEMBER)
    small = sorted({int(k) for k in members[:, 2]})
    everybody = diary[diary[:, 3] == d.MEMBER][:, 4].astype(np.uint32)
    rows, all_rows = (
        np.flatnonzero(np.isin(policy.people.id, ids)) for ids in (members[:, 4].astype(np.uint32), everybody)
    )
    agreed = d.lines_of(diary, whole, d.AGREED)
    keeps_to_topic = len(agreed) == 0 or GOALS[int(agreed[0, 4])].about_topic
    subject = topic.words if keeps_to_topic else "work of any kind"
    return {
        "strategy": plan.name,
        "group": whole,
        "plan": {name: _as_data(getattr(plan, name)) for name in _PLAN}
        | {"topic_in_words": topic.words, "aim_in_words": _goal(plan.aim_code, topic)},
        "met": {
            "first_month": int(members[0, 1]) - policy.policy_start + 1,
            "members": len(members),
            "small_groups": [int((members[:, 2] == k).sum()) for k in small],
            "facilitators": len(small),
        },
        "vision": _vision(diary, whole, plan, topic),
        "activities": [_themes(diary, whole, k, int((members[:, 2] == k).sum())) for k in small],
        "fed_back": _fed_back(diary, whole),
        "steps": [_steps(diary, whole, k, d.OPTION, subject) for k in small],
        "transition": [_steps(diary, whole, k, d.PLANNED, subject) for k in small],
        "joint_actions": _actions(service, small),
        "evaluation": _evaluation(diary, whole),
        "twins": twins(policy, none, rows, all_rows, topic.occupations),
    }


def _as_data(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _goal(code: int, topic: Any) -> str:
    return GOALS[code].says.format(topic=topic.words)


def _vision(diary: np.ndarray, whole: int, plan: Any, topic: Any) -> dict[str, Any] | None:
    """Votes and what was agreed; None if the group never met."""
    agreed = d.lines_of(diary, whole, d.AGREED)
    if len(agreed) == 0:
        return None
    votes = {GOALS[int(line[4])].name: int(line[5]) for line in d.lines_of(diary, whole, d.VOTED)}
    code = int(agreed[0, 4])
    return {
        "planned": plan.aim,
        "votes": {name: n for name, n in votes.items() if n},
        "agreed": GOALS[code].name,
        "agreed_in_words": _goal(code, topic),
        "renegotiated": GOALS[code].name != plan.aim,
    }


def _of_small(diary: np.ndarray, whole: int, small: int, what: int) -> np.ndarray:
    lines = d.lines_of(diary, whole, what)
    return lines[lines[:, 2] == small]


def _themes(diary: np.ndarray, whole: int, small: int, n: int) -> dict[str, Any]:
    """What was heard most in a small group, and how many really had the story (which no facilitator knows)."""
    heard, told = (_of_small(diary, whole, small, what) for what in (d.HEARD, d.TOLD))
    order = np.argsort(-heard[:, 5], kind="stable")[:THEMES]
    themes = [
        {
            "barrier": BARRIERS[int(heard[k, 4])].name,
            "level": BARRIERS[int(heard[k, 4])].level,
            "says": BARRIERS[int(heard[k, 4])].says,
            "heard": int(heard[k, 5]),
            "true_of": int(told[k, 5]),
        }
        for k in order
        if heard[k, 5] > 0
    ]
    return {"members": n, "themes": themes}


def _fed_back(diary: np.ndarray, whole: int) -> list[dict[str, Any]]:
    """What the whole group heard most when its small groups fed back, all small groups taken together."""
    heard = d.lines_of(diary, whole, d.HEARD)
    sums = np.bincount(heard[:, 4].astype(np.int64), heard[:, 5], minlength=len(BARRIERS))
    most = [int(b) for b in np.argsort(-sums, kind="stable")[:THEMES] if sums[b] > 0]
    return [
        {"barrier": BARRIERS[b].name, "level": BARRIERS[b].level, "says": BARRIERS[b].says, "heard": int(sums[b])}
        for b in most
    ]


def _steps(diary: np.ndarray, whole: int, small: int, what: int, subject: str) -> list[dict[str, Any]]:
    """Options or steps of the plan, those worth most or backed most first."""
    lines = _of_small(diary, whole, small, what)
    steps = [(STEPS[int(line[4])], line[5]) for line in lines[np.argsort(-lines[:, 5], kind="stable")]]
    worth = "worth" if what == d.OPTION else "backers"
    return [
        {"step": s.name, "says": s.says.format(topic=subject), "joint": s.joint, worth: round(float(v), 3)}
        for s, v in steps
    ]


def _actions(service: Any, small: list[int]) -> list[dict[str, Any]]:
    """Joint actions that small groups proposed, and what became of them."""
    actions = actions_of(service.state.memory)
    return [
        {
            "action": list(JOINT_ACTIONS)[actions.kind[a]],
            "joined": int(actions.joined[a]),
            "months_carried": int(actions.carried[a]),
        }
        for a in np.flatnonzero(np.isin(actions.group, small))
    ]


def _evaluation(diary: np.ndarray, whole: int) -> dict[str, Any] | None:
    """The sign of the agreed goal at Vision and at the end, and how many were not there any more; None if not yet."""
    before, after = (d.lines_of(diary, whole, what) for what in (d.BEFORE, d.AFTER))
    if len(after) == 0:
        return None
    left = d.lines_of(diary, whole, d.LEFT)
    goal = GOALS[int(after[-1, 4])]
    return {
        "goal": goal.name,
        "sign": goal.sign,
        "before": round(float(before[0, 5]), 4),
        "after": round(float(after[-1, 5]), 4),
        "not_there_at_the_end": int(left[-1, 5]) if len(left) else 0,
    }


def twins(policy: Town, none: Town, rows: np.ndarray, everybody: np.ndarray, of_topic: np.ndarray) -> dict[str, Any]:
    """Return what became of the members, and of everybody else, with the strategy and without, at the end of the period.

    Money is discounted GBP since policy began: mean difference per member, and sums over the members of all groups (rows
    ``everybody``) and over all who were in none.
    """
    others = np.setdiff1d(np.arange(len(policy.people)), everybody)
    a, b = policy.people, none.people
    income, own = a.w_income - b.w_income, a.w_own - b.w_own
    return {
        "years": (policy.month - policy.policy_start) / 12.0,
        "income_per_member": round(float(income[rows].mean()), 2) if len(rows) else 0.0,
        "own_terms_per_member": round(float(own[rows].mean()), 2) if len(rows) else 0.0,
        "members_better_off": int((income[rows] > 0).sum()),
        "members_worse_off": int((income[rows] < 0).sum()),
        "income_of_all_groups": round(float(income[everybody].sum()), 2),
        "income_of_all_others": round(float(income[others].sum()), 2),
        "with": _state(policy, rows, of_topic),
        "without": _state(none, rows, of_topic),
    }


def _state(town: Town, rows: np.ndarray, of_topic: np.ndarray) -> dict[str, float]:
    w = town.people
    here = rows[w.residence[rows] == HERE]
    at_work = here[w.post[here] >= 0]
    in_topic = of_topic[town.posts.occupation[w.post[at_work]]] if len(at_work) else np.zeros(0, bool)
    return {
        "live_here": len(here),
        "in_work_here": len(at_work),
        "in_work_of_topic": int(in_topic.sum()),
        "chose_stem": int(w.subject[rows].sum()),
        "occupations_considered": round(float(n_bits(w.considered[rows]).mean()), 2) if len(rows) else 0.0,
        "mean_pay": round(float(np.sort(w.pay[at_work]).mean()), 2) if len(at_work) else 0.0,
    }


# --- telling ----------------------------------------------------------------------------------------------------------


def tell(r: Mapping[str, Any]) -> str:
    """Return the record in plain sentences, to be read aloud."""
    parts = [*_tell_plan(r), *_tell_vision(r), *_tell_activities(r), *_tell_steps(r), *_tell_transition(r)]
    return "\n".join([*parts, *_tell_evaluation(r), *_tell_twins(r)]) + "\n"


def _tell_plan(r: Mapping[str, Any]) -> list[str]:
    p, met = r["plan"], r["met"]
    who = {"staff": "staff", "teacher": "teachers", "peer": "trained peers"}[p["facilitator"]]
    outcomes = "; ".join(p["learning_outcomes"])
    n = met["facilitators"]
    came = (
        "One client came, alone with an adviser."
        if _alone(r)
        else f"{_count(met['members'], 'member').capitalize()} came, in {_count(n, 'small group')} with {_count(n, 'facilitator')} ({who})."
    )
    return [
        f"RECORD OF GROUP {r['group'] + 1}",
        "",
        "Plan",
        f"  Why: {p['why']}. For whom: {p['for_whom']}. Topic: {p['topic_in_words']}.",
        f"  The aim we planned: {p['aim_in_words']}. To be learned: {outcomes}.",
        f"  Timings: {p['timings']}; {p['sessions']} sessions, the first in {when(met['first_month'])}.",
        f"  {came}",
    ]


def _alone(r: Mapping[str, Any]) -> bool:
    """Whether it is the record of one client with an adviser."""
    return bool(r["plan"]["format"] == "one_to_one")


def _tell_vision(r: Mapping[str, Any]) -> list[str]:
    v = r["vision"]
    if v is None:
        return ["", "Vision", "  The group has not met yet."]
    votes = ", ".join(f"{n} for {_says(name)}" for name, n in sorted(v["votes"].items(), key=lambda x: -x[1]))
    text = (
        f"That is not what was planned: {'the client chose another goal' if _alone(r) else 'the group chose its own goal'}"
        if v["renegotiated"]
        else "That is what was planned"
    )
    if _alone(r):
        return ["", "Vision", f"  Client and adviser agreed: {v['agreed_in_words']}. {text}."]
    return ["", "Vision", f"  The whole group voted: {votes}.", f"  It agreed: {v['agreed_in_words']}. {text}."]


def _says(name: str) -> str:
    return {
        "enter": "going into it", "widen": "seeing more that is open", "know_people": "knowing people who do it",
        "be_chosen": "being chosen fairly", "better_pay": "better pay", "keep_going": "keeping each other going",
    }[name]  # fmt: skip


def _tell_activities(r: Mapping[str, Any]) -> list[str]:
    lines = ["", "Activities: stories and themes", f"  {_prompted(r)}"]
    for k, group in enumerate(r["activities"], 1):
        themes = [
            f'"{t["says"]}" ({t["level"]}; heard from {t["heard"]} of {group["members"]})' for t in group["themes"]
        ]
        lines.append(f"  {_who(r, k)}: " + ("; ".join(themes) + "." if themes else "no theme was heard."))
    if r["fed_back"] and not _alone(r):
        most = "; ".join(f'"{t["says"]}" ({t["heard"]} of {r["met"]["members"]})' for t in r["fed_back"])
        lines.append(f"  Fed back, the whole group heard most of: {most}.")
    return lines


def _prompted(r: Mapping[str, Any]) -> str:
    """The prompts, and which of them brought up nothing that many tell of."""
    asked = "Asked about: ourselves (micro), people and bodies around us (meso), market and society (macro)"
    told = {theme["level"] for group in r["activities"] for theme in group["themes"]}
    quiet = [level for level in ("micro", "meso", "macro") if level not in told]
    return f"{asked}; no theme was {' or '.join(quiet)}." if quiet else f"{asked}."


def _who(r: Mapping[str, Any], k: int) -> str:
    return "Client" if _alone(r) else f"Small group {k}"


def _listed(steps: list[Mapping[str, Any]]) -> str:
    return "; ".join(f"{s['says']}{' (together)' if s['joint'] else ''}" for s in steps) or "nothing"


def _tell_steps(r: Mapping[str, Any]) -> list[str]:
    lines = [f"  {_who(r, k)}: {_listed(options)}." for k, options in enumerate(r["steps"], 1)]
    table = {s["step"] for options in r["steps"] for s in options}
    if table and not _alone(r):
        lines.append(f"  Fed back, {_count(len(table), 'option')} lay on the table for all.")
    return ["", f"Steps: options explored{'' if _alone(r) else ' by each small group'}", *lines]


def _tell_transition(r: Mapping[str, Any]) -> list[str]:
    lines = [f"  {_who(r, k)}: {_listed(plan)}." for k, plan in enumerate(r["transition"], 1)]
    for a in r["joint_actions"]:
        name = a["action"].replace("_", " ")
        lines.append(
            f"  Joint action proposed ({name}): {a['joined']} joined; carried for {a['months_carried']} months."
        )
    return ["", "Transition: our plans", *lines]


def _tell_evaluation(r: Mapping[str, Any]) -> list[str]:
    e = r["evaluation"]
    if e is None:
        return ["", "Evaluation", "  The group has not come to its last session."]
    moved = "rose" if e["after"] > e["before"] else "fell" if e["after"] < e["before"] else ""
    change = (
        f"it {moved}, from {e['before']:,.2f} to {e['after']:,.2f}" if moved else f"it stayed at {e['before']:,.2f}"
    )
    gone = 0 if _alone(r) else e["not_there_at_the_end"]
    away = (
        f" {_count(gone, 'member').capitalize()} who began {'was' if gone == 1 else 'were'} no longer there."
        if gone
        else ""
    )
    text = f"  We looked at our goal again ({e['sign']}): {change}.{away}"
    return ["", "Evaluation", text]


def _tell_twins(r: Mapping[str, Any]) -> list[str]:
    t, n = r["twins"], r["met"]["members"]
    a, b = t["without"], t["with"]
    income = (
        "Income of the client since policy began:"
        if _alone(r)
        else f"Of the {n} members {t['members_better_off']} had more income than without, {t['members_worse_off']} less; on average"
    )
    lines = [
        "",
        f"What the twins say (the same town and luck with and without it, {t['years']:g} year{'' if t['years'] == 1 else 's'})",
        f"  {income} {_money(t['income_per_member'])}, and {_money(t['own_terms_per_member'])} in their own terms.",
        f"  At the end, without and with: in work here {a['in_work_here']} and {b['in_work_here']}; in work of the topic "
        f"{a['in_work_of_topic']} and {b['in_work_of_topic']}; with a STEM subject {a['chose_stem']} and {b['chose_stem']}; occupations "
        f"considered {a['occupations_considered']:g} and {b['occupations_considered']:g}.",
        f"  Members of all groups of this strategy together: {_money(t['income_of_all_groups'])}; everybody who was in none: "
        f"{_money(t['income_of_all_others'])}.",
        "  A group is few people: what befalls one of them, or others through one changed job, is mostly luck. Judge by many groups.",
    ]
    misheard = [
        (x["says"], x["heard"], x["true_of"])
        for g in r["activities"]
        for x in g["themes"]
        if x["heard"] > 2 * x["true_of"]
    ]
    if misheard:
        says, heard, true_of = misheard[0]
        lines.append(f'  One theme was misheard: "{says}" was heard from {heard}, and true of {true_of}.')
    return lines


def _money(gbp: float) -> str:
    return f"£{abs(gbp):,.0f} {'more' if gbp >= 0 else 'less'}"


def _count(n: int, thing: str) -> str:
    number = _NUMBERS[n] if n < len(_NUMBERS) else str(n)
    return f"{number} {thing}{'' if n == 1 else 's'}"
