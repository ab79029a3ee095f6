"""The embedded systems of record: imported records behind the ports, able to be slow, down or wrong on demand."""

from connectors.sandbox.build import Sandbox, build_sandbox
from connectors.sandbox.counts import Counts
from connectors.sandbox.faults import Fault, Faults
from connectors.sandbox.target import SandboxTarget, build_targets

__all__ = ["Counts", "Fault", "Faults", "Sandbox", "SandboxTarget", "build_sandbox", "build_targets"]
