from __future__ import annotations

from modelarts_ext import errors
from modelarts_ext.contract.fault_table import ATTEMPTS, KINDS, MODES, PLACES, ROWS, TOKENS, expect
from modelarts_ext.contract.faults import cases, slug
from modelarts_ext.document import Document


def test_the_matrix_has_every_combination(document: Document) -> None:
    ids = {case.id for case in cases(document)}
    matrix = {f"fault.{slug(row)}.{kind}.{mode}" for row in ROWS for kind in KINDS for mode in MODES}
    assert len(matrix) == len(ROWS) * 4 * 2
    assert matrix < ids
    assert len(matrix) * len(PLACES) >= 500
    assert len(PLACES) == ATTEMPTS


def test_the_rules_tell_apart_what_must_be_told_apart() -> None:
    lost, unsent = (next(row for row in ROWS if row.group == group) for group in ("lost", "unsent"))
    assert expect(lost, "create", 1).error is errors.OutcomeUnknownError
    assert expect(lost, "read", 1).error is None
    assert expect(lost, "read", 3).error is lost.error
    undone = next(row for row in ROWS if row.group == "lost" and not row.done)
    done = next(row for row in ROWS if row.group == "lost" and row.done)
    assert (expect(undone, "action", 1).attempts, expect(undone, "action", 1).error) == (2, None)
    assert (expect(done, "action", 1).attempts, expect(done, "action", 1).took_effect) == (1, True)
    assert (expect(undone, "action", 3).attempts, expect(undone, "action", 3).took_effect) == (3, False)
    assert expect(unsent, "create", 1).error is None
    assert expect(unsent, "create", 3).tokens == TOKENS - 10
