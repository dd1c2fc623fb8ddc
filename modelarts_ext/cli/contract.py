"""`modelarts contract`: judge a server, and this client, by the document."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn, cast

import typer

from modelarts_ext.cli.output import err, out
from modelarts_ext.cli.session import Session
from modelarts_ext.exit_codes import Exit

if TYPE_CHECKING:
    from modelarts_ext.contract.bench import Live, Settings
    from modelarts_ext.contract.case import Case, Subject
    from modelarts_ext.contract.target import Address

# What the suite needs is imported in the functions, so that other commands do not pay for it, or need it.

# Typer takes lists of enumerations, and no lists of literals.
LayerName = StrEnum("LayerName", ["document", "golden", "story", "property", "law", "fault"])
SubjectName = StrEnum("SubjectName", ["document", "client", "server"])
ProfileName = StrEnum(
    "ProfileName", ["core", "notebooks", "training", "visualization", "models", "services", "workspaces", "logs"]
)
LevelName = Literal["offline", "read", "write", "billable"]
_EXTRA = ("hypothesis", "hypothesis_jsonschema", "schemathesis", "pytest")
_ADDRESS = ("endpoint", "region", "cloud")
_RATE = 2.0
_LEDGER = "modelarts-contract.ledger"

app = typer.Typer(
    name="contract",
    help="Judge a server, and this client, by the document: operation by operation, with what breaks which rule.\n\n"
    "Without an address everything runs against a simulator that this command starts. Given one, only the server is "
    "judged, and nothing but reads is sent unless --level says more. What a run creates is written into a ledger first "
    "and undone at its end.\n\n"
    "Exit codes: 0 all is well, 1 something was found, 2 a wrong call or address, 3 something remains on the server, "
    "4 credentials, 5 no such API or project, 6 unreachable, 130 interrupted.",
    epilog="Examples: `modelarts contract` | `modelarts contract --layer golden --profile services` | "
    "`modelarts contract --endpoint https://modelarts.example --report out` | "
    "`modelarts contract --endpoint https://modelarts.example --level write --plan` | "
    "`modelarts contract sweep` | `modelarts contract compare before after`",
    invoke_without_command=True,
    no_args_is_help=False,
)


@app.callback()
def contract(
    context: typer.Context,
    endpoint: Annotated[
        str | None,
        typer.Option("--endpoint", "--base-url", help="Address of the server; the embedded simulator if none."),
    ] = None,
    iam_endpoint: Annotated[str | None, typer.Option(help="Address of its IAM.")] = None,
    level: Annotated[
        LevelName | None,
        typer.Option(help="What may be done to the server.", show_default="billable if embedded, else read"),
    ] = None,
    allow_billable: Annotated[bool, typer.Option(help="Confirm --level billable for a real server: it costs.")] = False,
    budget: Annotated[int | None, typer.Option(help="Most requests to the server, undoing apart.", min=1)] = None,
    rate: Annotated[float, typer.Option(help="Requests a second to a server at an address.", min=0.01)] = _RATE,
    given: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="What no server tells, such as bucket=my-bucket.")
    ] = None,
    ledger: Annotated[Path, typer.Option(help="File that holds what the run creates.")] = Path(_LEDGER),
    only: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Cases by id, or by a pattern such as 'golden.create_*'.")
    ] = None,
    layer: Annotated[list[LayerName] | None, typer.Option(help="Cases of a layer.")] = None,
    profile: Annotated[list[ProfileName] | None, typer.Option(help="Cases of a profile.")] = None,
    operation: Annotated[list[str] | None, typer.Option(help="Cases about an operation.")] = None,
    subject: Annotated[list[SubjectName] | None, typer.Option(help="Cases by what they judge.")] = None,
    serves: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Let the embedded simulator serve another openapi.json: what breaks for this client when the API becomes that.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="What all chance comes from.")] = 0,
    effort: Annotated[
        float, typer.Option(help="Examples of a property, in parts of the usual number.", min=0.01)
    ] = 1.0,
    jobs: Annotated[int, typer.Option(help="Processes for the embedded simulator; 0 takes one per core.", min=0)] = 0,
    time_limit: Annotated[
        float, typer.Option(help="Seconds for one case; 0 takes 120, or 3600 at an address.", min=0)
    ] = 0,
    known: Annotated[Path | None, typer.Option(help="File of known failures: id, reason, expires.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Folder for result.json, junit.xml and report.html.", file_okay=False)
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Show the calls, costs and rights of the run; send nothing.")
    ] = False,
    list_cases: Annotated[bool, typer.Option("--list", help="List the cases; run nothing.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the summary.")] = False,
) -> None:
    """Run the suite, or one of its tools."""
    if context.invoked_subcommand is not None:
        context.obj = _with_address(context.obj, endpoint, iam_endpoint)
        return
    with _installed():
        from modelarts_ext.contract.bench import Settings
        from modelarts_ext.contract.levels import Level
        from modelarts_ext.contract.verdicts import Selection
    session = _with_address(context.obj, endpoint, iam_endpoint)
    live = _live(session, budget, rate, given or [], ledger)
    if live is not None and level == "billable" and not allow_billable:
        _refuse("--level billable starts what costs money on this server; confirm it with --allow-billable")
    if live is not None and serves is not None:
        _refuse("--serves is for the embedded simulator; leave --endpoint out")
    settings = Settings(
        serves=None if serves is None else _servable(serves),
        seed=seed,
        effort=effort,
        jobs=jobs,
        level=None if level is None else Level[level.upper()],
        selection=Selection(
            tuple(only or ()),
            tuple(one.value for one in layer or ()),
            tuple(one.value for one in profile or ()),
            tuple(cast("tuple[Subject, ...]", [one.value for one in subject or ()])),
            tuple(operation or ()),
        ),
        known=_known(known),
        limit=time_limit,
        live=live,
    )
    if list_cases:
        _list(settings)
    elif plan:
        _plan(settings)
    else:
        _run(settings, report, quiet=quiet)


@app.command()
def sweep(
    context: typer.Context,
    ledger: Annotated[
        Path | None, typer.Argument(help="The ledger of the run; otherwise the one of --ledger.", show_default=False)
    ] = None,
) -> None:
    """Undo what a run created and left behind, by its ledger. The same address and project as the run had."""
    with _installed():
        from modelarts_ext.contract.ledger import LedgerError
        from modelarts_ext.contract.sweep import sweep as undo_all
        from modelarts_ext.contract.target import Target
    address = _address(context.obj)
    if address is None:
        _refuse("say which server: --endpoint, and the credentials of the run")
    given = context.parent.params.get("ledger") if context.parent is not None else None
    ledger = ledger or Path(given or _LEDGER)
    try:
        with Target.at(address) as target:
            swept = undo_all(ledger, target)
    except LedgerError as error:
        _refuse(str(error))
    for one in swept.undone:
        out.print(f"undone: {one}", markup=False)
    for one in swept.remaining:
        err.print(f"remains: {one}", markup=False)
    if swept.remaining:
        raise typer.Exit(Exit.LEFT_BEHIND)
    ledger.unlink(missing_ok=True)
    out.print("nothing remains")


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="A result.json, or the folder that holds it.")],
    after: Annotated[Path, typer.Argument(help="The other one.")],
) -> None:
    """Show what is different in two results; exit 1 when the second is worse in something."""
    with _installed():
        from modelarts_ext.contract.compare import compare as differences
        from modelarts_ext.contract.compare import read_result
    try:
        found = differences(read_result(before), read_result(after))
    except (OSError, ValueError) as error:
        _refuse(str(error))
    for difference in found:
        mark = "worse" if difference.worse else "other"
        out.print(f"{mark}: {difference}", markup=False, style="red" if difference.worse else None)
    out.print(f"{len(found)} differences, {sum(difference.worse for difference in found)} of them for the worse")
    if any(difference.worse for difference in found):
        raise typer.Exit(Exit.FAILED)


def _run(settings: Settings, folder: Path | None, *, quiet: bool) -> None:
    from modelarts_ext.contract import exporting, html, junit
    from modelarts_ext.contract.ledger import LedgerError
    from modelarts_ext.contract.runner import UsageError, run
    from modelarts_ext.contract.terminal import Terminal

    show: Literal["progress", "lines", "nothing"] = "progress" if out.is_terminal else "lines"
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            _refuse(f"cannot write into {folder}: {error.strerror}")
    try:
        found = run(settings, Terminal(out, "nothing" if quiet else show))
    except LedgerError as error:
        held = "" if settings.live is None else f" {settings.live.ledger}"
        _refuse(f"{error}; `modelarts contract sweep{held}`, with the same address, undoes what it holds")
    except UsageError as error:
        _refuse(str(error))
    if folder is not None:
        for write in (exporting.write, junit.write, html.write):
            write(found, folder)
        out.print(f"reports: {folder}", markup=False)
    raise typer.Exit(found.exit_code())


def _list(settings: Settings) -> None:
    for case in _chosen(settings):
        out.print(f"{case.id}  [{case.layer}, {case.subject}, {case.level.name.lower()}]  {case.title}", markup=False)


def _plan(settings: Settings) -> None:
    from modelarts_ext.contract.plan import rehearse, render
    from modelarts_ext.contract.verdicts import barred
    from modelarts_ext.document import load

    level = settings.allowed
    runs = [case for case in _chosen(settings) if not barred(case, level, embedded=settings.embedded)]
    out.print(render(rehearse(runs, load(), level=level, seed=settings.seed)), markup=False)


def _chosen(settings: Settings) -> list[Case]:
    from modelarts_ext.contract.bench import Bench
    from modelarts_ext.contract.runner import UsageError, chosen

    try:
        with Bench(settings) as bench:
            return chosen(settings, bench.cases)
    except UsageError as error:
        _refuse(str(error))


def _servable(path: Path) -> Path:
    from modelarts_ext.contract.runner import UsageError, servable

    try:
        return servable(path)
    except UsageError as error:
        _refuse(str(error))


def _known(path: Path | None) -> dict[str, Any]:
    from modelarts_ext.contract.known import read_known

    if path is None:
        return {}
    try:
        return dict(read_known(path))
    except OSError as error:
        _refuse(f"cannot read {path}: {error.strerror}")
    except ValueError as error:
        _refuse(str(error))


def _with_address(session: Session, endpoint: str | None, iam_endpoint: str | None) -> Session:
    """Return the options of every command with the address that was given after the command."""
    given = {"endpoint": endpoint, "iam_endpoint": iam_endpoint}
    arguments = session.arguments | {name: value for name, value in given.items() if value is not None}
    return Session(arguments, session.output)


def _live(session: Session, budget: int | None, rate: float, given: list[str], ledger: Path) -> Live | None:
    from modelarts_ext.contract.bench import Live
    from modelarts_ext.contract.guard import Limits

    address = _address(session)
    if address is None:
        return None
    values = dict(entry.partition("=")[::2] for entry in given)
    if not all(name and value for name, value in values.items()):
        _refuse("--given takes NAME=VALUE")
    return Live(address, Limits(budget, rate), ledger, values)


def _address(session: Session) -> Address | None:
    """Return the server that the command line names, with the credentials of every command; None when it names none.

    An address in the environment does not count: nobody is to send anything anywhere without having said so.
    """
    from modelarts_ext.contract.target import Address
    from modelarts_ext.environment import resolve

    arguments = dict(session.arguments)
    if not any(arguments.get(name) for name in _ADDRESS):
        return None
    timeout = arguments.pop("timeout", None)
    arguments.pop("max_attempts", None)
    options = {} if timeout is None else {"timeout": timeout}
    try:
        return Address.of(resolve(**arguments), **options)
    except ValueError as error:
        _refuse(str(error))


@contextmanager
def _installed() -> Iterator[None]:
    """Say what is missing when the extra is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _EXTRA:
            raise
        _refuse("the contract suite is not installed; run: pip install 'modelarts-ext[cli,contract]'")


def _refuse(text: str) -> NoReturn:
    print(f"modelarts: {text}", file=sys.stderr)
    raise typer.Exit(Exit.USAGE)
