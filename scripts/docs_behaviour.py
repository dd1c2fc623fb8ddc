"""What the extensions say of an operation, in sentences: effect, retries, paging, waiting, following, undoing, looking up."""

from __future__ import annotations

from typing import Any

from scripts.docs_rules import Unsayable, condition
from scripts.docs_text import code, codes, listing, member, prose, sentence, source
from scripts.document import Json, Op

CLASSES = {
    "pending": "on its way, not yet at work",
    "running": "at work",
    "stopping": "on its way to a stop or to its end",
    "succeeded": "ended well",
    "stopped": "at rest because somebody stopped it",
    "failed": "ended badly",
    "degraded": "at work, though not all of it",
    "needs_action": "waiting until somebody acts",
    "gone": "no longer there",
    "ambiguous": "says too little to decide anything",
}
_EFFECTS = {
    "read": "Reads only.",
    "create": "Creates something.",
    "change": "Changes something.",
    "destroy": "Destroys something.",
    "admin": "Changes what others depend on: for administrators.",
}
_RETRIES = {
    "read": "`read`: a request that failed on its way, or was refused for a moment, is sent again.",
    "idempotent": "`idempotent`: sending it twice does what sending it once does, so it is sent again like a read.",
    "create": "`create`: never sent twice unless the first one provably did not arrive; otherwise the call ends with "
    "`OutcomeUnknownError`.",
    "action": "`action`: never sent twice unless the first one provably did not arrive or, after a lost answer, the state that is "
    "read then says that it was not done; otherwise the call ends with `OutcomeUnknownError`.",
}
_UNITS = {
    "page": "It counts pages.",
    "item": "It counts items.",
    "doubt": "Whether it counts pages or items is in doubt: where a second page is needed, the client finds out by comparing.",
}
_SCOPES = {
    "filter": "counts what fits the filters",
    "collection": "counts everything, whatever the filters",
    "unknown": "is not said to count what fits the filters or everything",
}


def effect(entry: Json) -> str:
    """Return in words what an operation does to the account, and whether it costs money."""
    told = _EFFECTS[entry["kind"]]
    bills = entry.get("bills")
    return told if bills is None else f"{told} {billing(bills['when'])}"


def billing(when: Any) -> str:
    """Return in words when a request costs money."""
    if when is True:
        return "What it starts is billed."
    if when is False:
        return "It is not billed."
    try:
        if set(when) == {"not"}:
            return f"What it starts is billed unless {condition(when['not'])}."
        return f"What it starts is billed where {condition(when)}."
    except Unsayable:
        return f"What it starts is billed where the request fits {code(when)}."


def retry(name: str) -> str:
    """Return in words when a request is sent again."""
    return _RETRIES[name]


def paging(node: Json) -> list[str]:
    """Return in words how a list is paged."""
    rules = node.get("x-ma-pagination")
    if rules is None:
        return []
    items = f"The items stand in {member(rules['items'])}."
    if rules["style"] == "single":
        told = [f"Everything comes in one answer. {items}"]
    elif rules["style"] == "page":
        page = rules["page"]
        last = f" to {page['max']}" if "max" in page else ""
        off = f"; {page['unpaged']} switches paging off" if "unpaged" in page else ""
        told = [f"Pages are numbered in {code(page['param'])}, from {page['first']}{last}{off}. {items}"]
    else:
        offset = rules["offset"]
        told = [f"Pages are read by {code(offset['param'])}, from {offset['first']}. {_UNITS[offset['unit']]} {items}"]
    if "size" in rules:
        told.append(_size(rules["size"]))
    if "total" in rules:
        told.append(
            f"{member(rules['total'])} {_SCOPES[rules.get('total_scope', 'unknown')]}; it never ends the reading alone."
        )
    if "count" in rules:
        told.append(f"{member(rules['count'])} is the number of items in the answer.")
    if "key" in rules:
        told.append(f"Items are told apart by {member(rules['key'])}, so one that moves between pages is yielded once.")
    else:
        told.append("Items have no key: their order is kept, one that moves between pages may be met twice.")
    return told


