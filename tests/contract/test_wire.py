"""Clients that cases share: none of them meets what an earlier one left behind."""

from __future__ import annotations

from functools import partial

import httpx
import pytest

from modelarts_ext.contract.wire import TOKEN, Shared, always
from modelarts_ext.errors import ModelArtsError, ServerError


def test_a_case_finds_the_whole_retry_budget() -> None:
    shared = Shared(None, **TOKEN).open()
    try:
        for _ in range(200):
            for side in shared.fresh():
                side.wire.script = always(httpx.Response(503))
                with pytest.raises(ModelArtsError) as caught:
                    side.answer(partial(side.client.request, "GET", "/v2/x", max_attempts=3))
                assert isinstance(caught.value, ServerError), side.name
                assert len(side.wire.sent) == 3
    finally:
        shared.__exit__()
