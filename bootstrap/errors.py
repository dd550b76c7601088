"""Everything that can go wrong, as a tree. Each class owns its exit code.

BootstrapError                    1   something went wrong
├── UsageError                   64   the command line is wrong
├── SiteFileError                 1   the site file cannot be used; carries all problems at once
├── LocalFileError                1   a file or folder of this machine cannot be read or written
├── EngineUnreachable             5   no Docker engine answers: the rest of a run is done all the same
├── EngineRefused                 1   a Docker engine or a registry said no
├── DownloadFailed                1   a file could not be fetched, or is not what it should be
├── HomeUnreachable               5   the folder of XNAT's own files cannot be reached: the rest is done all the same
├── HomeFailed                    1   XNAT's own files could not be read, written or moved, or XNAT not restarted
├── RestartOwed                   5   what was changed works after a restart only, and none was made
├── RestartFailed                 5   a restart that is owed was tried and not made: it is owed still
├── NotBack                       1   XNAT did not come back from a restart as it was
├── Refused                       3   refused for safety; says which --allow rule lets it pass
│   ├── LockHeld                  3   somebody else is applying to this XNAT
│   └── StalePlan                 3   the saved plan no longer fits the files or the server
└── XnatError                     1   the server said no, or something we do not understand
    ├── Unreachable               4   no connection, or it broke before an answer came
    │   └── TlsRefused            4   the certificate was not accepted
    ├── NotReady                  4   it answers, but is not (yet) a working XNAT
    │   ├── Starting              4   waiting will probably mend it
    │   └── NeverReady            4   waiting will not mend it
    ├── NotAnXnat                 1   something else answers at this address
    ├── SignInRefused             1   the account or its password was not accepted
    ├── Denied                    1   signed in, but without the right to do this
    ├── Redirected                1   302 where an answer was due
    │   ├── ToLogin               1   ... to the sign-in page
    │   └── ToSetup               4   ... to the set-up page: the site is not initialised
    ├── NotJson                   1   an HTML page or text where JSON was due
    ├── NotFound                  1   404
    ├── Rejected                  1   400-499: the server did not accept what was sent
    ├── ServerFailed              1   500-599
    ├── PartlyDone                1   202 with a list of what failed
    ├── NotStored                 1   accepted, but reads back otherwise
    ├── SmokeFailed               1   what was written does not work; says whether it was put back
    └── OutcomeUnknown            1   a write was sent and no answer came: it may have happened

Messages say what was being done, to what, where in which file, what the server said, and what to do next.
"""

from __future__ import annotations

from collections.abc import Sequence

from bootstrap.values import Problem, Source


class BootstrapError(Exception):
    exit_code = 1

    def __init__(self, message: str, *, hint: str = "", source: Source | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint  # what to do next
        self.source = source

    def __str__(self) -> str:
        where = f"{self.source}: " if self.source else ""
        hint = f"\n  -> {self.hint}" if self.hint else ""
        return f"{where}{self.message}{hint}"


class UsageError(BootstrapError):
    exit_code = 64


class SiteFileError(BootstrapError):
    """`readable` is what could be read of the site all the same, for looking on for further problems."""

    def __init__(self, problems: Sequence[Problem], readable: object = None) -> None:
        self.problems = list(problems)
        self.readable = readable
        super().__init__("\n".join(str(problem) for problem in self.problems))


class LocalFileError(BootstrapError):
    pass


class EngineUnreachable(BootstrapError):
    exit_code = 5


class EngineRefused(BootstrapError):
    pass


class DownloadFailed(BootstrapError):
    pass


class HomeUnreachable(BootstrapError):
    exit_code = 5


class HomeFailed(BootstrapError):
    pass


class RestartOwed(BootstrapError):
    exit_code = 5


class RestartFailed(BootstrapError):
    exit_code = 5


class NotBack(BootstrapError):
    pass


class Refused(BootstrapError):
    exit_code = 3


class LockHeld(Refused):
    pass


class StalePlan(Refused):
    pass


class XnatError(BootstrapError):
    """`doing` is what we were about ("reading the site settings"), `said` what the server answered, shortened."""

    def __init__(
        self,
        message: str,
        *,
        doing: str = "",
        request: str = "",
        status: int | None = None,
        said: str = "",
        hint: str = "",
        source: Source | None = None,
    ) -> None:
        self.doing, self.request, self.status, self.said = doing, request, status, said
        self.summary = message  # on one line, for talk while waiting
        parts = [f"{doing}: {message}" if doing else message]
        if request:
            answer = f" -> {status}" if status is not None else ""
            parts.append(f"\n  {request}{answer}")
        if said:
            parts.append(f"\n  the server said: {said}")
        super().__init__("".join(parts), hint=hint, source=source)


class Unreachable(XnatError):
    exit_code = 4


class TlsRefused(Unreachable):
    pass


class NotReady(XnatError):
    exit_code = 4


class Starting(NotReady):
    pass


class NeverReady(NotReady):
    pass


class NotAnXnat(XnatError):
    pass


class SignInRefused(XnatError):
    pass


class Denied(XnatError):
    pass


class Redirected(XnatError):
    pass


class ToLogin(Redirected):
    pass


class ToSetup(Redirected):
    exit_code = 4


class NotJson(XnatError):
    pass


class NotFound(XnatError):
    pass


class Rejected(XnatError):
    pass


class ServerFailed(XnatError):
    pass


class PartlyDone(XnatError):
    pass


class NotStored(XnatError):
    pass


class SmokeFailed(XnatError):
    pass


class OutcomeUnknown(XnatError):
    pass
