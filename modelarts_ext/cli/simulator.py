"""`modelarts simulator`: the simulator on a loopback port."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from modelarts_ext.cli.output import err, out


def simulator(
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 0,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    expose: Annotated[bool, typer.Option(help="Allow an address beyond loopback.")] = False,
    speed: Annotated[float, typer.Option(help="How much faster than real time things move.", min=0.001)] = 1.0,
    seed: Annotated[int, typer.Option(help="What ids, durations and chance come from.")] = 0,
    db: Annotated[Path | None, typer.Option(help="SQLite file that keeps everything; memory when left out.")] = None,
    auth: Annotated[Literal["on", "off"], typer.Option(help="Whether requests need credentials.")] = "on",
    faults: Annotated[Path | None, typer.Option(help="File of rules for faults, JSON or YAML.")] = None,
    fidelity: Annotated[bool, typer.Option(help="Print what the rules rest on, and end.")] = False,
) -> None:
    """Run a simulated ModelArts on loopback until it is interrupted."""
    from modelarts_ext.simulator import Simulator

    try:
        made = Simulator(seed=seed, speed=speed, db=db, auth=auth, faults=faults)
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
            out.print(f"faults: {server.url}/_sim/faults, with the header X-Simulator-Token: {server.token}")
            threading.Event().wait()


def _show_fidelity(counts: dict[str, Any]) -> None:
    """Print how many rules rest on what, and which operations have a behaviour of their own."""
    rules = counts["rules"]
    out.print(f"rules: {sum(rules.values())}")
    for source, count in rules.items():
        out.print(f"  {source}: {count}")
    for kind, operations in counts["operations"].items():
        out.print(f"operations, {kind}: {len(operations)}")
        out.print(f"  {', '.join(operations)}", markup=False)
