"""A stateful imitation of the services behind a mail manager, on real sockets, for tests and demos.

It knows nothing of the product. State lives in memory, everything is repeatable from a seed, and every quirk that has
been seen upstream is here, together with faults to order.
"""

from mxm_sandbox.config import ConfigError, SandboxConfig
from mxm_sandbox.faults import Fault, FaultMatch
from mxm_sandbox.running import run
from mxm_sandbox.world import Credentials, Running, Sandbox

__all__ = ["ConfigError", "Credentials", "Fault", "FaultMatch", "Running", "Sandbox", "SandboxConfig", "run"]
