"""What a case works with: the document, chance, both clients over a script, and the guarded way to the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import HealthCheck, Phase, settings

from modelarts_ext.contract.findings import Broken, Finding, Skip
from modelarts_ext.contract.journal import Journal
from modelarts_ext.contract.wire import KEY, TOKEN, EndlessClient, Shared, Side
from modelarts_ext.document import Document, load
from modelarts_ext.errors import ModelArtsError
from modelarts_ext.simulator import Simulator, VirtualClock

if TYPE_CHECKING:
    from modelarts_ext.contract.guard import Guard
    from modelarts_ext.contract.target import Target

T = TypeVar("T")

START = 1_790_000_000.0


@dataclass
class Context:
    """One worker's world. Cases use it one after the other, in any order, and leave nothing behind in it.

    document: what is judged against; served: what a simulator of the suite serves, the same unless somebody measures
    whether the suite notices a difference; seed: all chance comes from it; effort: how many examples a property has, 1
    for the usual number; guard: None when no case may reach a server.
    """

    document: Document = field(default_factory=load)
    served: Document | None = None
    seed: int = 0
    effort: float = 1.0
    journal: Journal = field(default_factory=Journal)
    target: Target | None = None
    guard: Guard | None = None
    capabilities: Mapping[str, Any] = field(default_factory=dict)
    _kept: dict[str, Any] = field(default_factory=dict, repr=False)

    def chance(self, case_id: str) -> Random:
        """Chance of a case: the same for the same seed, whatever ran before."""
        return Random(f"{self.seed} {case_id}")

    def examples(self, number: int) -> settings:
        """A bounded, repeatable number of hypothesis examples. Use with `hypothesis.seed(context.seed)`."""
        return settings(
            max_examples=max(1, round(number * self.effort)),
            database=None,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )

    def sides(self, *, signed: bool = False) -> list[Side]:
        """Both public clients with nothing sent yet, with a token, or with a key so that requests are signed."""
        return (self._signed if signed else self._with_token).fresh()

    def simulator(self, **options: Any) -> Simulator:
        """A new simulator, of the seed and on a virtual clock unless options say otherwise; the case closes it."""
        given: dict[str, Any] = {
            "seed": self.seed,
            "clock": VirtualClock(START),
            "document": self.served or self.document,
        }
        return Simulator(**given | options)

    def keep(self, name: str, make: Callable[[], T]) -> T:
        """Return what many cases share: made by the first of them, and closed with the context by its `close`."""
        if name not in self._kept:
            self._kept[name] = make()
        kept: T = self._kept[name]
        return kept

    def server(self) -> Guard:
        """The guarded way to the server. Skip when there is none."""
        if self.guard is None:
            raise Skip("there is no server to ask")
        return self.guard

    @contextmanager
    def blames(self, operation: str, rule: str) -> Iterator[None]:
        """Turn whatever the client raises in a block into a finding; what cases raise by themselves goes through.

        Errors of the client that a case expects are to be caught inside.
        """
        try:
            yield
        except (Broken, Skip):
            raise
        except EndlessClient as error:
            raise Broken(Finding(operation, rule, str(error))) from error
        except ModelArtsError as error:
            raise Broken(Finding(operation, rule, f"the client raised {type(error).__name__}: {error}")) from error
        except Exception as error:
            raise Broken(Finding(operation, rule, f"the client failed with {type(error).__name__}: {error}")) from error

    def close(self) -> None:
        """Close what was opened."""
        while self._kept:
            self._kept.popitem()[1].close()
        for name in ("_signed", "_with_token"):
            if name in self.__dict__:
                self.__dict__.pop(name).__exit__()

    @cached_property
    def _signed(self) -> Shared:
        return Shared(self.journal, **KEY).open()

    @cached_property
    def _with_token(self) -> Shared:
        return Shared(self.journal, **TOKEN).open()


Check = Callable[[Context], Iterator[Finding] | None]
