"""The command line that runs one case again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any


def command(case_id: str, settings: Mapping[str, Any], target: Mapping[str, Any]) -> str:
    """Return it, for settings and target as a report tells them. Credentials are left to the environment."""
    words = ["modelarts"]
    if target.get("kind") == "address":
        words += ["--endpoint", str(target["endpoint"])]
        if target.get("iam_endpoint"):
            words += ["--iam-endpoint", str(target["iam_endpoint"])]
        words += ["--project-id", str(target["project_id"])]
    words += ["contract", "--only", case_id, "--seed", str(settings["seed"])]
    if settings.get("effort", 1.0) != 1.0:
        words += ["--effort", f"{settings['effort']:g}"]
    if target.get("serves"):
        words += ["--serves", str(target["serves"])]
    if target.get("kind") == "address":
        words += ["--level", str(settings["level"])]
        if settings["level"] == "billable":
            words.append("--allow-billable")
    return shlex.join(words)
