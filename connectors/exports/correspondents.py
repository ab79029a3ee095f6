"""Whose an interaction is, who wrote it, and how it becomes a record."""

from collections.abc import Sequence
from datetime import datetime

from connectors.exports.directory import Directory
from connectors.exports.outcome import RefusedError
from core.domain.accounts import Account
from core.domain.interactions import Author, Interaction, InteractionKind, Turn
from core.identity import Role
from core.language import Lang, detect_language

MAX_CHARACTERS = 500_000


def account_of_mail(directory: Directory, sender: str, recipients: Sequence[str]) -> Account:
    """The account a mail belongs to: the sender's, else the only one among the recipients. Raises RefusedError."""
    for addresses in ([sender], recipients):
        outside = [address for address in addresses if not directory.is_own(address)]
        ids = {id_ for address in outside for id_ in directory.account_of_mail(address)}
        if len(ids) == 1:
            return directory.accounts[next(iter(ids))]
        if ids:
            names = ", ".join(sorted(directory.accounts[id_].name for id_ in ids))
            raise RefusedError("account", f"the mail concerns several accounts: {names}")
    shown = ", ".join(address for address in [sender, *recipients][:4] if address)
    raise RefusedError(
        "account", f"no participant belongs to a known account ({shown}): give the account its website or a contact"
    )


def author_of(directory: Directory, account: Account, writers: Sequence[str]) -> Author:
    """Who could have written a text: our people only if all writers are, the customer if one of them is."""
    if writers and all(map(directory.is_own, writers)):
        return Author.INTERNAL
    if any(_of_account(directory, account, writer) for writer in writers):
        return Author.CUSTOMER
    return Author.EXTERNAL


def build_interaction(
    directory: Directory,
    account: Account,
    *,
    id_: str,
    form: InteractionKind,
    at: datetime,
    sender: str | None = None,
    recipients: Sequence[str] = (),
    subject: str | None = None,
    text: str = "",
    turns: Sequence[Turn] = (),
    lang: Lang | None = None,
    audience: frozenset[Role] = frozenset(),
) -> Interaction:
    """The interaction as stored, in its account's region. Raises RefusedError when it says nothing or too much."""
    whole = "\n".join(f"{turn.speaker}: {turn.text}" for turn in turns) if turns else text.strip()
    whole = whole.replace("\0", "")
    if not whole:
        raise RefusedError("text", "empty")
    if len(whole) > MAX_CHARACTERS:
        raise RefusedError("text", f"longer than {MAX_CHARACTERS} characters: split it")
    writers = sorted({turn.speaker for turn in turns}) or ([sender] if sender else [])
    return Interaction(
        id=id_.replace("\0", ""),
        region=account.region,
        audience=audience,
        account_id=account.id,
        form=form,
        at=at,
        sender=sender,
        recipients=tuple(recipients),
        subject=subject,
        text=whole,
        turns=tuple(turns),
        lang=lang or detect_language(whole),
        author=author_of(directory, account, writers),
    )


def _of_account(directory: Directory, account: Account, person: str) -> bool:
    """Whether an address or a name is someone at the account."""
    if "@" in person:
        return account.id in directory.account_of_mail(person)
    return directory.contact(account.id, person) is not None
