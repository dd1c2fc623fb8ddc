from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recipe_world import World, simulated

from modelarts_client.models import GetTrainingJobVersionAnswer, JobEngine, JobFlavor
from modelarts_ext import NotFoundError, RequestValidationError, WaitFailedError, WaitTimeoutError
from modelarts_ext.recipes.choosing import engine_id, flavor_id
from modelarts_ext.recipes.job_settings import parameter_list, settings_again, text_of
from modelarts_ext.simulator import Simulator, VirtualClock

ENGINES = [
    JobEngine(engine_id=1, engine_name="TensorFlow", engine_version="TF-1.8.0-python3.6"),
    JobEngine(engine_id=2, engine_name="TensorFlow", engine_version="TF-1.13.1-python3.6"),
    JobEngine(engine_id=8, engine_name="PyTorch", engine_version="PyTorch-1.0.0-python3.6"),
]
FLAVORS = [
    JobFlavor(spec_id=3, spec_code="modelarts.vm.gpu.v100", no_resource=True),
    JobFlavor(spec_id=4, spec_code="modelarts.vm.gpu.v100", no_resource=False),
    JobFlavor(spec_id=5, spec_code="modelarts.vm.cpu.2u", no_resource=True),
    JobFlavor(spec_id=6),
]
PROGRAM: dict[str, Any] = {
    "app_url": "/bucket/code/",
    "boot_file_url": "/bucket/code/train.py",
    "data_url": "/bucket/data/",
}


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def aio(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(seed=3, clock=VirtualClock(1_790_000_000.0)) as made:
        yield made


@pytest.fixture
def world(simulator: Simulator, aio: bool) -> World:
    return simulated(aio, simulator)


def run(name: str = "digits", **more: Any) -> Callable[[Any], Any]:
    given_: dict[str, Any] = {
        "flavor": "modelarts.vm.gpu.v100",
        "engine": "PyTorch",
        "train_url": "/bucket/out/",
        "deadline": 7200,
        **PROGRAM,
    }
    return lambda client: client.training_jobs.run(name, **given_ | more)


@pytest.mark.parametrize(
    ("name", "id_"),
    [("TF-1.8.0-python3.6", 1), ("pytorch-1.0.0-PYTHON3.6", 8), ("PyTorch", 8), ("tensorflow TF-1.13.1-python3.6", 2)],
)
def test_engines_by_name(name: str, id_: int) -> None:
    assert engine_id(ENGINES, name) == id_


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("TensorFlow", "'TensorFlow' is several: TF-1.8.0-python3.6, TF-1.13.1-python3.6"),
        ("PyTorch-1.0.1-python3.6", "near: PyTorch-1.0.0-python3.6"),
        ("zzz", "there are: TF-1.8.0-python3.6, TensorFlow"),
    ],
)
def test_engines_that_are_not_one(name: str, says: str) -> None:
    with pytest.raises(RequestValidationError) as caught:
        engine_id(ENGINES, name)
    assert says in str(caught.value)
    assert "5.4.2" in str(caught.value)


def test_flavors_by_code() -> None:
    assert flavor_id(FLAVORS, "ModelArts.vm.gpu.v100") == 4
    assert flavor_id(FLAVORS, "modelarts.vm.cpu.2u") == 5
    with pytest.raises(RequestValidationError, match=r"near: modelarts\.vm\.gpu\.v100"):
        flavor_id(FLAVORS, "modelarts.vm.gpu.p100")
    with pytest.raises(RequestValidationError, match=r"near: modelarts\.vm\.gpu\.v100"):
        flavor_id(FLAVORS, "V100")
    with pytest.raises(RequestValidationError, match="there are: none"):
        flavor_id([], "any")


