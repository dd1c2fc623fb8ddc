"""A ModelArts to test against: no account, no network, no cost.

    from modelarts_ext.simulator import Simulator

    simulator = Simulator(seed=1)
    client = httpx.Client(transport=simulator.transport(), base_url=simulator.endpoint)

The simulator reads the same document as the client, so it shows that the two agree with the document; whether the
document agrees with the service is another question, and `fidelity()` says what each of its rules rests on.
"""

from __future__ import annotations

from modelarts_ext.simulator.accounts import Credentials
from modelarts_ext.simulator.clock import ScaledClock, VirtualClock
from modelarts_ext.simulator.deviations import Deviations
from modelarts_ext.simulator.engine import Simulator
from modelarts_ext.simulator.exchange import Result, SimResponse
from modelarts_ext.simulator.faults import Fault, Fired
from modelarts_ext.simulator.inference import Prediction

__all__ = [
    "Credentials",
    "Deviations",
    "Fault",
    "Fired",
    "Prediction",
    "Result",
    "ScaledClock",
    "SimResponse",
    "Simulator",
    "VirtualClock",
]
