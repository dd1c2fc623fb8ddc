"""All cases, from the modules that provide them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

from modelarts_ext.contract.case import Case
from modelarts_ext.document import Document

Provider = Callable[[Document], Iterable[Case]]

PROVIDERS = (
    "modelarts_ext.contract.self_checks",
    "modelarts_ext.contract.goldens",
    "modelarts_ext.contract.refusals",
    "modelarts_ext.contract.stories",
    "modelarts_ext.contract.requests",
    "modelarts_ext.contract.answers",
    "modelarts_ext.contract.failing",
    "modelarts_ext.contract.fuzzing",
    "modelarts_ext.contract.laws.paging",
    "modelarts_ext.contract.laws.waiting",
    "modelarts_ext.contract.laws.tailing",
    "modelarts_ext.contract.laws.retrying",
    "modelarts_ext.contract.laws.signing",
    "modelarts_ext.contract.laws.naming",
    "modelarts_ext.contract.laws.secrets",
    "modelarts_ext.contract.laws.codes",
    "modelarts_ext.contract.laws.keeping",
    "modelarts_ext.contract.laws.listing",
    "modelarts_ext.contract.laws.lengths",
    "modelarts_ext.contract.laws.seeded",
    "modelarts_ext.contract.laws.moving",
    "modelarts_ext.contract.laws.times",
    "modelarts_ext.contract.laws.deleting",
    "modelarts_ext.contract.laws.proving",
    "modelarts_ext.contract.laws.requesting",
    "modelarts_ext.contract.laws.identities",
    "modelarts_ext.contract.laws.logreading",
    "modelarts_ext.contract.laws.following",
    "modelarts_ext.contract.laws.notebook_rules",
    "modelarts_ext.contract.laws.notebook_state_rules",
    "modelarts_ext.contract.laws.training_rules",
    "modelarts_ext.contract.laws.log_rules",
    "modelarts_ext.contract.laws.visualization_rules",
    "modelarts_ext.contract.laws.settings_rules",
    "modelarts_ext.contract.laws.service_rules",
    "modelarts_ext.contract.laws.predicting_rules",
    "modelarts_ext.contract.laws.address_rules",
    "modelarts_ext.contract.laws.memory_rules",
    "modelarts_ext.contract.laws.workspace_rules",
    "modelarts_ext.contract.laws.forms",
    "modelarts_ext.contract.laws.form_rules",
    "modelarts_ext.contract.laws.parts",
    "modelarts_ext.contract.laws.carrying",
    "modelarts_ext.contract.laws.connections",
    "modelarts_ext.contract.laws.typed",
    "modelarts_ext.contract.laws.handing",
    "modelarts_ext.contract.laws.refusing",
    "modelarts_ext.contract.laws.saying",
    "modelarts_ext.contract.laws.access",
    "modelarts_ext.contract.laws.catalogue",
    "modelarts_ext.contract.faults",
)
"""Modules with a function `cases(document)`. Cases are made without doing anything; work begins when one is run."""


def collect(document: Document, providers: Iterable[str] = PROVIDERS) -> dict[str, Case]:
    """Return every case by its id, in the order of the modules. ValueError when an id stands twice."""
    found: dict[str, Case] = {}
    for name in providers:
        provide: Provider = import_module(name).cases
        for case in provide(document):
            if case.id in found:
                raise ValueError(f"case {case.id} stands twice")
            found[case.id] = case
    return found
