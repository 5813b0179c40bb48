"""
The errors that are meant for users.

CloneError                  one except clause catches everything of ours
├─ InvalidSpecError         problems; the inputs contradict themselves
├─ PrerequisiteError        problems; inputs fine, the source is not ready
├─ ConfigurationError       the provider's settings or credentials are unusable
│  └─ ExpiredCredentialsError                    new ones may be had
├─ RefusedError             the instance is kept as it is; the text has the remedy
├─ ChangeError          one aspect of a clone is not as declared; the text names it
├─ DeadCloneError           the clone is gone or going; the text has the remedy
│  └─ NeverShownError       no call has ever shown it
├─ AbandonedError           nobody waits for the outcome any more
├─ ApiError                 action, code, request id
│  ├─ NotFoundError         the API knows that the thing does not exist
│  ├─ AccessDeniedError     the caller may not do or see it
│  ├─ ConflictError         the state of the instance forbids it now
│  │  └─ NotVisibleError    this part of the API does not know the instance now
│  ├─ NameTakenError        another instance has the name that was asked for
│  ├─ TokenUsedError        the token of an order stands for another order
│  └─ ThrottledError · UnavailableError      worth repeating
├─ WaitError                instance id, last status, waited
│  └─ WaitTimedOutError · WaitCancelledError
└─ UnfinishedError          a clone is made or changed in part; carries its outputs

Each ``str()`` is one clear sentence with its remedy; none carries a secret.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Self

from pulumi_rdsclone.domain.instances import NOT_VISIBLE
from pulumi_rdsclone.domain.problems import Problem, one_line
from pulumi_rdsclone.domain.times import format_duration
from pulumi_rdsclone.domain.values import Properties


class CloneError(Exception):
    """
    Root of all errors that are meant for the user, one printable line for each thing.
    """

    def __init__(self, *texts: str) -> None:
        super().__init__("\n".join(map(one_line, texts)))


class _ProblemsError(CloneError):
    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(*map(str, problems))
        self.problems = tuple(problems)


class InvalidSpecError(_ProblemsError):
    """
    The inputs are wrong by themselves, whatever the cloud says.
    """


class PrerequisiteError(_ProblemsError):
    """
    The inputs are well-formed, but source, backups or clone do not allow them.
    """


class ConfigurationError(CloneError):
    """
    The provider cannot reach the cloud as configured: region, endpoint, credentials.
    """


class ExpiredCredentialsError(ConfigurationError):
    """
    The temporary credentials have expired; new ones may be had.
    """


class RefusedError(CloneError):
    """
    The provider refuses this, to protect data or to avoid costs.
    """


class ChangeError(CloneError):
    """
    A change in place was refused, or was accepted and does not show.
    """


class DeadCloneError(CloneError):
    """
    A clone has reached a status from which it will not become usable.

    `pulumi up --replace` would be another way out, but a plugin cannot tell it from
    a lost state and refuses it. A refresh works with both borders.
    """

    def __init__(self, instance_id: str, status: str) -> None:
        super().__init__(
            f"{instance_id} is {status} and will not become usable — run pulumi "
            f"refresh to remove {instance_id} from the state, then pulumi up to create "
            "a new clone"
        )
        self.instance_id = instance_id
        self.status = status


class NeverShownError(DeadCloneError):
    """
    No call has ever shown the instance that an order returned.
    """

    def __init__(self, instance_id: str, waited: timedelta) -> None:
        CloneError.__init__(
            self,
            f"the order was answered with {instance_id}, but the API has not shown "
            f"{instance_id} for {format_duration(waited)} — look for {instance_id} in "
            f"the RDS console; if {instance_id} does not exist, run pulumi up "
            "--refresh, which creates a new clone",
        )
        self.instance_id = instance_id
        self.status = NOT_VISIBLE


class AbandonedError(CloneError):
    """
    Nobody waits for the outcome any more, so the run must end.
    """


@dataclass(frozen=True, kw_only=True)
class ApiFault:
    """
    The API's answer when it refused a call.

    Attributes:
        action: The API action, such as ``CloneDBInstance``.
        code: The API's error code; an SDK code when no answer came.
        message: The API's own text, without signatures.
        request_id: Id to quote to the vendor's support; empty when no answer came.
    """

    action: str
    code: str
    message: str
    request_id: str = ""

    @property
    def origin(self) -> str:
        """
        Action, code and request id, as they stand in parentheses in a message.
        """
        code = f": {self.code}" if self.code else ""
        request = f", request id {self.request_id}" if self.request_id else ""
        return f"{self.action}{code}{request}"

    def __str__(self) -> str:
        message = self.message.rstrip(". ") or "the API gave no reason"
        return f"{message} ({self.origin})"


class ApiError(CloneError):
    """
    A call was refused or did not come back.
    """

    retryable: ClassVar[bool] = False

    def __init__(self, fault: ApiFault, remedy: str = "") -> None:
        super().__init__(f"{fault} — {remedy}" if remedy else str(fault))
        self.fault = fault


class NotFoundError(ApiError):
    """
    The API reports that the thing does not exist.
    """


class AccessDeniedError(ApiError):
    """
    The caller lacks a RAM permission.
    """


class ConflictError(ApiError):
    """
    The instance's present state forbids the call; a later one may succeed.
    """


class NotVisibleError(ConflictError):
    """
    One part of the API does not know the instance now; it may exist nevertheless.

    Source: a read of another backend did not know an instance that was Running,
    github.com/aliyun/terraform-provider-alicloud/issues/4776.
    """


class NameTakenError(ApiError):
    """
    Another instance has an endpoint with the name that was asked for.
    """


class TokenUsedError(ApiError):
    """
    The ClientToken was used before, with other parameters.
    """


class ThrottledError(ApiError):
    """
    Too many calls; without an effect.

    Attributes:
        retry_after: How long the API asks not to be called.
    """

    retryable = True
    retry_after = timedelta()


class UnavailableError(ApiError):
    """
    No answer, or a server-side failure: the call may or may not have had its effect.

    Attributes:
        may_be_done: Whether the call may have had its effect: not if it was not sent.
    """

    retryable = True
    may_be_done = True


class WaitError(CloneError):
    """
    An instance exists but did not reach the status that it was waited for.

    It is never deleted for that; the id travels with the error so that it can
    be kept in state.
    """

    fate: ClassVar[str]
    """How the wait ended; {} stands for the last status."""

    def __init__(
        self, instance_id: str, last_status: str, *, waited: timedelta, remedy: str = ""
    ) -> None:
        passed = format_duration(timedelta(seconds=round(waited.total_seconds())))
        what = f"{instance_id} {self.fate.format(last_status)} after {passed or '0s'}"
        super().__init__(f"{what} — {remedy}" if remedy else what)
        self.instance_id = instance_id
        self.last_status = last_status
        self.waited = waited

    def with_remedy(self, remedy: str) -> Self:
        """
        Return the same error with the remedy.
        """
        return type(self)(
            self.instance_id, self.last_status, waited=self.waited, remedy=remedy
        )


class WaitTimedOutError(WaitError):
    """
    The time allowed is over; the instance goes on by itself.
    """

    fate = "is still {}"


class WaitCancelledError(WaitError):
    """
    The user wants no more waiting; the instance goes on by itself.
    """

    fate = "was still {} when the wait was cancelled"


class UnfinishedError(CloneError):
    """
    A clone is not as declared, or not ready; it must be kept in state as it is.

    Attributes:
        outputs: Its known outputs, a tree in snake_case.
    """

    def __init__(self, text: str, *, outputs: Properties) -> None:
        super().__init__(text)
        self.outputs = outputs
