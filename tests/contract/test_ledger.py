from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelarts_ext.contract.ledger import Ledger, LedgerError

ACTIONS = st.lists(st.sampled_from(["intend", "made", "refused", "undone"]), max_size=20)


@given(ACTIONS, st.integers(min_value=0))
def test_a_ledger_reads_back_as_it_was_wherever_it_was_cut(
    tmp_path_factory: pytest.TempPathFactory, actions: list[str], cut: int
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "ledger.jsonl"
    ledger = Ledger.begin("https://a.example", "p", path, run="r")
    states = [[entry.fate for entry in ledger.entries]]
    for action in actions:
        open_ones = [entry for entry in ledger.entries if entry.fate == "open"]
        if action == "intend" or not open_ones:
            ledger.intend("create_model", ledger.name("m"), {"$request/body/name": "ä"})
        elif action == "made":
            ledger.made(open_ones[-1], {"/id": 7})
        elif action == "refused":
            ledger.refused(open_ones[-1])
        else:
            ledger.undone(open_ones[0])
        states.append([entry.fate for entry in ledger.entries])
    content = path.read_bytes()
    assert Ledger.load(path).entries == ledger.entries
    head = content.index(b"\n") + 1
    kept = content[: head + cut % (len(content) - head + 1)]
    path.write_bytes(kept)
    again = Ledger.load(path)
    assert [entry.fate for entry in again.entries] == states[kept.count(b"\n") - 1]
    again.intend("create_model", "new", {})
    assert [entry.name for entry in Ledger.load(path).entries][-1] == "new"


def test_a_ledger_in_use_is_not_begun_anew(tmp_path: Path) -> None:
    Ledger.begin("https://a.example", "p", tmp_path / "l")
    with pytest.raises(LedgerError, match="sweep it"):
        Ledger.begin("https://a.example", "p", tmp_path / "l")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "never begun"),
        ("[]\n", "no entry"),
        ('{"ledger": 99}\n', "version"),
        ("text\n", "not JSON"),
        ('{"ledger": 1, "run": "r", "target": "t", "project": "p"}\n{"made": 1}\n', "says nothing"),
    ],
)
def test_what_is_no_ledger_is_refused(tmp_path: Path, content: str, why: str) -> None:
    (tmp_path / "l").write_text(content, encoding="utf-8")
    with pytest.raises(LedgerError, match=why):
        Ledger.load(tmp_path / "l")


def test_a_ledger_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be read"):
        Ledger.load(tmp_path / "none")


def test_names_differ_and_are_short_enough_for_every_kind(tmp_path: Path) -> None:
    ledger = Ledger.begin("https://a.example", "p")
    names = [ledger.name("cg") for _ in range(999)]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 20
    assert all(name.startswith(ledger.prefix) for name in names)


def test_the_file_holds_one_object_a_line_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    ledger = Ledger.begin("https://a.example", "p", tmp_path / "l")
    ledger.intend("create_model", "a", {})
    lines = (tmp_path / "l").read_text(encoding="utf-8").splitlines()
    assert ["ledger" in json.loads(lines[0]), "intent" in json.loads(lines[1])] == [True, True]
    assert (tmp_path / "l").stat().st_mode & 0o077 == 0
