"""The pages of the reference: complete, tied together, made anew when the document changes, and right in their Python."""

from __future__ import annotations

import ast
import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import count, islice, product, takewhile
from pathlib import Path
from typing import Any

import pytest

import modelarts_ext
from modelarts_client import models
from modelarts_ext.client import ModelArts
from modelarts_ext.errors import KIND_CLASSES, APIError, WaitError
from modelarts_ext.simulator import Credentials, Simulator
from modelarts_ext.simulator.registry import HANDLERS
from modelarts_ext.simulator.resources import register
from scripts import jsonpointer
from scripts.bundle import bundle, read_errata
from scripts.docs import REFERENCE, differences, main, pages, present
from scripts.docs_behaviour import CLASSES
from scripts.docs_examples import examples_of, main_request, python_blocks
from scripts.docs_rules import condition, rules
from scripts.docs_shapes import field_name
from scripts.document import operations
from scripts.facade import methods
from scripts.lint_examples import read_examples
from scripts.naming import pascal
from scripts.paths import ROOT, SPEC
from scripts.views import models_view

Document = dict[str, Any]

DOCUMENT: Document = bundle(SPEC)
OPERATIONS = {op.id: op for op in operations(DOCUMENT)}
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")


@functools.cache
def examples() -> dict[str, Document]:
    return read_examples(SPEC)


@functools.cache
def made() -> dict[str, str]:
    return pages(SPEC)


def page_of(id_: str) -> str:
    op = OPERATIONS[id_]
    return f"{op.node['x-ma-sdk']['group']}/{id_}.md"


# -------------------------------------------------------------------------------------------------------- completeness


def test_the_committed_pages_are_what_the_document_gives() -> None:
    assert differences(present(REFERENCE), made()) == []


def test_every_operation_has_a_page_and_stands_in_the_index() -> None:
    assert OPERATIONS
    for id_ in OPERATIONS:
        assert page_of(id_) in made()
        assert f"({'./' + page_of(id_)})" in made()["index.md"]
    assert f"{len(OPERATIONS)} operations" in made()["index.md"]


def test_there_is_no_page_for_anything_else() -> None:
    others = {"index.md", "errata.md", "error_codes.md", "states.md", "regions_and_headers.md"}
    sections = {f"errata/{entry['id'].split('-')[1]}.md" for entry in read_errata(SPEC)}
    assert set(made()) == {page_of(id_) for id_ in OPERATIONS} | others | sections


def first_cells(text: str) -> dict[str, set[str]]:
    """The names in the first column of the tables, by the heading that they stand under."""
    found: dict[str, set[str]] = {}
    heading = ""
    for line in text.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif match := re.match(r"\| `([^`]+)`", line):
            found.setdefault(heading, set()).add(match[1])
    return found


def reached(schema: Any, seen: dict[str, set[str]], name: str) -> None:
    """Walk a schema along its references: every object of it, by name, with its members."""
    if isinstance(schema, list):
        for part in schema:
            reached(part, seen, name)
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        target = schema["$ref"].rsplit("/", 1)[1]
        if target not in seen:
            seen[target] = set()
            reached(jsonpointer.get(DOCUMENT, schema["$ref"]), seen, target)
    for member, inner in schema.get("properties", {}).items():
        seen.setdefault(name, set()).add(member)
        reached(inner, seen, f"{name}.{member}")
    text = schema.get("x-ma-json-text", {})
    for key in ("items", "additionalProperties", "allOf"):
        # A part of an `allOf` that only states a condition repeats names of members; it adds none.
        parts = schema.get(key, [])
        parts = [part for part in parts if not {"if", "oneOf", "anyOf", "not"} & set(part)] if key == "allOf" else parts
        reached(parts, seen, name)
    if "schema" in text:
        reached({"$ref": text["schema"]}, seen, name)


