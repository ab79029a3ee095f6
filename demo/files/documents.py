"""Contracts as PDF, DOCX and plain text."""

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from docx import Document
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from demo.catalogue import FAMILIES
from demo.contracts import file_name, say_day, say_value
from demo.files.tables import settle_zip
from demo.grammar import fill, load_lines
from demo.world import VENDOR, VENDOR_ZH, Contract, World


@dataclass(frozen=True, slots=True)
class Text:
    """A contract in words: `facts` are its headline terms, `clauses` heading and text."""

    title: str
    preamble: str
    parties: tuple[str, ...]
    facts: tuple[str, ...]
    clauses: tuple[tuple[str, str], ...]
    signature: str


def write_contracts(folder: Path, world: World) -> dict[str, str]:
    """Write all contracts below `folder`; returns their file names by contract number."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {}
    for index, contract in enumerate(world.contracts):
        name = file_name(contract, index)
        names[contract.number] = name
        writer = {"pdf": _write_pdf, "docx": _write_docx, "txt": _write_txt}[name.rpartition(".")[2]]
        writer(folder / name, word_contract(world, contract))
    return names


def word_contract(world: World, contract: Contract) -> Text:
    """The contract's text in its account's language."""
    rng = world.rng("contract text", contract.number)
    account = contract.account
    lang = account.lang
    slots = {
        "number": contract.number,
        "vendor": VENDOR if lang == "en" else VENDOR_ZH,
        "customer": account.name,
        "terms_days": str(contract.terms_days),
        "warranty": rng.choice(("12", "18", "24")),
        "cap": rng.choice(("50", "100", "100", "150")),
        "secret": rng.choice(("3", "5")),
        "notice": rng.choice(("30", "60", "90")),
        "family": FAMILIES[account.family][1] if lang == "zh" else FAMILIES[account.family][0].lower(),
    }

    def lines(topic: str) -> list[str]:
        return [fill(line, slots, rng) or "" for line in load_lines("contracts", lang, topic)]

    # The heading ends at the first bar; further bars belong to choices.
    raw = list(load_lines("contracts", lang, "clauses"))
    if contract.exclusive:
        raw.insert(-1, load_lines("contracts", lang, "exclusive")[0])
    clauses = []
    for line in raw:
        heading, _, body = line.partition("|")
        clauses.append((heading, fill(body, slots, rng) or ""))
    starts, ends, value = say_day(contract.starts, contract), say_day(contract.ends, contract), say_value(contract)
    if lang == "zh":
        facts = (f"生效日期：{starts}", f"到期日期：{ends}", f"合同总金额：{value}")
        signature = f"签订日期：{starts}    甲方（盖章）：        乙方（盖章）："
    else:
        facts = (f"Effective date: {starts}", f"Expiry date: {ends}", f"Total contract value: {value}")
        signature = f"Signed on {starts} for the Supplier and for the Customer"
    title = load_lines("contracts", lang, f"title.{contract.kind}")[0]
    return Text(title, lines("preamble")[0], tuple(lines("between")), facts, tuple(clauses), signature)


def _headed(text: Text, *, zh: bool) -> list[tuple[str, str]]:
    """Clauses with their numbers."""
    if zh:
        return [(f"第{number}条 {heading}", body) for number, (heading, body) in enumerate(text.clauses, 1)]
    return [(f"{number}. {heading}", body) for number, (heading, body) in enumerate(text.clauses, 1)]


def _is_chinese(text: Text) -> bool:
    return not text.title.isascii()


def _write_pdf(path: Path, text: Text) -> None:
    styles = getSampleStyleSheet()
    flow: list[Flowable] = [Paragraph(escape(text.title), styles["Title"])]
    flow += [Paragraph(escape(line), styles["BodyText"]) for line in (text.preamble, *text.parties, *text.facts)]
    for heading, body in _headed(text, zh=False):
        flow += [Paragraph(escape(heading), styles["Heading3"]), Paragraph(escape(body), styles["BodyText"])]
    flow += [Spacer(1, 24), Paragraph(escape(text.signature), styles["BodyText"])]
    page = SimpleDocTemplate(str(path), pagesize=A4, title=text.title, author=VENDOR, invariant=1)
    page.build(flow)


def _write_docx(path: Path, text: Text) -> None:
    document = Document()
    document.add_heading(text.title, 0)
    for line in (text.preamble, *text.parties, *text.facts):
        document.add_paragraph(line)
    for heading, body in _headed(text, zh=True):
        document.add_heading(heading, 2)
        document.add_paragraph(body)
    document.add_paragraph(text.signature)
    document.save(str(path))
    settle_zip(path)


def _write_txt(path: Path, text: Text) -> None:
    lines = [text.title, "", text.preamble, *text.parties, "", *text.facts, ""]
    for heading, body in _headed(text, zh=_is_chinese(text)):
        lines += [heading, body, ""]
    path.write_text("\n".join([*lines, text.signature, ""]), encoding="utf-8")
