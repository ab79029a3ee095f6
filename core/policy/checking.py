"""Whether an effect table may be accepted: every case decided, no row against another, each row in an example."""

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

from core.domain.effects import Verdict
from core.domain.payloads import Operation
from core.identity import Role
from core.policy.decision import PolicyError
from core.policy.effect_table import EffectTable, failure_of
from core.policy.effects import EffectRule, matching_rules, strictest
from core.policy.findings import Finding, FindingKind, case_of, finding
from core.policy.partition import Cell, Partition
from core.text import normalise_name

MOST_CELLS = 50_000
Pair = tuple[str, str]


@dataclass(slots=True)
class _Seen:
    """What the cells of all operations showed; of each fault the first cell that has it."""

    deciding: set[str] = field(default_factory=set)
    beaten: dict[str, tuple[Cell, str]] = field(default_factory=dict)
    contradicting: dict[Pair, Cell] = field(default_factory=dict)
    twice: dict[Pair, Cell] = field(default_factory=dict)


def check_effect_table(table: EffectTable) -> tuple[Finding, ...]:
    """Everything that speaks against the table; empty when it may be accepted.

    Every cell of the partition is put to the engine, so the answers are the ones that will count later.
    """
    findings = [*_repeated(table.rules), *_examples(table)]
    if any(count > 1 for count in Counter(rule.id for rule in table.rules).values()):
        return tuple(findings)
    seen = _Seen()
    for operation in Operation:
        rules = tuple(rule for rule in table.rules if not rule.operations or operation in rule.operations)
        fault = _look_at(operation, rules, seen)
        if fault is not None:
            findings.append(fault)
    return (*findings, *_against_each_other(seen), *_never_deciding(table.rules, seen))


def _look_at(operation: Operation, rules: tuple[EffectRule, ...], seen: _Seen) -> Finding | None:
    """Put every case of an operation to the engine; the first case that is not decided, if there is one."""
    cells = Partition(operation, rules)
    if len(cells) > MOST_CELLS:
        return finding(
            FindingKind.TOO_LARGE,
            tuple(rule.id for rule in rules),
            f"{operation}: the limits cut {len(cells)} cases, more than {MOST_CELLS} cannot be checked",
            f"{operation}：界限划分出 {len(cells)} 种情形，超过 {MOST_CELLS} 种无法检查",
        )
    gap: Cell | None = None
    for cell in cells:
        try:
            found = matching_rules(rules, cell.facts)
        except PolicyError as error:
            return finding(FindingKind.SILENT, (), str(error), f"规则引擎无法给出结果：{error}", cell.words)
        if not found:
            gap = gap or cell
            continue
        _note(cell, found, seen)
    if gap is None:
        return None
    return finding(
        FindingKind.GAP, (), f"{operation}: no row decides this case", f"{operation}：没有任何一行规定此情形", gap.words
    )


def _note(cell: Cell, found: tuple[EffectRule, ...], seen: _Seen) -> None:
    verdict = strictest(found)
    for rule in found:
        if rule.verdict is not verdict:
            seen.beaten.setdefault(rule.id, (cell, next(one.id for one in found if one.verdict is verdict)))
        elif cell.known:
            seen.deciding.add(rule.id)
    for one, other in combinations(found, 2):
        if {one.verdict, other.verdict} == {Verdict.ALLOWED, Verdict.FORBIDDEN}:
            seen.contradicting.setdefault((one.id, other.id), cell)
        elif verdict is Verdict.NEEDS_APPROVAL and _asks_twice(one, other):
            seen.twice.setdefault((one.id, other.id), cell)


def _asks_twice(one: EffectRule, other: EffectRule) -> bool:
    """Whether a role is asked at more positions by the two rows together than by either of them."""
    mine, theirs = _positions(one), _positions(other)
    shared = [(mine[role], theirs[role]) for role in mine.keys() & theirs.keys()]
    return any(len(here | there) > max(len(here), len(there)) for here, there in shared)


@lru_cache(maxsize=1024)
def _positions(rule: EffectRule) -> dict[Role, frozenset[int]]:
    roles = {step.role for step in rule.steps}
    return {role: frozenset(step.position for step in rule.steps if step.role is role) for role in roles}


def _against_each_other(seen: _Seen) -> list[Finding]:
    findings = [
        finding(
            FindingKind.OVERLAP,
            pair,
            f"{pair[0]} and {pair[1]}: one allows what the other forbids",
            f"{pair[0]} 与 {pair[1]}：一行允许而另一行禁止同一情形",
            cell.words,
        )
        for pair, cell in seen.contradicting.items()
    ]
    findings += [
        finding(
            FindingKind.OVERLAP,
            pair,
            f"{pair[0]} and {pair[1]} ask the same role at different positions",
            f"{pair[0]} 与 {pair[1]} 在不同的顺序要求同一角色审批",
            cell.words,
        )
        for pair, cell in seen.twice.items()
    ]
    return findings


def _never_deciding(rules: tuple[EffectRule, ...], seen: _Seen) -> list[Finding]:
    findings = []
    for rule in rules:
        if rule.id in seen.deciding:
            continue
        cell, stricter = seen.beaten.get(rule.id, (None, None))
        because = f": {stricter} is stricter wherever it holds" if stricter else ": no case with known facts meets it"
        because_zh = f"：凡其适用之处，{stricter} 都更严格" if stricter else "：事实已知时没有情形符合"
        findings.append(
            finding(
                FindingKind.UNREACHABLE,
                (rule.id,),
                f"{rule.id} never decides anything{because}",
                f"{rule.id} 从不起作用{because_zh}",
                cell.words if cell else None,
            )
        )
    return findings


def _repeated(rules: tuple[EffectRule, ...]) -> list[Finding]:
    findings = [
        finding(
            FindingKind.DUPLICATE, (name,), f"the id {name} is used {count} times", f"编号 {name} 使用了 {count} 次"
        )
        for name, count in Counter(rule.id for rule in rules).items()
        if count > 1
    ]
    first: dict[object, str] = {}
    for rule in rules:
        held = first.setdefault(_meaning(rule), rule.id)
        if held != rule.id:
            text, text_zh = f"{held} and {rule.id} say the same", f"{held} 与 {rule.id} 内容相同"
            findings.append(finding(FindingKind.DUPLICATE, (held, rule.id), text, text_zh))
    return findings


def _meaning(rule: EffectRule) -> object:
    names = [normalise_name(name) if name else None for name in (rule.region, rule.customer_class)]
    limits = (rule.min_amount, rule.max_amount, rule.min_discount, rule.max_discount)
    return (rule.operations or frozenset(Operation), limits, *names, rule.verdict, frozenset(rule.steps))


def _examples(table: EffectTable) -> list[Finding]:
    findings = []
    for example in table.examples:
        failure = failure_of(table, example)
        if failure:
            stated = f"{example.verdict} by {', '.join(example.rules)}"
            findings.append(
                finding(
                    FindingKind.WRONG_EXAMPLE,
                    example.rules,
                    f"an example expects {stated}, the table says: {failure}",
                    f"示例期望 {stated}，而规则表的结果是：{failure}",
                    case_of(example.facts),
                )
            )
    shown = {rule for example in table.examples for rule in example.rules}
    findings += [
        finding(FindingKind.NO_EXAMPLE, (rule.id,), f"no example shows {rule.id}", f"{rule.id} 没有示例")
        for rule in table.rules
        if rule.id not in shown
    ]
    return findings