def bodies(id_: str) -> Iterator[tuple[str, Any]]:
    node = OPERATIONS[id_].node
    if "requestBody" in node:
        yield "Request body", node["requestBody"]["content"]["application/json"]["schema"]
    for status, response in node["responses"].items():
        if status.startswith("2") and "content" in response:
            yield "Answer", response["content"]["application/json"]["schema"]


@pytest.mark.parametrize("id_", OPERATIONS)
def test_every_parameter_and_member_is_on_the_page(id_: str) -> None:
    shown = first_cells(made()[page_of(id_)])
    assert {parameter["name"] for parameter in OPERATIONS[id_].parameters} == shown.get("Parameters", set())
    for heading, schema in bodies(id_):
        seen: dict[str, set[str]] = {}
        reached(schema, seen, "")
        assert seen
        everything = set().union(*shown.values())
        for name, members in seen.items():
            own = shown.get(f"{name} in the answer", set()) | shown.get(name, set()) or shown.get(heading, set())
            # What `allOf` composes is laid into the table of the shape that composes it.
            assert members <= (own if members <= own else everything), name


@pytest.mark.parametrize("id_", OPERATIONS)
def test_what_the_document_says_of_an_operation_is_on_its_page(id_: str) -> None:
    node, text = OPERATIONS[id_].node, made()[page_of(id_)]
    assert f"{OPERATIONS[id_].method.upper()} {OPERATIONS[id_].path}" in text
    wanted = [entry["code"] for entry in node.get("x-ma-errors", [])]
    wanted += [*node.get("x-ma-iam-actions", []), *node.get("x-ma-iam-related", []), *node.get("x-ma-errata", [])]
    wanted += [step["operation"] for step in node.get("x-ma-undo", []) if isinstance(step, dict)]
    wanted += [f"`{node['x-ma-sdk']['group']}.{variant['name']}`" for variant in node.get("x-ma-variants", [])]
    assert [each for each in wanted if each not in text] == []


def test_every_ruling_code_and_state_is_on_its_page() -> None:
    for entry in read_errata(SPEC):
        page = made()[f"errata/{entry['id'].split('-')[1]}.md"]
        assert f"**{entry['id']}**" in page
        assert all(f"- line {claim['line']}: " in page for claim in entry["claims"])
        assert f"[{entry['id']}]" in made()["errata.md"]
    for code in DOCUMENT["x-ma-error-codes"]:
        assert f"`{code}`" in made()["error_codes.md"]
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for value, state in schema.get("x-ma-states", {}).get("values", {}).items():
            assert re.search(rf"^\| `{re.escape(value)}` .*`{state['class']}`", made()["states.md"], re.MULTILINE), name
    for region in DOCUMENT["x-ma-regions"]:
        assert region["endpoint"] in made()["regions_and_headers.md"]


def test_classes_of_states_and_of_errors_are_those_of_the_library() -> None:
    assert set(CLASSES) == {phase.value for phase in modelarts_ext.Phase}
    assert {kind: found.__name__ for kind, found in KIND_CLASSES.items()} == {
        kind: f"{pascal(kind)}Error" for kind in KIND_CLASSES
    }


def test_python_names_of_members_are_fields_of_the_models() -> None:
    checked = 0
    for name in models.__all__:
        fields = getattr(models, name).model_fields
        for field, info in fields.items():
            assert field_name(info.alias or field) == field, name
            checked += 1
    assert checked


# --------------------------------------------------------------------------------------------------------------- links


def anchors(text: str) -> set[str]:
    """The anchors of a page: those of its headings as a renderer makes them, and those that it names itself."""
    text = FENCE.sub("", text)
    headings = [match[1] for match in re.finditer(r"^#+ (.+)$", text, re.MULTILINE)]
    made = [re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings]
    assert len(made) == len(set(made)), "two headings share an anchor"
    return set(made) | set(re.findall(r'<a id="([^"]+)"', text))


