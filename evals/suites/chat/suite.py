"""The suite `chat`: its own cases, and the public sets that judge its planner."""

from core.errors import InvalidInputError
from evals.suites.suite import Report, Run, Suite


class ChatSuite:
    """Questions to the demo company; `planning` are the suites that it also runs, each as the set of its name."""

    name = "chat"
    parts = ("dev", "held_back")

    def __init__(self, *planning: Suite) -> None:
        self._planning = {suite.name: suite for suite in planning}

    @property
    def sets(self) -> tuple[str, ...]:
        """The public sets it reads from a folder."""
        return tuple(self._planning)

    def run(self, run: Run) -> Report:
        """Score the set named, or the suite's own cases."""
        if run.set_name in self._planning:
            return self._planning[run.set_name].run(run).model_copy(update={"suite": self.name})
        raise InvalidInputError("has no cases of its own yet", field="SUITE", remedy="Name a folder with --data.")
