"""The one error of prompt files."""


class PromptError(Exception):
    """A prompt or phrase file is faulty, or was rendered with the wrong parameters.

    `file` is the path of the file, `kind` the phrase (empty for a model prompt), `variable` the parameter
    at fault (empty when it is not about one).
    """

    def __init__(self, problem: str, *, file: str, kind: str = "", variable: str = "") -> None:
        self.file = file
        self.kind = kind
        self.variable = variable
        place = f"{file}, {kind}" if kind else file
        about = f" ({variable})" if variable else ""
        super().__init__(f"{place}: {problem}{about}")