def test_links_between_pages_resolve() -> None:
    known = {name: anchors(text) for name, text in made().items()}
    followed = 0
    for name, text in made().items():
        for target in LINK.findall(FENCE.sub("", text)):
            path, _, anchor = target.partition("#")
            place = Path("/", Path(name).parent, path).resolve().relative_to("/").as_posix() if path else name
            assert place in known, f"{name}: {target}"
            assert not anchor or anchor in known[place], f"{name}: {target}"
            followed += 1
    assert followed > len(made())


def test_rows_of_a_table_have_the_cells_of_its_head() -> None:
    for name, text in made().items():
        width = 0
        for line in FENCE.sub("", text).splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
            assert cells == width or not width or not cells, f"{name}: {line}"
            width = cells


# -------------------------------------------------------------------------------------------------------------- Python


def credentials() -> Credentials:
    """Those that the printed sign-in uses, so that it works as it stands."""
    example = main_request(examples_of(examples(), "create_token"))
    assert example is not None
    auth = example["request"]["body"]["auth"]
    user = auth["identity"]["password"]["user"]
    project = auth["scope"]["project"]["name"]
    return Credentials(user=user["name"], password="of-the-example", domain=user["domain"]["name"], region=project)


def client_of(simulator: Simulator) -> Any:
    keys = simulator.credentials
    return functools.partial(
        ModelArts,
        ak=keys.ak,
        sk=keys.sk,
        project_id=keys.project_id,
        endpoint=simulator.endpoint,
        iam_endpoint=simulator.endpoint,
        transport=simulator.transport(),
        clock=simulator.clock,
    )


class Given(ast.NodeTransformer):
    """Puts ids that exist in the place of printed ones: variables, arguments, and members such as pre_version_id."""

    def __init__(self, known: dict[str, Any], printed: dict[str, Any]) -> None:
        self.known = known
        self.printed = printed

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(self.printed.get(node.value, node.value)) if isinstance(node.value, str) else node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        target = node.targets[0]
        if isinstance(target, ast.Name) and target.id in self.known:
            node.value = ast.Constant(self.known[target.id])
        return self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        if node.arg in self.known and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(self.known[node.arg])
        return self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        for number, key in enumerate(node.keys):
            name = str(key.value) if isinstance(key, ast.Constant) else ""
            found = self.known.get(name.removeprefix("pre_")) if name.startswith("pre_") else None
            if found is not None:
                node.values[number] = ast.Constant(found)
        return self.generic_visit(node)


def run(source: str, simulator: Simulator, known: dict[str, Any]) -> dict[str, Any]:
    """Run a block of a page, with ids that exist; return its names."""
    printed = {value: made for value, made in ids_made(source, simulator).items() if value not in known.values()}
    several = {f"{name}s": (value,) for name, value in known.items()}  # a method that takes many is content with one
    tree = ast.fix_missing_locations(Given({**several, **known}, printed).visit(ast.parse(source)))
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(modelarts_ext, "ModelArts", client_of(simulator))
        patch.setenv("PASSWORD", simulator.credentials.password)
        exec(compile(tree, "<page>", "exec"), names)
    return names


def blocks(id_: str) -> list[str]:
    return PYTHON.findall(made()[page_of(id_)])


def ids_needed(id_: str) -> set[str]:
    return {p["name"] for p in OPERATIONS[id_].parameters if p["in"] == "path"} - {"project_id"}


def links(create: str) -> list[Document]:
    """What the answer of an operation leads on to."""
    responses = OPERATIONS[create].node["responses"]
    found = next(response for status, response in responses.items() if status.startswith("2"))
    return list(found.get("links", {}).values())


def carried(create: str) -> dict[str, str]:
    """Parameter of what a create leads on to, and where its value comes from."""
    return {name: place for link in links(create) for name, place in link["parameters"].items()}


