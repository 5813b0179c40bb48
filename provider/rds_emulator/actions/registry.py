"""
The actions the emulator has, by product and name, and what each of them is given.

An action is a function with the `action` decorator. What the decorator is told
about evidence is what the fidelity table prints.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from rds_emulator.faults import Faults
from rds_emulator.protocol.errors import ApiError, missing
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.state import consistency_lag
from rds_emulator.state.cloud import Cloud
from rds_emulator.state.model import AccessKey, Instance, Region

Answer = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Product:
    """
    An API of the cloud: the version names it on the wire, the name in policies.
    """

    name: str
    version: str


RDS: Final = Product(name="rds", version="2014-08-15")
VPC: Final = Product(name="vpc", version="2016-04-28")
STS: Final = Product(name="sts", version="2015-04-01")
LOCATION: Final = Product(name="location", version="2015-06-12")
PRODUCTS: Final = {product.version: product for product in (RDS, VPC, STS, LOCATION)}
"""The products that the endpoint answers for, by version."""


@dataclass(frozen=True, kw_only=True)
class Action:
    """
    An action of an API.

    Args:
        product: Whose API it belongs to.
        writes: Whether it changes the cloud.
        models: What of the action is there, and what is not.
        evidence: Where the behaviour is known from.
        not_found: The code this action has for an unknown instance.
    """

    product: Product
    name: str
    writes: bool
    models: str
    evidence: str
    not_found: str
    run: "Callable[[Invocation], Answer]"

    @property
    def permission(self) -> str:
        """
        What a policy calls the right to use it.
        """
        return f"{self.product.name}:{self.name}"

    @property
    def title(self) -> str:
        """
        What a reader calls it: a product but RDS is named.
        """
        return self.name if self.product == RDS else f"{self.product.name} {self.name}"


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """
    One call of an action, past the gateway.

    Args:
        host: How the client calls the endpoint: a name or an address, and a port.
    """

    action: Action
    key: AccessKey
    parameters: Parameters
    cloud: Cloud
    faults: Faults
    host: str = ""

    def region(self) -> Region | None:
        """
        Return the region that the request names; None when it names none.

        A real endpoint stands for its region. The emulator has one endpoint
        for all, so a request without RegionId may mean any of them.
        """
        name = self.parameters.text("RegionId")
        if name is None:
            return None
        region = self.cloud.account.region(name)
        if region is None:
            raise ApiError(code="InvalidRegionId.NotFound")
        return region

    def required_region(self) -> Region:
        """
        Return the region that the request has to name.
        """
        region = self.region()
        if region is None:
            raise missing(name="RegionId")
        return region

    def instance(self, name: str = "DBInstanceId") -> Instance:
        """
        Return the instance that the request names; another region's is unknown.

        Args:
            name: How the action spells the parameter.
        """
        instance_id = self.parameters.required(name)
        region = self.region()
        instance = self.cloud.instance(instance_id)
        if instance is None or (region and region.id != instance.region):
            raise ApiError(code=self.action.not_found)
        self.check_known(instance)
        return instance

    def check_known(self, instance: Instance) -> None:
        """
        Refuse an instance that is so new that the action does not know it.
        """
        now, temper = self.cloud.clock.now(), self.cloud.account.temper
        name = self.action.name
        code = consistency_lag.unknown_as(instance, name, now=now, temper=temper)
        if code is not None:
            raise ApiError(code=code)


ACTIONS: Final[dict[tuple[str, str], Action]] = {}
"""Every action, by the version of its product and the name that the API gives it."""

_FOLDED: Final[dict[tuple[str, str], Action]] = {}


def names() -> frozenset[str]:
    """
    Return the names of all actions.
    """
    return frozenset(name for _, name in ACTIONS)


def named(version: str, name: str) -> Action | None:
    """
    Return the action that a request names, in any case, or None.

    Source: Terraform's provider sends UnTagResources, and its acceptance tests remove
    tags (service_alicloud_rds.go).
    """
    return _FOLDED.get((version, name.casefold()))


def documented() -> tuple[str, ...]:
    """
    Return the names of all actions of the RDS API, modelled or not.

    Source: the typed SDK (alibabacloud_rds20140815 16.0.2), one name for each call.
    """
    return _documented()


def is_documented(version: str, name: str) -> bool:
    """
    Whether the product has an action *name*, in any case.

    Only the names of RDS are known; another product may have any.
    """
    return version != RDS.version or name.casefold() in _folded_documented()


@cache
def _documented() -> tuple[str, ...]:
    file = resources.files("rds_emulator.actions") / "documented.txt"
    return tuple(file.read_text("utf-8").split())


@cache
def _folded_documented() -> frozenset[str]:
    return frozenset(name.casefold() for name in _documented())


def action(
    name: str,
    *,
    models: str,
    evidence: str,
    product: Product = RDS,
    writes: bool = False,
    not_found: str = "InvalidDBInstanceId.NotFound",
) -> Callable[[Callable[[Invocation], Answer]], Callable[[Invocation], Answer]]:
    """
    Register a function as the action *name*.
    """

    def register(
        run: Callable[[Invocation], Answer],
    ) -> Callable[[Invocation], Answer]:
        made = Action(
            product=product,
            name=name,
            writes=writes,
            models=models,
            evidence=evidence,
            not_found=not_found,
            run=run,
        )
        ACTIONS[product.version, name] = made
        _FOLDED[product.version, name.casefold()] = made
        return run

    return register
