"""The application: options before the command, the groups, and one clear message for whatever goes wrong."""

from __future__ import annotations

import logging
import os
import sys
from typing import Annotated, Any

import typer

from modelarts_ext._version import __version__
from modelarts_ext.cli import commands, contract, output, quickstart, simulator
from modelarts_ext.cli.exits import exit_of
from modelarts_ext.cli.session import Format, Session
from modelarts_ext.errors import ModelArtsError, OutcomeUnknownError
from modelarts_ext.exit_codes import Exit

_ALIASES = {"training_jobs": "jobs"}
_VISIBLE = "Others on this machine can see it; the environment is the better place."

app = typer.Typer(
    name="modelarts",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Unofficial command line of the ModelArts v1 API. Credentials and addresses come from options, from the environment "
    "(HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK, HUAWEICLOUD_SDK_PROJECT_ID, OS_*, MODELARTS_REGION, MODELARTS_ENDPOINT) or from a profile file.",
    epilog="Exit codes: 0 done, 1 the outcome is a failure, 2 usage or bad input, 3 something is left behind, 4 credentials, 5 not found, "
    "6 unreachable, 7 deadline passed, 8 outcome unknown, 130 interrupted.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"modelarts-ext {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    region: Annotated[str | None, typer.Option(help="Region whose endpoints are used.")] = None,
    endpoint: Annotated[str | None, typer.Option(help="Address of ModelArts, instead of a region's.")] = None,
    iam_endpoint: Annotated[str | None, typer.Option(help="Address of IAM, instead of a region's.")] = None,
    project_id: Annotated[str | None, typer.Option(help="Project, by id.")] = None,
    project: Annotated[str | None, typer.Option(help="Project, by name.")] = None,
    cloud: Annotated[str | None, typer.Option(help="Entry of clouds.yaml.")] = None,
    ak: Annotated[str | None, typer.Option(help="Access key.")] = None,
    sk: Annotated[str | None, typer.Option(help=f"Secret key. {_VISIBLE}")] = None,
    token: Annotated[str | None, typer.Option(help=f"IAM token. {_VISIBLE}")] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds for one attempt.", show_default="60")] = None,
    max_attempts: Annotated[int | None, typer.Option(help="How often a request may be sent.", show_default="3")] = None,
    output_format: Annotated[Format, typer.Option("--output", "-o", help="How answers are shown.")] = "table",
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every request to standard error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Read the options that every command shares."""
    given: dict[str, Any] = {
        "region": region,
        "endpoint": endpoint,
        "iam_endpoint": iam_endpoint,
        "project_id": project_id,
        "project": project,
        "cloud": cloud,
        "ak": ak,
        "sk": sk,
        "token": token,
        "timeout": timeout,
        "max_attempts": max_attempts,
    }
    if verbose:
        logging.basicConfig(stream=sys.stderr, level=logging.DEBUG, format="%(message)s")
        logging.getLogger("httpcore").setLevel(logging.WARNING)
    context.obj = Session({name: value for name, value in given.items() if value is not None}, output_format)


def _build(arguments: list[str]) -> None:
    """Add the commands. A group that the command line does not name is listed with its help alone: making it costs."""
    for name, function in (("quickstart", quickstart.quickstart), ("simulator", simulator.simulator)):
        app.command(name)(function)
    app.add_typer(contract.app, name="contract")
    for group in commands.groups():
        names = [group.replace("_", "-"), *([_ALIASES[group]] if group in _ALIASES else [])]
        part = typer.Typer(no_args_is_help=True, help=commands.group_help(group))
        if not set(names).isdisjoint(arguments):
            for command in commands.commands(group):
                commands.add(part, command)
        for name in names:
            app.add_typer(part, name=name, hidden=name != names[0])


def run(arguments: list[str] | None = None) -> int:
    """Run a command line and return its exit code. Nothing that a user can do wrong ends in a traceback."""
    arguments = sys.argv[1:] if arguments is None else arguments
    app.registered_commands, app.registered_groups = [], []
    _build(arguments)
    try:
        result = app(arguments, standalone_mode=False)
        code = int(result) if isinstance(result, int) else int(Exit.DONE)
        if code == Exit.INTERRUPTED:  # typer makes this of Ctrl-C without a word
            _complain("interrupted")
        return code
    except ModelArtsError as error:
        _complain(str(error))
        if isinstance(error, OutcomeUnknownError) and error.remedy is None:
            _complain("look with the list command before you create it again")
        return int(exit_of(error))
    except typer.Abort:
        _complain("interrupted")
        return int(Exit.INTERRUPTED)
    except typer.Exit as ending:
        return int(ending.exit_code)
    except BrokenPipeError:
        # Whoever read the output has gone, as with `| head`: not worth a word, and nothing may be flushed any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(Exit.DONE)
    except Exception as error:
        show = getattr(error, "show", None)
        if show is None:
            raise
        show()
        return int(getattr(error, "exit_code", Exit.USAGE))


def _complain(text: str) -> None:
    output.err.print(f"modelarts: {text}", markup=False, style="red" if output.err.is_terminal else None)
