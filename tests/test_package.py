"""The package as somebody gets it: one typed wheel, installed in a clean environment; light to import."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

USER = (ROOT / "tests" / "user_program.py").read_text(encoding="utf-8")
"""What somebody may write with the package; it names everything that is public."""
WRONG = {
    'order="desc"': 'order="down"',
    "worker_server_num=1": 'worker_server_num="one"',
    "deadline=3600, ": "",
    "job.job_name or": "job.job_nam or",
    "bool | None)]": "bool)]",
    "error.last\n": "error.first\n",
    "Phase]:": "Phases]:",
}


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment that has the built wheel, and beside it third-party packages alone."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    assert built.returncode == 0, built.stderr
    wheel = next(folder.glob("*.whl"))
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    pip = run(sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", wheel, cwd=folder)
    assert pip.returncode == 0, pip.stderr
    site = next((folder / "env" / "lib").glob("python3*")) / "site-packages"
    # A path line lends the packages of this environment, not the path lines in it: the editable install stays out.
    (site / "third_party.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (folder / "user.py").write_text(USER)
    return folder


def test_the_wheel_runs_the_quickstart(installed: Path) -> None:
    done = run(installed / "env" / "bin" / "modelarts", "quickstart", "--speed", "200", cwd=installed)
    assert done.returncode == 0, done.stderr
    assert "nothing is left running" in done.stdout


def test_the_wheel_is_what_is_imported(installed: Path) -> None:
    code = "import modelarts_ext, modelarts_client; print(modelarts_ext.__file__, modelarts_client.__file__)"
    done = run(installed / "env" / "bin" / "python", "-c", code, cwd=installed)
    assert done.stdout.count(str(installed / "env")) == 2, done.stdout + done.stderr


def test_a_user_program_runs_and_is_typed(installed: Path) -> None:
    python = installed / "env" / "bin" / "python"
    done = run(python, "user.py", cwd=installed)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-5:] == [
        "JOBSTAT_COMPLETED ['typed']",
        "ModelArts.0102",
        "wait",
        "1 200",
        "modelarts:trainJob:list 2",
    ]
    strict = (sys.executable, "-m", "mypy", "--strict", "--config-file=", "--python-executable", python)
    done = run(*strict, "user.py", cwd=installed)
    assert done.returncode == 0, done.stdout
    for number, (right, wrong) in enumerate(WRONG.items()):
        assert right in USER
        (installed / f"wrong_{number}.py").write_text(USER.replace(right, wrong))
    done = run(*strict, *(f"wrong_{number}.py" for number in range(len(WRONG))), cwd=installed)
    noticed = {line.split(":")[0] for line in done.stdout.splitlines() if ": error:" in line}
    assert noticed == {f"wrong_{number}.py" for number in range(len(WRONG))}, done.stdout


def test_the_user_program_names_everything_that_is_public() -> None:
    """Beyond importing it; classes where a name without a type would be refused."""
    import ast

    import modelarts_ext

    tree = ast.parse(USER)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert set(dir(modelarts_ext)) - used == set()


def test_the_wheel_holds_both_packages_and_no_more(installed: Path) -> None:
    import zipfile

    with zipfile.ZipFile(next(installed.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"modelarts_client", "modelarts_ext"}
    for name in ("modelarts_client/py.typed", "modelarts_ext/py.typed", "modelarts_client/openapi.json"):
        assert name in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def modules_after(code: str) -> set[str]:
    done = run(sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_import_loads_no_model_and_no_heavy_part() -> None:
    loaded = modules_after("import modelarts_ext; modelarts_ext.ModelArts")
    assert not [name for name in loaded if name.startswith("modelarts_client.models.")]
    assert not loaded & {
        "typer",
        "rich",
        "yaml",
        "jsonschema_rs",
        "hypothesis",
        "schemathesis",
        "pytest",
        "modelarts_ext.simulator",
    }


def test_a_call_loads_its_own_models_only() -> None:
    code = """
from modelarts_ext import ModelArts
from modelarts_ext.simulator import Simulator
s = Simulator()
k = s.credentials
with ModelArts(ak=k.ak, sk=k.sk, project_id=k.project_id, endpoint=s.endpoint, transport=s.transport(), clock=s.clock) as c:
    list(c.specs.list_engines())
"""
    models = {name for name in modules_after(code) if name.startswith("modelarts_client.models.")}
    assert len(models) <= 4, models
    assert "modelarts_client.models.list_engines_answer" in models


FORBIDDEN = {
    "modelarts_client": ("modelarts_ext", "scripts"),
    "modelarts_ext/simulator": (
        "modelarts_client.models",
        "modelarts_client.api",
        "modelarts_client.facade",
        "modelarts_ext.signing",
    ),
    "modelarts_ext/core": ("httpx", "modelarts_ext.simulator", "modelarts_ext.cli"),
    "modelarts_ext": ("scripts", "tests"),
}


@pytest.mark.parametrize("package", FORBIDDEN)
def test_the_direction_of_imports(package: str) -> None:
    import ast

    folder = ROOT / ("generated" if package == "modelarts_client" else "") / package
    wrong = []
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            wrong += [
                f"{path.name}: {name}"
                for name in names
                for no in FORBIDDEN[package]
                if name == no or name.startswith(f"{no}.")
            ]
    assert wrong == []


def test_one_module_imports_the_http_library() -> None:
    import ast

    importing = set()
    for path in (ROOT / "modelarts_ext").rglob("*.py"):
        # Imports for type checking alone do not count: nothing of them is there at run time.
        tree = ast.parse(path.read_text(encoding="utf-8"))
        checked = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if id(node) in checked:
                continue
            if (isinstance(node, ast.Import) and any(alias.name == "httpx" for alias in node.names)) or (
                isinstance(node, ast.ImportFrom) and node.module == "httpx"
            ):
                importing.add(path.relative_to(ROOT / "modelarts_ext").as_posix())
    # The contract suite judges clients and servers from outside, so that it talks HTTP by itself.
    importing = {name for name in importing if not name.startswith("contract/")}
    assert importing <= {"transport.py", "httpx_auth.py", "simulator/doors.py", "simulator/recording.py"}
