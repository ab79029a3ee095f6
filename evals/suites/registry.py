"""All suites by name."""

from evals.suites.chat.bfcl.suite import BfclSuite
from evals.suites.chat.suite import ChatSuite
from evals.suites.chat.workbench.suite import WorkbenchSuite
from evals.suites.intent.suite import IntentSuite
from evals.suites.meetings.suite import MeetingsSuite
from evals.suites.memory.suite import MemorySuite
from evals.suites.speech.suite import SpeechSuite
from evals.suites.stakeholders.suite import StakeholdersSuite
from evals.suites.suite import Suite

SUITES: dict[str, Suite] = {
    suite.name: suite
    for suite in (
        ChatSuite(BfclSuite(), WorkbenchSuite()),
        IntentSuite(),
        MeetingsSuite(),
        MemorySuite(),
        SpeechSuite(),
        StakeholdersSuite(),
    )
}