@pytest.mark.parametrize(
    ("value", "text"),
    [("a b", "a b"), (True, "true"), (3, "3"), (0.005, "0.005"), ([1, "ü"], '[1,"ü"]'), ({"a": None}, '{"a":null}')],
)
def test_values_of_parameters_become_text(value: Any, text: str) -> None:
    assert text_of(value) == text


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text()))
def test_parameters_keep_names_and_order(parameters: dict[str, Any]) -> None:
    made = parameter_list(parameters)
    assert [one["label"] for one in made] == [name for name, value in parameters.items() if value is not None]
    assert all(isinstance(one["value"], str) for one in made)


def version(**members: Any) -> GetTrainingJobVersionAnswer:
    common = {"job_id": 1, "version_id": 7, "spec_id": 2, "worker_server_num": 1, "train_url": "/o/", "log_url": ""}
    return GetTrainingJobVersionAnswer.model_validate(common | members)


COMMON: dict[str, Any] = {"spec_id": 2, "worker_server_num": 1, "train_url": "/o/", "pre_version_id": 7}
CODE = {"app_url": "/c/", "boot_file_url": "/c/a.py", "engine_id": 3}
SOURCES = [{"type": "obs", "data_url": "/d/"}, {"type": "obs", "data_url": "/e/"}]
AGAIN = [
    ({**CODE, "data_url": "/d/", "model_id": 0, "dataset_id": ""}, {}, {**CODE, "data_url": "/d/"}),
    ({**CODE, "data_url": "/d/"}, {"data_url": "/e/"}, {**CODE, "data_url": "/e/"}),
    ({**CODE, "data_url": "/d/"}, {"spec_id": 9}, {**CODE, "data_url": "/d/", "spec_id": 9}),
    ({**CODE, "data_url": "/d/"}, {"engine_id": 5}, {**CODE, "data_url": "/d/", "engine_id": 5}),
    (
        {**CODE, "data_url": "/d/"},
        {"boot_file_url": "/c/b.py"},
        {**CODE, "data_url": "/d/", "boot_file_url": "/c/b.py"},
    ),
    ({**CODE, "data_url": "/d/"}, {"model_id": 4}, {"model_id": 4, "data_url": "/d/"}),
    ({"model_id": 4, "engine_id": 3, "data_url": "/d/"}, {}, {"model_id": 4, "data_url": "/d/"}),
    (
        {"user_image_url": "h/i:1", "user_command": "run", "data_url": "/d/"},
        {},
        {"user_image_url": "h/i:1", "user_command": "run", "data_url": "/d/"},
    ),
    (
        {**CODE, "data_url": "/d/", "dataset_id": "a", "dataset_version_id": "b", "data_source": SOURCES[:1]},
        {},
        {**CODE, "dataset_id": "a", "dataset_version_id": "b"},
    ),
    ({**CODE, "data_url": "/d/", "data_source": SOURCES}, {}, {**CODE, "data_source": SOURCES}),
    (
        {**CODE, "data_url": "/d/"},
        {"dataset_id": "a", "dataset_version_id": "b"},
        {**CODE, "dataset_id": "a", "dataset_version_id": "b"},
    ),
]


@pytest.mark.parametrize(("had", "changes", "made"), AGAIN)
def test_settings_of_a_version_made_again(had: Any, changes: Any, made: Any) -> None:
    assert settings_again(version(**had), changes, {}) == COMMON | made


def test_parameters_of_a_version_made_again() -> None:
    had = version(
        parameter=[{"label": "lr", "value": 0.1}, {"label": "size", "value": "8"}, {"label": "x", "value": 1}]
    )
    made = settings_again(had, {}, {"size": 16, "x": None, "new": True})
    assert made["parameter"] == [
        {"label": "lr", "value": "0.1"},
        {"label": "size", "value": "16"},
        {"label": "new", "value": "true"},
    ]
    assert "parameter" not in settings_again(version(parameter=[{"label": "x", "value": 1}]), {}, {"x": None})


