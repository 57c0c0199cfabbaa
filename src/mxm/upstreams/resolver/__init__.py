"""Public DNS, looked up live: every answer is found, absent or unknown, and unknown is never taken for absent."""

from mxm.upstreams.resolver.client import Lookup, Outcome, Resolver
from mxm.upstreams.resolver.spf_cost import SpfCost, spf_cost

__all__ = ["Lookup", "Outcome", "Resolver", "SpfCost", "spf_cost"]
