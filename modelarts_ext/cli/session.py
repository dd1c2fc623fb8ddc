"""The options that every command shares, and the client that is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from modelarts_ext.client import ModelArts

Format = Literal["table", "json", "yaml"]


@dataclass(slots=True)
class Session:
    """What the options before the command said. `arguments` are those of `ModelArts` that were given."""

    arguments: dict[str, Any]
    output: Format

    def client(self) -> ModelArts:
        """Return a client; ConfigurationError when it cannot be made."""
        return ModelArts(**self.arguments)
