"""All risk rules by code."""

from agents.analysis.risk import agreements, conversation, people, pipeline, supply
from agents.analysis.risk.rule import Rule

RULES: dict[str, Rule] = {
    rule.code: rule for rule in (*supply.RULES, *agreements.RULES, *people.RULES, *pipeline.RULES, *conversation.RULES)
}
