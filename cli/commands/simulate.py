"""`saleshub simulate`."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import JsonOption, LangOption, load_settings
from cli.output import print_json
from core.language import Lang

if TYPE_CHECKING:
    from hub.simulating import CycleTimes

_WIDTH = 40
_EN = {
    "head": "Simulation of {requests} visit requests in {year}, seed {seed}.",
    "note": "This is a simulation under assumptions, not a measurement; they are listed with their sources in\n"
    "docs/reference/simulation.md. The 8 hours are working hours of the reviewers’ calendar (weekends, holidays\n"
    "and nights do not count); elapsed hours run day and night.",
    "with_hub": "With the hub: pre-reviews in parallel",
    "hub_in_sequence": "With the hub, but one department after the other",
    "without_hub": "Without the hub: by mail, one department after the other",
    "working": "  working hours   p50 {p50:>6.1f}   p90 {p90:>6.1f}   within 8 h {share:>6.1%}",
    "elapsed": "  elapsed hours   p50 {p50:>6.1f}   p90 {p90:>6.1f}   within 8 h {share:>6.1%}",
    "spent": "  mean working hours of a review   waiting  working  asked back  in time",
    "between": "  preparing and handing over: {hours:.1f} working hours a request",
    "bars": "  requests by working hours",
    "supply_chain": "supply chain",
    "finance": "finance",
    "legal": "legal",
}
_ZH = {
    "head": "模拟 {year} 年的 {requests} 个拜访申请，随机种子 {seed}。",
    "note": "以下是基于假设的模拟，不是实测结果；各项假设及其来源见 docs/reference/simulation.md。\n"
    "“8 小时”指审阅人日历上的工作时间（不含夜间、周末和节假日）；“自然小时”则昼夜连续计算。",
    "with_hub": "使用本系统：各部门并行预审",
    "hub_in_sequence": "使用本系统，但各部门依次审阅",
    "without_hub": "不使用本系统：以邮件依次审阅",
    "working": "  工作小时   p50 {p50:>6.1f}   p90 {p90:>6.1f}   8 小时内 {share:>6.1%}",
    "elapsed": "  自然小时   p50 {p50:>6.1f}   p90 {p90:>6.1f}   8 小时内 {share:>6.1%}",
    "spent": "  每次审阅的平均工作小时             等待     处理    等待答复    按时",
    "between": "  准备与转交：每个申请 {hours:.1f} 工作小时",
    "bars": "  按工作小时统计的申请数",
    "supply_chain": "供应链",
    "finance": "财务",
    "legal": "法务",
}


def simulate_(
    requests: Annotated[int, typer.Option("--requests", min=1, max=100_000, help="Visit requests in the year")] = 2000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same year")] = 1,
    year: Annotated[int, typer.Option("--year", min=2010, max=2040, help="Whose holidays apply")] = 2026,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """Play a year of visit requests, with the hub and without it: cycle times under stated assumptions."""
    # Loaded on first use: the simulator brings numpy along.
    from hub.simulating import simulate

    done = simulate(requests, seed, year)
    if json:
        print_json(done)
        return
    words = _ZH if (lang or load_settings(None).lang) is Lang.ZH else _EN
    print(words["head"].format(requests=requests, year=year, seed=seed))
    print(words["note"])
    for name in ("with_hub", "hub_in_sequence", "without_hub"):
        print(f"\n{words[name]}")
        _print_times(getattr(done, name), words)


def _print_times(times: "CycleTimes", words: dict[str, str]) -> None:
    for clock, by in (("working", times), ("elapsed", times.elapsed)):
        print(words[clock].format(p50=by.p50_hours, p90=by.p90_hours, share=by.share_within_8h))
    print(words["between"].format(hours=times.between_hours))
    print(words["spent"])
    for spent in times.departments:
        hours = (spent.waiting_hours, spent.working_hours, spent.asked_back_hours)
        parts = "".join(f"{each:>{width}.1f}" for each, width in zip(hours, (8, 9, 12), strict=True))
        print(f"    {words[spent.department]:<30}{parts}{spent.share_in_time:>9.1%}")
    print(words["bars"])
    most = max(bar.requests for bar in times.histogram)
    last = None
    for bar in times.histogram:
        label = f"> {last}" if bar.up_to is None else f"≤ {bar.up_to}"
        last = bar.up_to
        print(f"    {label:>5} {'█' * round(_WIDTH * bar.requests / most):<{_WIDTH}} {bar.requests:>6}")