def made_by(create: str, creation: str, simulator: Simulator) -> dict[str, Any]:
    """Run a block that creates something; return the ids that its answer, or its request, has."""
    names = run(creation, simulator, {})
    asked = {node.arg: node.value for node in ast.walk(ast.parse(creation)) if isinstance(node, ast.keyword)}
    known: dict[str, Any] = {}
    for name, place in carried(create).items():
        source, _, member = place.partition("#/")
        if source == "$response.body":
            known[name] = getattr(names["answer"], member)
        else:
            known[name] = ast.literal_eval(asked[member])
    for name, node in named_values(creation):
        if name in PARTS:
            known[PARTS[name]] = ast.literal_eval(node)[0]
    return known


PARTS = {"nodes": "node_id"}
"""Members of a create that name its parts, and the parameters that stand for one of them."""


def maker(id_: str) -> str | None:
    """The create, needing no ids itself, that leads on to the operation, or that has most of the ids that it needs."""
    creates = [create for create in free_creates() if ids_needed(id_) & set(carried(create))]
    group = OPERATIONS[id_].node["x-ma-sdk"]["group"]
    creates.sort(key=lambda create: OPERATIONS[create].node["x-ma-sdk"]["group"] != group)
    creates.sort(key=lambda create: id_ not in [link["operationId"] for link in links(create)])
    return creates[0] if creates else None


def free_creates() -> list[str]:
    """The creates that need no ids."""
    return [id_ for id_, op in OPERATIONS.items() if op.node["x-ma-effect"]["kind"] == "create" and not ids_needed(id_)]


