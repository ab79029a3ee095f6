"""The suite `meetings`: its own cases, and the public sets of summaries."""

from evals.suites.meetings.decisions import PARTS, run_decisions
from evals.suites.meetings.summaries import run_qmsum, run_vcsum
from evals.suites.suite import Report, Run


class MeetingsSuite:
    """Own cases: what was decided, what was not, who does what. Sets: summaries beside what people wrote."""

    name = "meetings"
    sets = ("qmsum", "vcsum")
    parts = PARTS

    def run(self, run: Run) -> Report:
        """Score the set named, or the part named of the suite's own cases, or all of these."""
        if run.set_name == "qmsum":
            return run_qmsum(run)
        if run.set_name == "vcsum":
            return run_vcsum(run)
        return run_decisions(run)
