"""Golden cases of errors: the class, code and text that a client must give for every failure that a server may answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from modelarts_ext.contract.plain import missing_codes, put
from modelarts_ext.contract.strategies import SUCCESS
from modelarts_ext.document import Node, OperationNode
from scripts.cases_document import Request, Spec
from scripts.cases_values import slug

Case = dict[str, Any]
MESSAGE: Final = "so it is"
_PART: Final = "part-1"
_DONE: Final = "part-2"
_BY_STATUS: Final = {
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    408: "ServerError",
    409: "ConflictError",
    410: "NotFoundError",
    429: "RateLimitedError",
    499: "ServerError",
}
_DOUBTFUL: Final = ("create", "action")
_CODES: Final = ("error_code", "code")
_TEXTS: Final = ("error_msg", "error_message", "message", "title")


class Errors:
    """Makes the cases of one operation. request: the one that is answered so; its variant decides what may be repeated."""

    def __init__(self, spec: Spec, operation: OperationNode, request: Request) -> None:
        self.spec = spec
        self.operation = operation
        self._table = spec.document.data["x-ma-error-codes"]
        self._missing = missing_codes(operation)
        self._retry = self._retry_of(request)

    def cases(self) -> Iterator[Case]:
        """Yield every documented status and code in every form of its text, failures of parts, and those of the examples."""
        for status, code in self._documented():
            parts = (str(status), code or "no-code")
            yield self._case(
                parts, f"{status} with {code or 'no code'}", code, MESSAGE, list(self._forms(status, code))
            )
        if "x-ma-partial" in self.operation.node:
            yield from self._parts(self.operation.node["x-ma-partial"])
        for name, example in self.spec.samples(self.operation):
            response = example.get("response") or {}
            body = response.get("body")
            if isinstance(body, dict) and (response["status"] >= 400 or body.get(SUCCESS) is False):
                yield from self._sample(name, response["status"], body)

    def _parts(self, rule: Node) -> Iterator[Case]:
        """Yield answers of success that name a part which was not done: the only one, and one of several."""
        success = self.operation.success
        for code in sorted({entry["code"] for entry in self.operation.node["x-ma-errors"]}):
            row: Node = {}
            for member, value in ((rule["key"], _PART), (rule["code"], code), (rule["message"], MESSAGE)):
                put(row, member, value)
            name, told = self._class(success, code), code.replace(".", "-")
            for parts, done, kind in ((("part", told), [], name), (("parts", told), [_DONE], "PartialFailureError")):
                body: Node = {}
                put(body, rule["failed"], [row])
                put(body, rule["done"], done)
                answer = {"status": success, "body": body, "class": kind}
                title = f"A part is not done for {code}, {'and another is' if done else 'and there is no other'}"
                case = self._case(parts, title, None if done else code, MESSAGE, [answer])
                if done:
                    failed = {_PART: {"class": name, "code": code, "message": MESSAGE}}
                    case["expect"] = {"code": None, "parts": {"failed": failed, "done": done}}
                yield case

    def _documented(self) -> Iterator[tuple[int, str | None]]:
        for status, response in self.operation.node["responses"].items():
            if int(status) >= 400:
                yield int(status), None
                codes = self.spec.document.resolve(response).get("x-ma-codes", ())
                yield from ((int(status), code) for code in codes)

    def _forms(self, status: int, code: str | None) -> Iterator[Node]:
        told = {} if code is None else {"error_code": code}
        yield self._form(status, code, {**told, "error_msg": MESSAGE})
        yield self._form(status, code, {SUCCESS: False, **told, "error_message": MESSAGE})
        nested = {"code": status if code is None else code, "title": "Refused", "message": MESSAGE}
        yield self._form(status, code, {"error": nested})
        if code in self._table:
            success = self.operation.success
            no = "False" if str(code)[-1] in "13579" else False
            yield self._form(success, code, {SUCCESS: no, **told, "error_msg": MESSAGE})

    def _form(self, status: int, code: str | None, body: Any) -> Node:
        name = self._class(status, code)
        form: Node = {"status": status, "body": body, "class": name}
        if name == "ServerError" and self._retry in _DOUBTFUL:
            form["outcome_unknown"] = True
        return form

    def _class(self, status: int, code: str | None) -> str:
        """The class of an error: what the code says goes first, and then what the status says."""
        if status == 429:
            return "RateLimitedError"
        if code in self._missing:
            return "NotFoundError"
        told = self._table.get(code, {}).get("kind")
        if told is not None:
            return "".join(word.capitalize() for word in told.split("_")) + "Error"
        return "ServerError" if status >= 500 else _BY_STATUS.get(status, "BadRequestError")

    def _sample(self, name: str, status: int, body: Node) -> Iterator[Case]:
        told = body["error"] if isinstance(body.get("error"), dict) else body
        code = next((told[key] for key in _CODES if isinstance(told.get(key), str) and told[key]), None)
        text = next((told[key] for key in _TEXTS if isinstance(told.get(key), str) and told[key]), None)
        if text is not None:
            title = f"The failure of the example {name}"
            yield self._case(("sample", name), title, code, text, [self._form(status, code, body)])

    def _retry_of(self, request: Request) -> str:
        for entry in self.operation.node.get("x-ma-variants", ()):
            if self.spec.document.schema_validator(entry["when"]).is_valid(
                {**request.whole(), "body": request.body or {}}
            ):
                return str(entry["retry"])
        return str(self.operation.node["x-ma-retry"])

    def _case(self, parts: tuple[str, ...], title: str, code: str | None, text: str, answers: list[Node]) -> Case:
        return {
            "id": f"{self.operation.id}.error.{slug(*(part.replace('.', '-') for part in parts))}",
            "operation": self.operation.id,
            "kind": "error",
            "title": title,
            "section": self.operation.node["x-ma-reference"]["section"],
            "answers": answers,
            "expect": {"code": code, "message": text},
        }
