"""`modelarts simulator`: the simulator on a loopback port."""

from __future__ import annotations

import threading
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from modelarts_ext.cli.output import err, out

if TYPE_CHECKING:
    from modelarts_ext.simulator.recording import Difference


def simulator(
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 0,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    expose: Annotated[bool, typer.Option(help="Allow an address beyond loopback.")] = False,
    speed: Annotated[float, typer.Option(help="How much faster than real time things move.", min=0.001)] = 1.0,
    seed: Annotated[int, typer.Option(help="What ids, durations and chance come from.")] = 0,
    db: Annotated[Path | None, typer.Option(help="SQLite file that keeps everything; memory when left out.")] = None,
    auth: Annotated[Literal["on", "off"], typer.Option(help="Whether requests need credentials.")] = "on",
    faults: Annotated[Path | None, typer.Option(help="File of rules for faults, JSON or YAML.")] = None,
    realism: Annotated[
        Path | None,
        typer.Option(
            help="File of settings, JSON or YAML: latency, lags, deviating forms, quotas, offset_unit, faults."
        ),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option(
            metavar="RECORDING",
            help="Replay a recording of a real service, print by operation what is different here, and end: "
            "exit code 0 without a difference, 1 with one.",
        ),
    ] = None,
    fidelity: Annotated[bool, typer.Option(help="Print what the rules rest on, and end.")] = False,
) -> None:
    """Run a simulated ModelArts on loopback until it is interrupted."""
    from modelarts_ext.simulator import Simulator

    if compare is not None:
        _compare(compare, seed, faults, realism)
        return
    try:
        made = Simulator(seed=seed, speed=speed, db=db, auth=auth, faults=faults, realism=realism)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"cannot start the simulator: {error}") from None
    with made:
        if fidelity:
            _show_fidelity(made.fidelity())
            return
        try:
            server = made.serve(port, host=host, expose=expose)
        except (OSError, ValueError) as error:
            raise typer.BadParameter(f"cannot listen on {host}:{port}: {error}") from None
        with server:
            keys = made.credentials
            out.print(f"simulator on {server.url} (Ctrl-C ends it)")
            if auth == "off":
                err.print("authentication is off: every request is let in")
            for name, value in (
                ("MODELARTS_ENDPOINT", server.url),
                ("MODELARTS_IAM_ENDPOINT", server.url),
                ("HUAWEICLOUD_SDK_AK", keys.ak),
                ("HUAWEICLOUD_SDK_SK", keys.sk),
                ("HUAWEICLOUD_SDK_PROJECT_ID", keys.project_id),
            ):
                out.print(f"export {name}={value}")
            out.print(f"status page: {server.status_url}", markup=False)
            out.print(
                f"settings: {server.url}/_sim/realism and {server.url}/_sim/faults, "
                f"with the header X-Simulator-Token: {server.token}",
                markup=False,
            )
            threading.Event().wait()


def _compare(recording: Path, seed: int, faults: Path | None, realism: Path | None) -> None:
    """Print what a fresh simulator does otherwise than a recording. Typer's exit with code 1 when there is anything."""
    from modelarts_ext.simulator import Simulator
    from modelarts_ext.simulator.recording import compare

    try:
        # Time follows the recording, so it is virtual; what the environment asks for is not for this.
        with Simulator(seed=seed, auth="off", faults=faults or [], realism=realism or {}) as simulator:
            found = compare(recording, simulator)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"cannot compare {recording}: {error}") from None
    _show_differences(found)
    if found:
        raise typer.Exit(1)


def _show_differences(found: list[Difference]) -> None:
    for operation, several in groupby(found, key=lambda difference: difference.operation):
        differences = list(several)
        out.print(f"{operation}: {len(differences)}", markup=False)
        for difference in differences:
            out.print(f"  {str(difference).removeprefix(f'{operation} ')}", markup=False)
    out.print(f"differences: {len(found)}")


def _show_fidelity(counts: dict[str, Any]) -> None:
    """Print how many rules rest on what, and which operations have a behaviour of their own."""
    rules = counts["rules"]
    out.print(f"rules: {sum(rules.values())}")
    for source, count in rules.items():
        out.print(f"  {source}: {count}")
    for kind, operations in counts["operations"].items():
        out.print(f"operations, {kind}: {len(operations)}")
        out.print(f"  {', '.join(operations)}", markup=False)