def named_values(source: str) -> Iterator[tuple[str, ast.expr]]:
    """The members and arguments of a block, with their values."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            yield from (
                (str(key.value), value)
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            )
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg, node.value


@functools.cache
def ids_of_creates() -> dict[str, str]:
    """Member that holds an id of text, and the create whose answer has it."""
    found: dict[str, str] = {}
    for create in free_creates():
        for name, place in carried(create).items():
            parameter = next((p for op in OPERATIONS.values() for p in op.parameters if p["name"] == name), {})
            if place.startswith("$response.body#/") and parameter.get("schema", {}).get("type") == "string":
                found[name] = create
    return found


def ids_made(source: str, simulator: Simulator) -> dict[str, Any]:
    """Make what a block names by an id in its body, such as the models of a service; printed id to real one."""
    found: dict[str, Any] = {}
    for name, node in named_values(source):
        create = ids_of_creates().get(name)
        if create is None or not isinstance(node, ast.Constant) or node.value in found:
            continue
        made_so_far = simulator.__dict__.setdefault("_made_for_pages", {})
        if node.value not in made_so_far:
            # Each of them another one: by name, and by version where it has one.
            number = len(made_so_far)
            creation = blocks(create)[0].replace('_name="', f'_name="n{number}-', 1)
            creation = re.sub(r'_version="[0-9.]+"', f'_version="{number}.0.1"', creation, count=1)
            made_so_far[node.value] = made_by(create, creation, simulator)[name]
            simulator.advance(600)
        found[node.value] = made_so_far[node.value]
    return found


def steps(simulator: Simulator, create: str, known: dict[str, Any]) -> Iterator[None]:
    """Bring what was made into one situation after another: new, a while later, at rest, on its way to be taken back."""
    yield
    for pause in (60, 600):
        simulator.advance(pause)
        yield
    simulator.run_until_idle()
    yield
    with client_of(simulator)() as client:
        for step in OPERATIONS[create].node.get("x-ma-undo", []):
            op = OPERATIONS[step["operation"]]
            if op.node["x-ma-effect"]["kind"] == "destroy":
                return
            name = step.get("variant", op.node["x-ma-sdk"]["method"])
            more = {}
            if "wait" in step:
                main_one = op.node["x-ma-waiters"][step["wait"]].get("main")
                name, more = "wait" if main_one else f"wait_{step['wait']}", {"deadline": 36000}
            given = {parameter: known[parameter] for parameter in step["parameters"]}
            try:
                getattr(getattr(client, op.node["x-ma-sdk"]["group"]), name)(**given, **more)
            except APIError:
                continue
            yield


def file_of(simulator: Simulator, id_: str, known: dict[str, Any]) -> dict[str, Any]:
    """A name of a file that the operation reads, as the document says where such names come from."""
    files = OPERATIONS[id_].node.get("x-ma-tail", {}).get("files")
    if files is None:
        return {}
    simulator.run_until_idle()
    op = OPERATIONS[files["operation"]]
    with client_of(simulator)() as client:
        found = getattr(client, op.node["x-ma-sdk"]["group"])
        names = list(getattr(found, op.node["x-ma-sdk"]["method"])(**{n: known[n] for n in ids_needed(op.id)}))
    return {files["param"]: names[0]}


@pytest.mark.parametrize("id_", OPERATIONS)
def test_python_compiles(id_: str) -> None:
    found = blocks(id_)
    assert found
    for source in found:
        compile(source, page_of(id_), "exec")


def simulated() -> list[str]:
    register()
    return [id_ for id_ in OPERATIONS if id_ in HANDLERS]


def creations(create: str) -> list[str]:
    """The Python of the page that makes a thing, and of every other example that does."""
    view, op = models_view(DOCUMENT), OPERATIONS[create]
    own = [each for each in examples_of(examples(), create) if main_request([each])]
    others = [python_blocks(DOCUMENT, op, [each], methods(DOCUMENT, op, view))[0].source for each in own]
    return list(dict.fromkeys([blocks(create)[0], *others]))


WORLDS: list[dict[str, int]] = [{}, {"free_notebooks": 0}]
"""Quotas: the usual ones, and no room on free flavors, so that there are queues."""


def works_when(
    source: str, id_: str, create: str, creation: str, number: int, quotas: dict[str, int], before: str
) -> bool | None:
    """Whether a block goes well in the situation of that number; None when there are not so many.

    An example that creates something may need what the simulator lacks, such as a pool: then there are none.
    """
    simulator = Simulator(seed=5, credentials=credentials(), quotas=quotas)
    try:
        known = made_by(create, creation, simulator)
    except APIError:
        return None
    if None in known.values():
        return None
    if next(islice(steps(simulator, create, known), number, None), "none") == "none":
        return None
    try:
        for each in (before, source):
            run(each, simulator, {**known, **file_of(simulator, id_, known)})
    except (APIError, WaitError):
        return False
    return True


def works(source: str, id_: str) -> bool:
    """Whether a block goes well in a simulator where what it needs has been made, after another of its page if need be."""
    create = maker(id_) if ids_needed(id_) else None
    if create is None:
        run(source, Simulator(seed=5, credentials=credentials()), {})
        return True
    for before, creation, quotas in product(["", *blocks(id_)], creations(create), WORLDS):
        tries = (works_when(source, id_, create, creation, number, quotas, before) for number in count())
        if any(takewhile(lambda outcome: outcome is not None, tries)):
            return True
    return False


@pytest.mark.parametrize("id_", simulated())
def test_python_runs_on_the_simulator(id_: str) -> None:
    """Every block goes well in some situation that the thing which it needs can be in."""
    for source in blocks(id_):
        assert works(source, id_), source


# --------------------------------------------------------------------------------------------------------------- rules

RULES: list[tuple[Document, list[str]]] = [
    ({"dependentRequired": {"a": ["b", "c"]}}, ["`a` goes with `b` and `c`."]),
    (
        {"allOf": [{"if": {"properties": {"a": {"const": 1}}, "required": ["a"]}, "then": {"required": ["b"]}}]},
        ["Where `a` is `1`: `b` is given."],
    ),
    (
        {"allOf": [{"if": {"required": ["a"], "not": {"required": ["b"]}}, "then": {"properties": {"c": False}}}]},
        ["Where `a` is given and `b` is left out: `c` is left out."],
    ),
    (
        {"allOf": [{"oneOf": [{"required": ["a"]}, {"required": ["b", "c"]}]}]},
        ["Exactly one of these holds: (1) `a` is given; (2) `b` and `c` are given."],
    ),
    ({"allOf": [{"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}]}, ["At least one of `a` and `b` is given."]),
    ({"allOf": [{"not": {"required": ["a", "b"]}}]}, ["`a` and `b` are not given together."]),
    ({"properties": {"a": {"not": {"const": "x"}}}}, ["`a` is not `x`."]),
    ({"minProperties": 1}, ["At least one member is given."]),
    (
        {"allOf": [{"if": {"required": ["a"]}, "then": {"properties": {"b": {"multipleOf": 3}}}}]},
        ['`{"if": {"required": ["a"]}, "then": {"properties": {"b": {"multipleOf": 3}}}}`'],
    ),
    ({"properties": {"a": {"type": "string"}}}, []),
]


@pytest.mark.parametrize(("schema", "told"), RULES)
def test_rules_in_words(schema: Document, told: list[str]) -> None:
    assert rules({}, schema) == told


def test_a_condition_that_may_be_left_out_says_so() -> None:
    assert condition({"properties": {"a": {"enum": ["x", "y"]}}}) == "`a` is `x` or `y` (or left out)"


# ------------------------------------------------------------------------------------------------------------ the tool


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A small document: the part of IAM and what it needs."""
    spec = tmp_path / "spec"
    spec.mkdir()
    for name in ("openapi.yaml", "common.yaml", "iam.yaml", "error_codes.yaml"):
        shutil.copy(SPEC / name, spec / name)
    (spec / "errata.yaml").write_text("[]\n", encoding="utf-8")
    for name in ("create_token", "list_projects"):
        shutil.copytree(SPEC / "examples" / name, spec / "examples" / name)
    root = spec / "openapi.yaml"
    files = re.sub(
        r"^x-ma-files: .*$", "x-ma-files: [common.yaml, iam.yaml]", root.read_text("utf-8"), flags=re.MULTILINE
    )
    root.write_text(files, encoding="utf-8")
    return spec


