"""The suite under pytest: `pytest --pyargs modelarts_ext.contract`, every case an item.

Without an address the cases run against a simulator that each process starts for itself, so that pytest-xdist may
divide them. Credentials come from the environment, as for every command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pytest

    from modelarts_ext.contract.bench import Settings
    from modelarts_ext.contract.results import Outcome

# pytest reads this in every run of every project, so that what costs time is imported where it is needed.

_GROUP: Final = "modelarts contract suite"
_PREFIX: Final = "--modelarts-contract-"
_LEVELS: Final = ("offline", "read", "write", "billable")


def add_options(parser: pytest.Parser) -> None:
    """Add the options of the suite."""
    group = parser.getgroup("modelarts", _GROUP)
    add = group.addoption
    add("--modelarts-endpoint", metavar="URL", help="server to judge; a simulator of this process if none")
    add("--modelarts-iam-endpoint", metavar="URL", help="its IAM")
    add("--modelarts-project-id", metavar="ID", help="project on it")
    add(f"{_PREFIX}level", choices=_LEVELS, help="what may be done to the server (read for an address)")
    add(f"{_PREFIX}allow-billable", action="store_true", help="confirm the level billable for an address")
    add(f"{_PREFIX}budget", type=int, help="most requests to the server")
    add(f"{_PREFIX}rate", type=float, default=2.0, help="requests a second to a server at an address (2)")
    add(f"{_PREFIX}ledger", metavar="FILE", default="modelarts-contract.ledger", help="what the run creates there")
    add(f"{_PREFIX}given", metavar="NAME=VALUE", action="append", default=[], help="such as bucket=my-bucket")
    add(f"{_PREFIX}only", metavar="ID", action="append", default=[], help="cases by id or pattern")
    add(f"{_PREFIX}layer", action="append", default=[], help="cases of a layer")
    add(f"{_PREFIX}profile", action="append", default=[], help="cases of a profile")
    add(f"{_PREFIX}seed", type=int, default=0, help="what all chance comes from (0)")
    add(f"{_PREFIX}effort", type=float, default=1.0, help="examples of a property, in parts of the usual number (1)")
    add(f"{_PREFIX}serves", metavar="FILE", help="another openapi.json for the simulator of this process to serve")
    add(f"{_PREFIX}known", metavar="FILE", help="known failures: id, reason, expires")


def settings_of(config: pytest.Config) -> Settings:
    """Return the run that the options ask for. `pytest.UsageError` for what cannot be."""
    import pytest

    from modelarts_ext.contract.bench import Settings
    from modelarts_ext.contract.known import read_known
    from modelarts_ext.contract.levels import Level
    from modelarts_ext.contract.runner import servable
    from modelarts_ext.contract.verdicts import Selection
    from modelarts_ext.errors import ModelArtsError

    def given(name: str, default: Any = None) -> Any:
        return config.getoption(f"{_PREFIX}{name}", default)

    level = given("level")
    try:
        return Settings(
            seed=given("seed", 0),
            effort=given("effort", 1.0),
            level=None if level is None else Level[level.upper()],
            selection=Selection(tuple(given("only", ())), tuple(given("layer", ())), tuple(given("profile", ()))),
            known=read_known(Path(given("known"))) if given("known") else {},
            live=_live(config, given),
            serves=servable(Path(given("serves"))) if given("serves") else None,
        )
    except (ValueError, OSError, ModelArtsError) as error:
        raise pytest.UsageError(str(error)) from None


def _live(config: pytest.Config, given: Any) -> Any:
    endpoint = config.getoption("--modelarts-endpoint", None)
    if not endpoint:
        return None
    from modelarts_ext.contract.bench import Live
    from modelarts_ext.contract.guard import Limits
    from modelarts_ext.contract.target import Address
    from modelarts_ext.environment import resolve

    if hasattr(config, "workerinput"):
        raise ValueError("a server at an address is asked by one process: leave pytest-xdist out (-n0)")
    if given("level") == "billable" and not given("allow-billable"):
        raise ValueError(f"the level billable costs money there; confirm it with {_PREFIX}allow-billable")
    found = resolve(
        endpoint=endpoint,
        iam_endpoint=config.getoption("--modelarts-iam-endpoint", None),
        project_id=config.getoption("--modelarts-project-id", None),
    )
    values = dict(entry.partition("=")[::2] for entry in given("given", []))
    return Live(Address.of(found), Limits(given("budget"), given("rate", 2.0)), Path(given("ledger")), values)


def told(outcome: Outcome) -> str:
    """Return what pytest shows of a case that did not end well."""
    from modelarts_ext.contract.tables import exchange_lines

    lines = [f"{outcome.verdict}: {outcome.id} ({outcome.case.title})"]
    if outcome.reason:
        lines.append(outcome.reason)
    for finding in outcome.findings:
        section = f", section {finding.section} of the reference" if finding.section else ""
        lines.append(f"{finding.operation} breaks {finding.rule}{section}: {finding.message}")
        for exchange in finding.exchanges[-1:]:
            lines += [f"  {line}" for line in exchange_lines(exchange)]
    return "\n".join(lines)
