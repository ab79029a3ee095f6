"""The suite `stakeholders`."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import ascii_lowercase

from agents import stakeholders
from agents.analysis.titles import read_title
from agents.stakeholders import StakeholdersInput
from core.domain.accounts import Account, Contact
from core.domain.interactions import Interaction, InteractionKind
from core.language import Lang
from evals.suites.chat.company import TENANT, open_company
from evals.suites.stakeholders.mail import Mail, load_levels, load_mail
from evals.suites.stakeholders.standings import (
    Edges,
    Ranking,
    agreement,
    by_degree,
    by_eigenvector,
    by_received,
    pairs_right,
)
from evals.suites.suite import Figures, Report, Run

DAY = date(2026, 3, 11)
_DOMAIN = "company.example"
_PLAIN: dict[str, Callable[[Sequence[str], Edges], Ranking]] = {
    "degree": by_degree,
    "eigenvector": by_eigenvector,
    "received": by_received,
}


@dataclass(frozen=True)
class Network:
    """The people of one company or account: how the map ranks them, who wrote to whom, and who outranks whom."""

    ranking: Ranking
    edges: Edges
    levels: Mapping[str, float]


class StakeholdersSuite:
    """Own cases: the demo company's customers, their titles withheld from the map. Set: the mail of one company."""

    name = "stakeholders"
    sets = ("enron",)
    parts = ("demo",)

    def run(self, run: Run) -> Report:
        """Rank everybody as a package does, without titles, and judge the order by the titles."""
        networks = [_read(run, run.data)] if run.data is not None else list(_demo(run))
        judged: dict[str, Figures] = {}
        for name, rank in {"": None, **_PLAIN}.items():
            found = [each.ranking if rank is None else rank([*each.ranking], each.edges) for each in networks]
            judged[name] = _figures(networks, found)
        people = sum(len(each.ranking) for each in networks)
        figures = judged.pop("")
        return Report(suite=self.name, n=people, figures=figures, baselines=judged, by={}, model="embedded", seed=0)


def _figures(networks: Sequence[Network], found: Sequence[Ranking]) -> Figures:
    """The share of pairs right over all networks, where titles are known, and how near the order is to the map's."""
    counts = [pairs_right(ranking, each.levels) for each, ranking in zip(networks, found, strict=True)]
    right, pairs = sum(one for one, _ in counts), sum(all_ for _, all_ in counts)
    weights = [len(each.ranking) for each in networks]
    near = [agreement(each.ranking, ranking) for each, ranking in zip(networks, found, strict=True)]
    figures = {"as_the_map": sum(n * each for n, each in zip(weights, near, strict=True)) / max(1, sum(weights))}
    return figures | ({"pairs_right": right / pairs, "pairs": float(pairs)} if pairs else {})


def _read(run: Run, folder: Path) -> Network:
    mails = load_mail(folder)
    levels = load_levels(folder)
    run.progress(0, len(mails), "mails")
    people = sorted({person for mail in mails for person in (mail.sender, *mail.recipients)})
    address = {person: _address(place) for place, person in enumerate(people)}
    account = Account(id="company", name="Company", domain=_DOMAIN)
    known_as = {spoken: person for person, spoken in address.items()}
    interactions = tuple(_interaction(number, mail, address) for number, mail in enumerate(mails))
    ranking = dict.fromkeys(people, 0.0) | _ranked(run, account, interactions, mails[-1].at.date(), known_as)
    run.progress(len(mails), len(mails), "mails")
    edges: dict[tuple[str, str], float] = defaultdict(float)
    for mail in mails:
        for recipient in mail.recipients:
            if recipient != mail.sender:
                edges[mail.sender, recipient] += 1
    return Network(ranking, edges, levels)


def _ranked(
    run: Run, account: Account, interactions: tuple[Interaction, ...], today: date, known_as: Mapping[str, str]
) -> dict[str, float]:
    given = StakeholdersInput(today=today, account=account, contacts=(), interactions=interactions)
    ranking = {}
    for one in stakeholders.run(given).view.people:
        person = known_as[one.addresses[0]]
        ranking[person] = one.influence
        run.record({"id": person, "influence": one.influence, "low": one.influence_low, "high": one.influence_high})
    return ranking


def _address(place: int) -> str:
    """An address of letters alone, as those of people are."""
    letters = ""
    for _ in range(4):
        place, letter = divmod(place, len(ascii_lowercase))
        letters += ascii_lowercase[letter]
    return f"{letters}@{_DOMAIN}"


def _interaction(number: int, mail: Mail, address: Mapping[str, str]) -> Interaction:
    return Interaction(
        id=str(number),
        account_id="company",
        form=InteractionKind.MAIL,
        at=mail.at,
        sender=address[mail.sender],
        recipients=tuple(address[person] for person in mail.recipients),
        text="",
        lang=Lang.EN,
    )


def _demo(run: Run) -> Iterator[Network]:
    """The customers of the demo company, each as the map sees it when no contact has a title or department."""
    with open_company(run.settings, DAY) as (platform, _clock):
        caller = platform.owner(TENANT)
        with platform.store.read() as unit:
            accounts, contacts = unit.records.accounts(caller), unit.records.find(caller, Contact)
        for done, account in enumerate(accounts, 1):
            theirs = tuple(each for each in contacts if each.account_id == account.id)
            heard = asyncio.run(platform.memory.interactions(caller, account.id)).records
            yield _network(run, account, theirs, heard)
            run.progress(done, len(accounts), "customers of the demo company")


def _network(run: Run, account: Account, contacts: Sequence[Contact], interactions: tuple[Interaction, ...]) -> Network:
    untitled = tuple(each.model_copy(update={"title": None, "department": None}) for each in contacts)
    given = StakeholdersInput(today=DAY, account=account, contacts=untitled, interactions=interactions)
    view = stakeholders.run(given).view
    levels = {each.id: read_title(each.title).seniority for each in contacts if each.title}
    for one in view.people:
        run.record({"id": one.id, "account": account.id, "influence": one.influence, "level": levels.get(one.id)})
    return Network(
        ranking={one.id: one.influence for one in view.people},
        edges={(tie.source, tie.target): tie.weight for tie in view.ties},
        levels={person: level for person, level in levels.items() if level is not None},
    )
