"""Things by the names that people know them by; what comes near, where none has that name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Final

from modelarts_ext.errors import Problem, RequestValidationError

_NEAR: Final = 5
_CUTOFF: Final = 0.4


def flavor_id(flavors: Iterable[Any], name: str) -> int:
    """Return the id of the flavor of that code; one that is free comes first."""
    found = list(flavors)
    same = [flavor for flavor in found if _same(flavor.spec_code, name)]
    if not same:
        raise refused("flavor", name, [flavor.spec_code for flavor in found], "5.4.1")
    free = [flavor for flavor in same if not flavor.no_resource]
    chosen: int = (free or same)[0].spec_id
    return chosen


def engine_id(engines: Iterable[Any], name: str) -> int:
    """Return the id of the engine of that version, or of the only one of that name."""
    found = list(engines)
    same = [one for one in found if _same(one.engine_version, name)]
    same = same or [one for one in found if _same(f"{one.engine_name} {one.engine_version}", name)]
    same = same or [one for one in found if _same(one.engine_name, name)]
    if len(same) > 1:
        raise _problem("engine", f"{name!r} is several: {_listed(one.engine_version for one in same)}", "5.4.2")
    if not same:
        raise refused(
            "engine", name, [known for one in found for known in (one.engine_version, one.engine_name)], "5.4.2"
        )
    chosen: int = same[0].engine_id
    return chosen


def refused(what: str, name: str, known: Iterable[str | None], section: str) -> RequestValidationError:
    """Return the error for a name that nothing has: it shows names that come near, or some that there are."""
    names = list(dict.fromkeys(one for one in known if one))
    folded = {one.casefold(): one for one in names}
    wanted = name.casefold()
    near = [folded[one] for one in get_close_matches(wanted, folded, _NEAR, _CUTOFF)]
    near += [one for one in names if wanted in one.casefold() and one not in near]
    told = f"near: {_listed(near[:_NEAR])}" if near else f"there are: {_listed(names[:_NEAR]) or 'none'}"
    return _problem(what, f"no {what} is called {name!r}; {told}", section)


def wrong(member: str, rule: str, section: str) -> RequestValidationError:
    """Return the error for a value that breaks a rule."""
    return _problem(member, rule, section)


def _problem(member: str, rule: str, section: str) -> RequestValidationError:
    problem = Problem(member, rule, section)
    return RequestValidationError(f"The request was not sent. {problem}", problems=(problem,), retry_safe=True)


def _same(one: str | None, other: str) -> bool:
    return one is not None and one.casefold() == other.casefold()


def _listed(names: Iterable[str | None]) -> str:
    return ", ".join(str(name) for name in names)
