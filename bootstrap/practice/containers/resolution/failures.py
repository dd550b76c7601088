"""Why a launch fails before its container runs.

LaunchFailed
├── Unresolvable   Failed (Command resolution)
├── Unauthorized   Failed (org.nrg.containers.exceptions.UnauthorizedException)
├── NotThere       Failed (org.nrg.framework.exceptions.NotFoundException)
├── Stumbled       Failed (Staging)
└── EngineRefused  Failed (Container launch)
"""

from __future__ import annotations

_RESOLUTION = "Submitted data does not match command resolution requirements. "


class LaunchFailed(Exception):
    status = "Failed"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    @property
    def details(self) -> str:
        return self.text


class Unresolvable(LaunchFailed):
    status = "Failed (Command resolution)"

    @property
    def details(self) -> str:
        return _RESOLUTION + self.text


class Unauthorized(LaunchFailed):
    status = "Failed (org.nrg.containers.exceptions.UnauthorizedException)"


class NotThere(LaunchFailed):
    status = "Failed (org.nrg.framework.exceptions.NotFoundException)"


class Stumbled(LaunchFailed):
    status = "Failed (Staging)"


class EngineRefused(LaunchFailed):
    status = "Failed (Container launch)"
