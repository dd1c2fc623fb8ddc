"""Run the property tests for as long as you like, each round with another seed and many more examples.

python -m scripts.soak --minutes 60            rounds of the contract suite and of tests/simulator, between them storms of faults
python -m scripts.soak --seed 7 --minutes 0.1  a short one; a failure names the seed that repeats it

A storm sends random requests to a simulator that spoils many of them, and copies its file while it runs, as a crash
would leave it: no request may hang, and every copy must open with what had been answered. Exit status 1 for a finding.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from modelarts_ext.simulator import Simulator, VirtualClock
from modelarts_ext.simulator.store import Store

ROOT = Path(__file__).resolve().parents[1]
CASES = ("--layer", "property", "--layer", "law", "--layer", "story")
TESTS = "tests/simulator"
STORM_LIMIT = 120.0
"""Seconds after which a storm counts as hanging, and the process ends with its stack."""
GRACE = 60.0
"""Seconds that an interrupted command may take to end."""
ROUND_LIMIT = 3600.0
"""Seconds after which a round of tests counts as hanging."""
_FAULTS: tuple[dict[str, Any], ...] = (
    {"status": 503},
    {"status": 429, "headers": {"Retry-After": "1"}},
    {"drop": True, "when": "after"},
    {"reset": True},
    {"garbage": True},
    {"cut": 0.5},
    {"gzip": "garbled"},
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak until the time is over, something is found, or Ctrl-C. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.soak", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=30.0, help="how long; a round is cut off at the end (30)")
    parser.add_argument("--seed", type=int, default=1, help="of the first round; each round has the next one (1)")
    parser.add_argument("--effort", type=float, default=10.0, help="examples of a property, in parts of the usual (10)")
    asked = parser.parse_args(arguments)
    ends = time.monotonic() + asked.minutes * 60
    seed = asked.seed
    try:
        while True:
            print(f"seed {seed}: storm of faults", flush=True)
            found = storm(seed)
            left = ends - time.monotonic()
            if not found and left > 0:
                print(f"seed {seed}: property tests, {left / 60:.1f} minutes left", flush=True)
                found = properties(seed, asked.effort, min(left, ROUND_LIMIT), whole=left > ROUND_LIMIT)
            if found:
                print(f"seed {seed}: {found}", file=sys.stderr)
                return 1
            if time.monotonic() >= ends:
                print(f"{seed - asked.seed + 1} rounds, nothing found")
                return 0
            seed += 1
    except KeyboardInterrupt:
        print(f"stopped in round {seed - asked.seed + 1}, nothing found so far")
        return 0


def properties(seed: int, effort: float, seconds: float, *, whole: bool) -> str:
    """Run cases and tests once with one seed; returns what was found, or nothing. Cut off after some seconds.

    whole: whether a round has all its time, so that one which is cut off hangs.
    """
    suite = ["-m", "modelarts_ext", "contract", "--quiet", "--seed", str(seed), "--effort", str(effort), *CASES]
    tests = ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", f"--hypothesis-seed={seed}", TESTS]
    ends = time.monotonic() + seconds
    for command in ([*suite, "--time-limit", str(ROUND_LIMIT)], tests):
        status = run([sys.executable, *command], ends - time.monotonic())
        if status is None:
            return f"{command[1]} hangs" if whole else ""
        if status:
            return f"{command[1]} ends with status {status}"
    return ""


def run(command: Sequence[str], seconds: float) -> int | None:
    """Run a command; returns its status, or None when it had no time left and was interrupted, as Ctrl-C does."""
    if seconds <= 0:
        return None
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        return None
    finally:
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def storm(seed: int, requests: int = 300) -> str:
    """Send random requests to a simulator that has faults; returns what was found, or nothing."""
    chance = random.Random(seed)
    faulthandler.dump_traceback_later(STORM_LIMIT, exit=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "state.sqlite"
            faults = [{**fault, "id": f"storm-{number}", "probability": 0.1} for number, fault in enumerate(_FAULTS)]
            with Simulator(seed=seed, clock=VirtualClock(), auth="off", db=path, faults=faults) as simulator:
                for number in range(requests):
                    _send(simulator, chance, number)
                    if number % 50 == 49 and not kept(simulator.store, path, Path(folder) / f"copy-{number}"):
                        return f"the file has not what was answered after {number + 1} requests"
            with Simulator(seed=seed, auth="off", db=path):
                return ""
    finally:
        faulthandler.cancel_dump_traceback_later()


def kept(store: Store, path: Path, folder: Path) -> bool:
    """Whether a copy of a file in use, which is what a crash leaves, opens with all that the store has."""
    folder.mkdir()
    for part in path.parent.glob(f"{path.name}*"):
        shutil.copy(part, folder)
    copy = Store(folder / path.name)
    try:
        return sorted(map(repr, copy.dump())) == sorted(map(repr, store.dump()))
    finally:
        copy.close()


def _send(simulator: Simulator, chance: random.Random, number: int) -> None:
    project = simulator.credentials.project_id
    name = f"thing-{chance.randrange(20)}"
    job = {
        "worker_server_num": 1,
        "app_url": "/bucket/code/",
        "boot_file_url": "/bucket/code/start.py",
        "data_url": "/bucket/data/",
        "train_url": "/bucket/output/",
        "spec_id": 1,
        "engine_id": 1,
    }
    method, path, body = chance.choice(
        [
            ("POST", "training-jobs", {"job_name": name, "config": job}),
            ("POST", "training-job-configs", {"config_name": name, **job}),
            ("POST", "visualization-jobs", {"job_name": name, "train_url": "/bucket/output/"}),
            ("POST", "workspaces", {"name": name}),
            ("GET", "training-jobs", None),
            ("GET", "workspaces", None),
            ("DELETE", f"training-jobs/{101 + chance.randrange(10)}", None),
            ("DELETE", f"training-job-configs/{name}", None),
            ("DELETE", f"visualization-jobs/{3001 + chance.randrange(10)}", None),
        ]
    )
    content = b"" if body is None else json.dumps(body).encode()
    simulator.handle(method, f"/v1/{project}/{path}", {"content-type": "application/json"}, content)
    if number % 7 == 0:
        simulator.advance(chance.choice([0.5, 5, 60]))


if __name__ == "__main__":
    sys.exit(main())
