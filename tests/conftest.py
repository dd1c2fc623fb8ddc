"""What every test shares: no proxy, no credentials and no settings of the machine leak in."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the tests of scripts/ import them as a package

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in the background with Ctrl-C ignored, and programs hand that on to those that they start:
    # the tests that press Ctrl-C would wait for ever.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("default", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
# A soak tries many more examples, with the seed of its round; the name is read here, before a test takes it away.
_SOAK = os.environ.get("MODELARTS_SOAK_EXAMPLES")
settings.register_profile("soak", settings.get_profile("default"), derandomize=False, max_examples=int(_SOAK or 100))
settings.load_profile("soak" if _SOAK else "default")

_FOREIGN = ("HUAWEICLOUD_", "OS_", "MODELARTS_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_OURS = {"MODELARTS_REFERENCE"}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away the machine's own credentials, proxies and home folder."""
    for name in list(os.environ):
        if name.upper().startswith(_FOREIGN) and name not in _OURS:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
