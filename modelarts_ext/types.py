"""Every type that methods take or return, imported when first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modelarts_client.behaviour import Phase as Phase
    from modelarts_client.call import AsyncPager as AsyncPager
    from modelarts_client.call import Change as Change
    from modelarts_client.call import LogLine as LogLine
    from modelarts_client.call import Pager as Pager
    from modelarts_client.models import *  # noqa: F403
    from modelarts_ext.core.effects import Request as Request
    from modelarts_ext.core.engine import Exchange as Exchange
    from modelarts_ext.core.lookup import Reconciliation as Reconciliation
    from modelarts_ext.core.recording import Raw as Raw
    from modelarts_ext.recipes.inventory import Inventory as Inventory
    from modelarts_ext.recipes.inventory import Running as Running

_ELSEWHERE = {
    "AsyncPager": "modelarts_client.call",
    "Change": "modelarts_client.call",
    "Exchange": "modelarts_ext.core.engine",
    "Inventory": "modelarts_ext.recipes.inventory",
    "LogLine": "modelarts_client.call",
    "Pager": "modelarts_client.call",
    "Phase": "modelarts_client.behaviour",
    "Raw": "modelarts_ext.core.recording",
    "Reconciliation": "modelarts_ext.core.lookup",
    "Request": "modelarts_ext.core.effects",
    "Running": "modelarts_ext.recipes.inventory",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_ELSEWHERE.get(name, "modelarts_client.models")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    from modelarts_client import models

    return sorted({*_ELSEWHERE, *dir(models)})
