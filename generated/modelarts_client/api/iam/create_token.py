"""Create a token by password.

POST /v3/auth/tokens
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.create_token_answer import CreateTokenAnswer
from ...models.create_token_request import CreateTokenRequest

OPERATION = OPERATIONS["create_token"]


def build(
    *,
    body: CreateTokenRequest | Mapping[str, Any],
) -> Call[CreateTokenAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        CreateTokenAnswer,
        {},
        query,
        wire(body),
    )
