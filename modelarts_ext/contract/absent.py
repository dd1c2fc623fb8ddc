"""Operations that a server does not have at all: told once each, so that they hide nothing of those that it has."""

from __future__ import annotations

from typing import Final

from modelarts_ext.contract.findings import Broken, Finding
from modelarts_ext.contract.reply import Reply
from modelarts_ext.document import OperationNode

RULE: Final = "operation.absent"
_UNPUBLISHED: Final = ("APIG.0101", "APIGW.0101")
"""How a gateway says that nothing is published at an address."""


class Absent(Broken):
    """A server has no such operation. Whatever a case asks of it ends there."""

    def __init__(self, operation_id: str, reply: Reply) -> None:
        told = f"{reply.status} {reply.code}".strip()
        message = f"the server does not have the operation: it answers {told}"
        super().__init__(Finding(operation_id, RULE, message, exchanges=(reply.exchange,)))
        self.reply = reply


def is_absent(operation: OperationNode, reply: Reply) -> bool:
    """Whether an answer says that there is no such operation, rather than no such thing.

    A 404 alone says so only where the address names nothing but the project.
    """
    if reply.code.startswith(_UNPUBLISHED) or reply.status in (405, 501):
        return True
    listed = {row["code"] for row in operation.node.get("x-ma-errors", [])}
    return reply.status == 404 and operation.path.count("{") <= 1 and reply.code not in listed
