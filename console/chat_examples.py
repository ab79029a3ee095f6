"""Questions to begin with: what the visitor's job asks for, about customers that the visitor has."""

from console.chat_words import ChatWords
from console.session import Session
from core.domain.accounts import Account
from core.identity import Role
from core.language import Lang
from hub.accounts.overview import look_over

_COUNT = 4
_SALES = ("ask_rep_mixed", "ask_rep_people", "ask_rep_next", "ask_rep_legal")
_LEADING = ("ask_lead_quiet", "ask_lead_closing", "ask_rep_mixed", "ask_lead_stage")
_OF_ACCOUNT = ("ask_rep_mixed", "ask_rep_people", "ask_lead_stage", "ask_legal_terms", "ask_rep_next")
_BY_ROLE: dict[Role, tuple[str, ...]] = {
    Role.LEGAL: ("ask_legal_terms", "ask_legal_ending", "ask_legal_risks", "ask_rep_people"),
    Role.SUPPLY_CHAIN: ("ask_supply_stock", "ask_supply_orders", "ask_lead_closing", "ask_legal_risks"),
    Role.FINANCE: ("ask_finance_price", "ask_finance_path", "ask_legal_ending", "ask_lead_closing"),
    Role.REP: _SALES,
    Role.COACH: ("ask_lead_stage", "ask_rep_people", "ask_rep_next", "ask_legal_risks"),
    Role.MANAGER: _LEADING,
    Role.ANALYST: _LEADING,
    Role.ADMIN: _LEADING,
}


def examples_for(session: Session, words: ChatWords, account: Account | None) -> list[str]:
    """Up to four questions, each about another customer; none when the visitor has no customers."""
    if account is not None:
        return [_filled(words, phrase, account.name) for phrase in _OF_ACCOUNT[:_COUNT]]
    lines = look_over(session.platform, session.caller).lines
    if not lines:
        return []
    own = [line for line in lines if line.account.owner == _own_name(session)]
    names = [line.account.name for line in (own or lines)[:_COUNT]]
    phrases = next((_BY_ROLE[role] for role in _BY_ROLE if role in session.caller.roles), _SALES)
    return [_filled(words, phrase, names[place % len(names)]) for place, phrase in enumerate(phrases[:_COUNT])]


def _filled(words: ChatWords, phrase: str, name: str) -> str:
    uses = words.say.book.phrases[phrase, words.say.lang].variables
    if "account" not in uses:
        return words.say(phrase)
    return words.say(phrase, account=_spaced(words, name)).replace(" ，", "，")


def _spaced(words: ChatWords, name: str) -> str:
    """A name in Latin letters, set apart from the Chinese around it."""
    if words.say.lang is not Lang.ZH:
        return name
    before, after = (" " if end.isascii() else "" for end in (name[:1], name[-1:]))
    return f"{before}{name}{after}"


def _own_name(session: Session) -> str | None:
    return next((user.name for user in session.users if user.id == session.came_as.user), None)
