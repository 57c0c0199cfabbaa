"""What can be done with identities; each module one task."""

from dataclasses import dataclass

from mxm.features.identity.service.activity import Activity
from mxm.features.identity.service.delegations import Delegations
from mxm.features.identity.service.directory import Directory
from mxm.features.identity.service.passwords import PasswordHasher
from mxm.features.identity.service.sessions import Sessions
from mxm.features.identity.service.sign_in import SignIn
from mxm.features.identity.service.throttle import Throttle
from mxm.features.identity.service.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Identity:
    """All services of this feature, put together at composition."""

    directory: Directory
    activity: Activity
    passwords: PasswordHasher
    sessions: Sessions
    sign_in: SignIn
    throttle: Throttle
    tokens: Tokens
    delegations: Delegations


__all__ = ["Identity"]
