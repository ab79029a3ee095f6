"""Who sees and changes what is not theirs: `python -m evals.bench.leaks --operations 100000 --seed 1 --json`.

Three companies with the same people and ids, whose every record holds planted words. Random people of them use the API
(within the process and over sockets), streams, files, chat, recall, the systems of record and the administration, at
random; each answer is searched for words and ids that its reader may not know, by a model of rights of the bench's own,
and what had to be refused must have been. At the end the log must show no write on what its author does not see.

With `--mutants` the product loses one check at a time, and each time the same trial must notice.
"""

import os
import sys
from collections.abc import Sequence

from evals.bench.leaks.measuring import measure
from evals.bench.leaks.mutants import measure_mutants
from evals.bench.report import build_parser, print_figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when anything leaked or failed, or a mutant went unnoticed."""
    parser = build_parser("leaks", __doc__)
    parser.add_argument("--operations", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--mutants", action="store_true", help="take one check out at a time instead")
    options = parser.parse_args(arguments)
    if options.mutants:
        figures = measure_mutants(options.seed)
        print_figures(figures, as_json=options.json)
        return int(figures["caught"] < figures["mutants"])
    figures = measure(options.operations, options.seed, max(1, options.processes))
    print_figures(figures, as_json=options.json)
    return int(bool(figures["leaks"] or figures["server_errors"]))


if __name__ == "__main__":
    sys.exit(main())