def _size(size: Json) -> str:
    bounds = f", {size.get('min', 1)} to {size['max']}" if "max" in size else ""
    everything = f"; {size['all']} asks for everything" if "all" in size else ""
    use = f" The client asks for {size['use']} at a time unless told otherwise." if "use" in size else ""
    return f"{code(size['param'])} is the size of a page{bounds}{everything}.{use}"


def waiters(node: Json, group: str) -> list[str]:
    """Return in words every wait over an operation."""
    return [_waiter(name, entry, group) for name, entry in node.get("x-ma-waiters", {}).items()]


def _waiter(name: str, entry: Json, group: str) -> str:
    method = f"{group}.wait" if entry.get("main") else f"{group}.wait_{name}"
    told = [f"{code(method)}: {sentence(prose(entry.get('description', name)))}"]
    if "state" in entry:
        told.append(f"It watches {member(entry['state'])}.")
    outcomes = []
    for key, word in (("success", "ends well in"), ("failure", "fails in"), ("keep", "goes on through")):
        words = [code(value) for value in entry.get(key, [])]
        words += [f"the value {code(value)}" for value in entry.get(f"{key}_values", [])]
        if words:
            outcomes.append(f"{word} {listing(words, 'or')}")
    if outcomes:
        told.append(f"It {listing(outcomes)}.")
    if "stale" in entry:
        classes, polls = entry["stale"]["classes"], entry["stale"]["polls"]
        told.append(f"{codes(classes, 'or')} may linger for {polls} polls after the action, and fails after that.")
    if "degraded" in entry:
        word = {"wait": "keeps it waiting", "accept": "ends it well", "fail": "ends it with an error"}[
            entry["degraded"]
        ]
        told.append(f"`degraded` {word}.")
    told.append(f"That the thing is not there {'ends it well' if entry.get('absent') == 'success' else 'is an error'}.")
    told.append(f"An answer of another class raises after {entry.get('ambiguous_polls', 5)} equal ones in a row.")
    poll = entry["poll"]
    told.append(f"It polls every {poll['min']:g} to {poll['max']:g} seconds.")
    if "detail" in entry:
        told.append(f"An error carries {listing([member(pointer) for pointer in entry['detail']])}.")
    return " ".join(told)


def tail(node: Json, group: str) -> list[str]:
    """Return in words how an operation is read on and on."""
    rules = node.get("x-ma-tail")
    if rules is None:
        return []
    method = code(f"{group}.{rules['method']}")
    form = f"with `form={rules['style']!r}`"
    told = [f"{method} follows it by {rules['style']}" + (", its usual form." if rules.get("main") else f" ({form}).")]
    if "from" in rules:
        start = rules["from"]
        latest = f"; {start['latest']} asks for the latest part" if "latest" in start else ""
        told.append(f"{code(start['param'])} says where to read on, {start['first']} at first{latest}.")
    if "cursor" in rules:
        told.append(f"{code(rules['cursor']['param'])} names the place to read on from.")
    if "direction" in rules:
        way = rules["direction"]
        told.append(f"{code(way['param'])} is {code(way['forward'])} to read on, {code(way['backward'])} to read back.")
    if "length" in rules:
        told.append(f"{code(rules['length']['param'])} is how much to read, {rules['length']['max']} at most.")
    told.append(f"What is read stands in {member(rules['content'])}.")
    if "next" in rules:
        told.append(f"{member(rules['next'])} is where the next read begins.")
    if "files" in rules:
        told.append(f"{code(rules['files']['operation'])} names the files.")
    if "until" in rules:
        until = rules["until"]
        told.append(
            f"It ends when the wait {code(until['waiter'])} over {code(until['operation'])} would, after {until['drain']} reads that bring nothing."
        )
    return told


def newest(node: Json, group: str) -> list[str]:
    """Return in words how the newest version is found when only its parent is named."""
    rules = node.get("x-ma-newest")
    name = node["x-ma-sdk"].get("newest_as")
    if rules is None or name is None:
        return []
    return [
        f"{code(f'{group}.{name}')} does the same without {code(rules['parameter'])}: it takes the newest, "
        f"which {code(rules['operation'])} shows with the largest {member(rules['order'])}."
    ]