def test_a_job_runs_to_its_end(world: World) -> None:
    changes: list[str] = []
    done = world.do(
        run(
            parameters={"lr": 0.005, "gpu": True, "off": None},
            on_change=lambda change: changes.append(change.state.name),
        )
    )

    assert done.status.name == "JOBSTAT_COMPLETED"
    assert changes[-1] == "JOBSTAT_COMPLETED"
    assert (done.spec_code, done.engine_version) == ("modelarts.vm.gpu.v100", "PyTorch-1.0.0-python3.6")
    assert {one.label: one.value for one in done.parameter} == {"lr": "0.005", "gpu": "true"}


def test_a_job_is_followed_to_its_end(world: World, aio: bool) -> None:
    lines: list[str] = []

    async def later(line: Any) -> None:
        lines.append(line.text)

    done = world.do(run(on_line=later if aio else lambda line: lines.append(line.text)))

    assert done.status.name == "JOBSTAT_COMPLETED"
    assert len(lines) > 3
    assert len(set(lines)) == len(lines)


def test_a_deadline_ends_the_following_too(world: World, simulator: Simulator) -> None:
    began = simulator.clock.time()
    with pytest.raises(WaitTimeoutError):
        world.do(run(deadline=5, on_line=lambda line: None))
    assert simulator.clock.time() - began < 90


def test_names_that_are_not_there_send_no_job(world: World) -> None:
    with pytest.raises(RequestValidationError, match=r"near: modelarts\.vm\.gpu\.v100"):
        world.do(run(flavor="modelarts.vm.gpu.v200"))
    with pytest.raises(RequestValidationError, match="'TensorFlow' is several"):
        world.do(run(engine="TensorFlow"))
    with pytest.raises(TypeError, match="unknown argument: app"):
        world.do(run(app="/b/"))
    assert world.do(lambda client: client.training_jobs.list().all()) == []


def test_ids_are_taken_as_they_are(world: World) -> None:
    made = world.do(
        lambda client: client.training_jobs.submit(
            "by-id", flavor=1, engine=1, train_url="/bucket/out/", job_desc="short", max_attempts=1, **PROGRAM
        )
    )
    assert made.version_id
    read = world.do(lambda client: client.training_jobs.get(made))
    assert (read.spec_id, read.engine_id, read.job_desc) == (1, 1, "short")


def test_the_newest_version_runs_again_with_changes(world: World) -> None:
    first = world.do(run(parameters={"lr": "0.1", "size": 8}))

    second = world.do(
        lambda client: client.training_jobs.rerun(
            first.job_id, deadline=7200, flavor="modelarts.vm.cpu.2u", parameters={"lr": 0.2, "more": 1}
        )
    )
    third = world.do(lambda client: client.training_jobs.rerun(first.job_id, deadline=7200, data_url="/bucket/other/"))

    assert second.pre_version_id == first.version_id
    assert third.pre_version_id == second.version_id
    assert (second.spec_code, third.spec_code) == ("modelarts.vm.cpu.2u", "modelarts.vm.cpu.2u")
    assert {one.label: one.value for one in third.parameter} == {"lr": "0.2", "size": "8", "more": "1"}
    assert (second.data_url, third.data_url) == ("/bucket/data/", "/bucket/other/")
    again = world.do(lambda client: client.training_jobs.rerun(first, deadline=7200))
    assert again.spec_code == "modelarts.vm.gpu.v100"


def test_errors_of_a_run_are_those_of_its_calls(world: World, simulator: Simulator) -> None:
    with pytest.raises(NotFoundError):
        world.do(lambda client: client.training_jobs.rerun(4711, deadline=60))
    made = world.do(
        lambda client: client.training_jobs.submit("s", flavor=1, engine=1, train_url="/bucket/out/", **PROGRAM)
    )
    world.do(lambda client: client.training_jobs.stop(made))
    with pytest.raises(WaitFailedError):
        world.do(lambda client: client.training_jobs.wait(made, deadline=3600))