def test_check_notices_a_change(copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "reference")
    arguments = ["--spec", str(copied), "--out", out]
    assert main(arguments) == 0
    assert main([*arguments, "--check"]) == 0
    stale = Path(out, "index.md")
    stale.write_text(stale.read_text(encoding="utf-8") + "one line more\n", encoding="utf-8")
    Path(out, "left_over.md").write_text("# A page of an operation that is gone\n", encoding="utf-8")
    capsys.readouterr()
    assert main([*arguments, "--check"]) == 1
    shown = capsys.readouterr().out
    assert "-one line more" in shown
    assert "committed/left_over.md" in shown
    assert main(arguments) == 0
    assert not Path(out, "left_over.md").exists()
    source = copied / "iam.yaml"
    text = source.read_text(encoding="utf-8")
    assert "Name of the project" in text
    source.write_text(text.replace("Name of the project", "Name that the project has"), encoding="utf-8")
    assert main([*arguments, "--check"]) == 1
    assert "Name that the project has" in capsys.readouterr().out


def test_pages_do_not_depend_on_the_order_of_hashes(copied: Path, tmp_path: Path) -> None:
    found = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        command = [sys.executable, "-m", "scripts.docs", "--spec", str(copied), "--out", str(out)]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True)
        found.append(present(out))
    assert found[0]
    assert found[0] == found[1]


def test_a_document_that_cannot_be_read_is_told(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copied / "openapi.yaml").write_text("a: [", encoding="utf-8")
    assert main(["--spec", str(copied), "--check"]) == 1
    assert "openapi.yaml" in capsys.readouterr().err