def partial(node: Json) -> list[str]:
    """Return in words how an answer of success tells what was not done."""
    rules = node.get("x-ma-partial")
    if rules is None:
        return []
    done = f"; {member(rules['done'])} those that were" if "done" in rules else ""
    return [
        f"{member(rules['failed'])} of an answer of success names the parts that were not done{done}. They raise "
        f"{code('PartialFailureError')}, or, where the only part that was asked for failed, the error of its reason."
    ]


def undo(node: Json) -> list[str]:
    """Return the steps that take back what a create made."""
    steps = node.get("x-ma-undo")
    if steps is None:
        return []
    if steps == "none":
        return ["There is nothing to take back."]
    return [_step(step) for step in steps]


def _step(step: Json) -> str:
    given = listing([f"{code(name)} from {source(place)}" for name, place in step["parameters"].items()])
    variant = f" as {code(step['variant'])}" if "variant" in step else ""
    told = (
        f"Wait for {code(step['wait'])} over {code(step['operation'])}"
        if "wait" in step
        else f"{code(step['operation'])}{variant}"
    )
    tolerated = f"; {codes(step['tolerate'], 'or')} does no harm" if step.get("tolerate") else ""
    return f"{told}, with {given}{tolerated}."


def lookup(node: Json) -> list[str]:
    """Return in words how to look for what a create of unknown outcome may have made."""
    rules = node.get("x-ma-reconcile")
    if rules is None:
        return []
    asked = {**rules.get("path", {}), **rules.get("query", {})}
    given = [f"{code(name)} from {source(place)}" for name, place in asked.items()]
    given += [f"{code(name)} {code(value)}" for name, value in rules.get("constants", {}).items()]
    equal = [f"{member(pointer)} equals {source(place)}" for pointer, place in rules["equal"].items()]
    proof = "proves that nothing was made" if rules.get("certain") else "proves nothing, as it may show up later"
    return [
        f"After an `OutcomeUnknownError`, `client.reconcile(error)` asks {code(rules['operation'])}, with {listing(given)}, "
        f"and takes the items of {member(rules['items'])} where {listing(equal)}. Finding none {proof}."
    ]


def rereading(node: Json) -> list[str]:
    """Return in words what the state says of an action whose answer was lost."""
    rules = {"": node.get("x-ma-reread")}
    rules |= {entry["name"]: entry.get("reread") for entry in node.get("x-ma-variants", [])}
    return [_rereading(name, entry) for name, entry in rules.items() if entry]


def _rereading(name: str, rules: Json) -> str:
    asked = {**rules.get("path", {}), **rules.get("query", {})}
    given = "".join(f", {code(part)} from {source(place)}" for part, place in asked.items())
    where = member(rules["state"])
    if "items" in rules:
        equal = [f"{member(pointer)} equals {source(place)}" for pointer, place in rules["equal"].items()]
        where += f" of the item of {member(rules['items'])} where {listing(equal)}"
    again = f"it is sent again at {codes(rules['undone'], 'or')}" if rules["undone"] else sentence(rules["why"])
    start = f"When the answer of {code(name)} is lost" if name else "When the answer is lost"
    done = f"at {codes(rules['done'], 'or')} it counts as done"
    told = (
        f"{again}, {done}"
        if rules["undone"]
        else f"{done}, and nothing proves that it was not: {again[0].lower()}{again[1:-1]}"
    )
    return f"{start}, {code(rules['operation'])}{given} is asked for {where}: {told}; otherwise it stays in doubt."


def permissions(op: Op) -> tuple[list[str], list[str]]:
    """Return the IAM actions that an operation needs, its variants' included, and the related ones."""
    own: list[str] = list(op.node.get("x-ma-iam-actions", []))
    for variant in op.node.get("x-ma-variants", []):
        own += [action for action in variant.get("iam_actions", []) if action not in own]
    return own, list(op.node.get("x-ma-iam-related", []))
