"""Clients that others wrote, unchanged: openstacksdk with otcextensions, and the vendor's own SDK, over loopback.

Both are optional tools: without them the tests are skipped. What the clients cannot do is listed in DEFECTS, and shown
not to depend on the server.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from modelarts_ext.simulator import Credentials, Simulator
from modelarts_ext.simulator.server import Server

# What the clients warn about is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")

OWN = Credentials()
SETTINGS = {
    "worker_server_num": 1,
    "app_url": "/bucket/code/",
    "boot_file_url": "/bucket/code/start.py",
    "parameter": [{"label": "learning_rate", "value": "0.01"}, {"label": "batch_size", "value": "32"}],
    "dataset_id": "7b1c6a58-2f0e-4a39-9d34-51c2e8f07a66",
    "dataset_version_id": "c40d9e17-83ab-4f52-b6e0-19f7a2d3c885",
    "spec_id": 1,
    "engine_id": 1,
    "train_url": "/bucket/output/",
    "log_url": "/bucket/logs/",
}
DEFECTS = {
    "find_training_job": "begins with a fetch, which its resource does not allow",
    "get_training_job_version": "its URI member job_id is hidden by the body member of the base class",
    "create_training_job_version": "the same",
    "stop_training_job_version": "the same",
    "delete_training_job_version": "the same",
}
"""Methods of the proxy that fail before they send anything, in every pair of versions that has them."""


class Cloud:
    """A simulator on a socket, with the requests that it was sent."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.seen: list[str] = []
        self.server: Server = simulator.serve()
        handle: Callable[..., Any] = simulator.handle

        def record(method: str, target: str, headers: Any = (), body: bytes = b"") -> Any:
            self.seen.append(f"{method} {httpx.URL(target).path}")
            return handle(method, target, headers, body)

        simulator.handle = record  # type: ignore[method-assign]

    def connect(self, path: str = "/v3", **changes: Any) -> Any:
        """Return a connection of openstacksdk that has signed in by itself."""
        openstack = pytest.importorskip("openstack", reason="openstacksdk is not installed")
        extensions = pytest.importorskip("otcextensions.sdk", reason="otcextensions is not installed")
        usual = {
            "auth_url": self.server.url + path,
            "username": OWN.user,
            "password": OWN.password,
            "user_domain_name": OWN.domain,
            "project_name": OWN.region,
            "project_domain_name": OWN.domain,
            "region_name": OWN.region,
        }
        connection = openstack.connect(load_yaml_config=False, load_envvars=False, **{**usual, **changes})
        extensions.register_otc_extensions(connection)
        return connection

    def proxy(self) -> Any:
        """Return the methods of otcextensions for this API."""
        connection = self.connect()
        resource = pytest.importorskip("openstack.resource", reason="openstacksdk is not installed")
        if not hasattr(resource.Resource, "has_body"):
            pytest.skip("otcextensions reads Resource.has_body, which this openstacksdk no longer has")
        return connection.modelartsv1


@pytest.fixture
def start() -> Iterator[Callable[..., Cloud]]:
    with ExitStack() as open_things:

        def begin(**settings: Any) -> Cloud:
            cloud = Cloud(open_things.enter_context(Simulator(seed=11, **settings)))
            open_things.enter_context(cloud.server)
            return cloud

        yield begin


@pytest.fixture
def cloud(start: Callable[..., Cloud]) -> Cloud:
    return start()


@pytest.fixture
def proxy(cloud: Cloud) -> Any:
    return cloud.proxy()


@pytest.fixture
def errors() -> Any:
    return pytest.importorskip("openstack.exceptions", reason="openstacksdk is not installed")


def found(rows: Any, member: str) -> list[Any]:
    return [row[member] for row in rows]


# Signing in


@pytest.mark.parametrize("path", ["/v3", "/v3/", "", "/"])
def test_the_catalogue_leads_to_the_project(cloud: Cloud, path: str) -> None:
    connection = cloud.connect(path)
    assert connection.modelartsv1.get_endpoint() == f"{cloud.server.url}/v1/{OWN.project_id}"
    assert cloud.seen == [f"GET {path or '/'}", "POST /v3/auth/tokens"]


def test_the_identity_service_is_found_in_the_catalogue(cloud: Cloud) -> None:
    connection = cloud.connect()
    assert [(row.id, row.name) for row in connection.identity.projects()] == [(OWN.project_id, OWN.region)]
    assert cloud.seen[-1] == "GET /v3/projects"


def test_a_wrong_password_is_told_as_openstack_tells_it(cloud: Cloud) -> None:
    unauthorized = pytest.importorskip("keystoneauth1.exceptions", reason="keystoneauth1 is not installed")
    with pytest.raises(Exception, match=r"username or password is wrong.*\(HTTP 401\)") as caught:
        cloud.connect(password="not-the-password")
    assert isinstance(caught.value.__cause__ or caught.value.__context__ or caught.value, unauthorized.Unauthorized)


def test_an_expired_token_is_renewed(cloud: Cloud, proxy: Any) -> None:
    assert list(proxy.job_engines())
    cloud.simulator.advance(25 * 3600)
    assert list(proxy.job_engines())
    assert cloud.seen.count("POST /v3/auth/tokens") == 2


# Every method of the proxy


def test_every_method_of_the_proxy_is_used_here() -> None:
    module = pytest.importorskip("otcextensions.sdk.modelartsv1.v1._proxy", reason="otcextensions is not installed")
    public = {name for name, member in vars(module.Proxy).items() if callable(member) and not name.startswith("_")}
    used = set(re.findall(r"\bproxy\.(\w+)", Path(__file__).read_text(encoding="utf-8")))
    assert public - used - DEFECTS.keys() == set()
    assert DEFECTS.keys() <= public


def test_a_notebook_lives(cloud: Cloud, proxy: Any, errors: Any) -> None:
    storage = {"type": "obs", "location": {"path": "/bucket/notebooks/"}}
    made = proxy.create_devenv_instance(
        name="lab",
        description="words",
        profile_id="Multi-Engine 1.0 (python3)-cpu",
        flavor="modelarts.vm.cpu.2u",
        spec={"storage": storage, "auto_stop": {"enable": True, "duration": 7200}},
        workspace={"id": "0"},
    )
    assert (made.status, made.workspace_id) == ("CREATING", "0")
    other = proxy.create_devenv_instance(
        name="disk", profile_id="Python3", flavor="modelarts.vm.cpu.8u", spec={"storage": {"type": "evs"}}
    )
    cloud.simulator.advance(120)
    shown = proxy.get_devenv_instance(made.id)
    assert (shown.status, shown.description, shown.flavor_details.name) == ("RUNNING", "words", "modelarts.vm.cpu.2u")
    assert (shown.spec.storage.location.path, shown.spec.auto_stop.duration) == ("/bucket/notebooks/", 7200)
    assert shown.profile.provision.spec.params.image_name
    assert found(proxy.devenv_instances(), "name") == ["disk", "lab"]
    assert found(proxy.devenv_instances(limit=1, offset=1, sort_by="name", order="asc"), "name") == ["lab"]
    assert found(proxy.devenv_instances(status="STOPPED"), "name") == []
    assert proxy.find_devenv_instance("lab").id == proxy.find_devenv_instance(made.id).id == made.id
    assert proxy.find_devenv_instance("none", ignore_missing=True) is None
    assert proxy.update_devenv_instance(made.id, description="changed").description == "changed"
    assert proxy.stop_devenv_instance(made.id).current_status == "STOPPING"
    cloud.simulator.advance(120)
    assert proxy.get_devenv_instance(made).status == "STOPPED"
    assert proxy.start_devenv_instance(made).current_status == "STARTING"
    cloud.simulator.advance(120)
    with pytest.raises(errors.BadRequestException, match=r"ModelArts\.6304"):
        proxy.delete_devenv_instance(made)
    for each in (made, other):
        proxy.stop_devenv_instance(each)
    cloud.simulator.advance(120)
    for each in (made, other.id):
        proxy.delete_devenv_instance(each)
    cloud.simulator.run_until_idle()
    assert list(proxy.devenv_instances()) == []
    with pytest.raises(errors.BadRequestException, match=r"ModelArts\.6309"):
        proxy.get_devenv_instance(made.id)


def test_the_catalogues_of_jobs_are_listed(proxy: Any) -> None:
    models = list(proxy.builtin_models())
    assert proxy.find_builtin_model(models[0].model_name).model_id == models[0].model_id
    assert proxy.find_builtin_model(str(models[1].model_id)).model_name == models[1].model_name
    assert proxy.find_builtin_model("none") is None
    assert models[0].parameter[0].label
    assert found(proxy.job_flavors(job_type="train", engine_id=1), "spec_id")[0] == 1
    assert found(proxy.job_engines(job_type="train"), "engine_name")[0] == "TensorFlow"


def test_a_training_job_lives(cloud: Cloud, proxy: Any, errors: Any) -> None:
    first = proxy.create_training_job(job_name="job-a", job_desc="words", workspace_id="0", config=SETTINGS)
    second = proxy.create_training_job(job_name="job-b", config=SETTINGS)
    assert (first.version_name, first.is_success) == ("V0001", True)
    rows = list(proxy.training_jobs())
    assert [(row.id, row.name, row.job_description) for row in rows] == [
        (first.job_id, "job-a", "words"),
        (second.job_id, "job-b", ""),
    ]
    query = {"limit": 1, "offset": 1, "sort_by": "job_name", "order": "desc", "search_content": "job"}
    assert found(proxy.training_jobs(**query), "job_name") == ["job-b"]
    with pytest.raises(errors.BadRequestException, match=r"ModelArts\.0103"):
        proxy.create_training_job(job_name="job-a", config=SETTINGS)
    assert proxy.update_training_job(first.job_id, "other words").is_success
    assert next(iter(proxy.training_jobs(search_content="job-a"))).job_description == "other words"
    versions = list(proxy.training_job_versions(first))
    assert [(row.id, row.spec_code, row.parameter[0].value) for row in versions] == [
        (first.version_id, "modelarts.vm.cpu.2u", "0.01")
    ]
    assert len(list(proxy.training_job_versions(first.job_id, limit=5, offset=1))) == 1
    for each in (first.job_id, second):
        proxy.delete_training_job(each)
    cloud.simulator.run_until_idle()
    assert list(proxy.training_jobs()) == []
    with pytest.raises(errors.BadRequestException, match=r"ModelArts\.0102"):
        proxy.delete_training_job(first.job_id)


def test_versions_live_where_the_client_lets_them(cloud: Cloud, proxy: Any) -> None:
    job = proxy.create_training_job(job_name="job", config=SETTINGS)
    path = f"/training-jobs/{job.job_id}/versions"
    config = {**SETTINGS, "pre_version_id": job.version_id}
    made = proxy.post(path, json={"job_desc": "second", "config": config}).json()
    assert found(proxy.training_job_versions(job), "version_name") == ["V0002", "V0001"]
    assert proxy.get(f"{path}/{made['version_id']}").json()["pre_version_id"] == job.version_id
    assert proxy.post(f"{path}/{made['version_id']}/stop").json()["is_success"] is True
    cloud.simulator.advance(60)
    assert proxy.delete(f"{path}/{made['version_id']}").json()["is_success"] is True
    cloud.simulator.run_until_idle()
    assert found(proxy.training_job_versions(job), "version_id") == [job.version_id]


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("get_training_job_version", (5001,)),
        ("create_training_job_version", ()),
        ("stop_training_job_version", (5001,)),
        ("delete_training_job_version", (5001,)),
        ("find_training_job", None),
    ],
)
def test_what_the_client_cannot_do_never_reaches_the_server(
    cloud: Cloud, proxy: Any, errors: Any, method: str, more: tuple[Any, ...] | None
) -> None:
    before = list(cloud.seen)
    if more is None:
        with pytest.raises(errors.MethodNotSupported, match="fetch"):
            getattr(proxy, method)("job")
    else:
        with pytest.raises(KeyError, match="job_id"):
            getattr(proxy, method)(101, *more)
    assert cloud.seen == before


def test_a_configuration_lives(proxy: Any, errors: Any) -> None:
    assert proxy.create_training_job_config(config_name="config", config_desc="words", **SETTINGS).is_success
    shown = proxy.get_training_job_config("config")
    assert (shown.config_desc, shown.engine_name, shown.parameter[1].label) == ("words", "TensorFlow", "batch_size")
    query = {"limit": 5, "offset": 1, "sort_by": "config_name", "order": "asc", "config_type": "custom"}
    assert found(proxy.training_job_configs(**query), "name") == ["config"]
    assert proxy.update_training_job_config("config", config_desc="other", **SETTINGS).is_success
    assert found(proxy.training_job_configs(search_content="conf"), "config_desc") == ["other"]
    proxy.delete_training_job_config("config")
    assert list(proxy.training_job_configs()) == []
    with pytest.raises(errors.BadRequestException, match=r"ModelArts\.0102"):
        proxy.get_training_job_config("config")


def test_a_visualization_job_lives(cloud: Cloud, proxy: Any, errors: Any) -> None:
    made = proxy.create_visualization_job(job_name="board", job_desc="words", train_url="/bucket/output/")
    cloud.simulator.advance(120)
    shown = proxy.get_visualization_job(made.job_id)
    assert (shown.status, shown.name, shown.job_desc) == (8, "board", "words")
    assert shown.service_url
    query = {"limit": 5, "offset": 1, "sort_by": "job_name", "order": "asc", "search_content": "boa", "status": 8}
    assert found(proxy.visualization_jobs(**query), "job_id") == [made.job_id]
    assert proxy.update_visualization_job(made, "other").is_success
    proxy.stop_visualization_job(made.job_id)
    cloud.simulator.advance(60)
    assert proxy.get_visualization_job(made).status == 12
    proxy.restart_visualization_job(made)
    cloud.simulator.advance(120)
    again = proxy.get_visualization_job(made.job_id)
    assert (again.status, again.job_desc) == (8, "other")
    with pytest.raises(errors.BadRequestException, match=r"ModelArts\.0105"):
        proxy.restart_visualization_job(made.job_id)
    proxy.delete_visualization_job(made.job_id)
    cloud.simulator.run_until_idle()
    assert list(proxy.visualization_jobs()) == []


def new_model(proxy: Any, name: str, **changes: Any) -> Any:
    usual = {
        "model_version": "1.0.0",
        "source_location": "https://bucket.obs.example.com/m",
        "model_type": "TensorFlow",
    }
    return proxy.create_model(model_name=name, **{**usual, **changes})


def test_a_model_lives(cloud: Cloud, proxy: Any, errors: Any) -> None:
    sides: dict[str, Any] = {
        "input_params": {"type": "object", "properties": {"image_url": {"type": "string"}}},
        "output_params": {"type": "object", "properties": {"label": {"type": "string"}}},
    }
    package = {"package_name": "numpy", "package_version": "1.17.0", "restraint": "ATLEAST"}
    full = new_model(
        proxy,
        "digits",
        description="words",
        runtime="python3.6",
        execution_code="https://bucket.obs.example.com/m/customize_service.py",
        model_algorithm="image_classification",
        model_metrics=json.dumps({"f1": 0.5, "recall": 0.6, "precision": 0.4, "accuracy": 0.7}),
        apis=[{"url": "/", "protocol": "http", "method": "post", **sides}],
        dependencies=[{"installer": "pip", "packages": [package]}],
        source_job_id="55",
        source_job_version="V100",
    )
    cloud.simulator.advance(1)
    plain = new_model(proxy, "plain")
    cloud.simulator.advance(300)
    shown = proxy.get_model(full.model_id)
    assert (shown.status, shown.version, shown.runtime, shown.workspace_id) == ("published", "1.0.0", "python3.6", "0")
    assert shown.apis[0].input_params.properties == {"image_url": {"type": "string"}}
    assert shown.dependencies[0].packages[0].package_name == "numpy"
    assert shown.model_metrics["f1"] == 0.5
    assert sorted(found(proxy.models(), "name")) == ["digits", "plain"]
    assert found(proxy.models(limit=1, offset=0, sort_by="create_at", order="asc"), "name") == ["digits"]
    assert found(proxy.models(name="plain", status="published", workspace_id="0"), "model_id") == [plain.model_id]
    assert proxy.find_model("plain").id == proxy.find_model(plain.model_id).id == plain.model_id
    assert proxy.find_model("none") is None
    with pytest.raises(errors.NotFoundException):
        proxy.find_model("none", ignore_missing=False)
    with pytest.raises(errors.ConflictException, match=r"ModelArts\.3002"):
        new_model(proxy, "plain")
    proxy.delete_model(full)
    proxy.delete_model(plain.model_id)
    proxy.delete_model(plain.model_id, ignore_missing=True)
    with pytest.raises(errors.NotFoundException, match=r"ModelArts\.3001"):
        proxy.delete_model(plain.model_id)
    assert list(proxy.models()) == []


def config_of(model: Any, weight: int = 100) -> dict[str, Any]:
    return {"model_id": model.model_id, "weight": weight, "specification": "modelarts.vm.cpu.2u", "instance_count": 1}


def test_a_service_lives(cloud: Cloud, proxy: Any, errors: Any) -> None:
    models = [new_model(proxy, "digits"), new_model(proxy, "digits", model_version="1.0.1")]
    cloud.simulator.advance(300)
    config = [config_of(models[0], 70) | {"envs": {"level": "1"}}, config_of(models[1], 30)]
    made = proxy.create_service(service_name="reader", description="words", infer_type="real-time", config=config)
    assert proxy.get_service(made.service_id).status == "deploying"
    cloud.simulator.advance(300)
    assert proxy.wait_for_service(made.service_id) is True
    shown = proxy.get_service(made)
    assert (shown.name, shown.infer_type, shown.status) == ("reader", "real-time", "running")
    assert [(row.model_version, row.weight, row.envs) for row in shown.config] == [
        ("1.0.0", 70, {"level": "1"}),
        ("1.0.1", 30, {}),
    ]
    assert shown.access_address.startswith(cloud.server.url)
    assert proxy.session.post(shown.access_address, json={}).json()["service_name"] == "reader"
    query = {"name": "reader", "infer_type": "real-time", "status": "running", "limit": 5, "offset": 0}
    assert found(proxy.services(**query, sort_by="publish_at", order="asc"), "service_id") == [made.service_id]
    assert proxy.find_service("reader").id == proxy.find_service(made.service_id).id == made.service_id
    assert proxy.find_service("none") is None
    proxy.update_service(made.service_id, description="other")
    proxy.stop_service(made.service_id)
    cloud.simulator.advance(300)
    proxy.update_service(made.service_id, config=[config_of(models[1])])
    cloud.simulator.advance(300)
    stopped = proxy.get_service(made.service_id)
    assert (stopped.description, found(stopped.config, "model_version")) == ("other", ["1.0.1"])
    proxy.stop_service(made.service_id)
    cloud.simulator.advance(300)
    assert proxy.get_service(made.service_id).status == "stopped"
    proxy.start_service(made.service_id)
    cloud.simulator.advance(300)
    assert proxy.get_service(made.service_id).status == "running"
    assert "SUCCESS" in found(proxy.service_logs(made.service_id), "result")
    events = proxy.service_events(made, event_type="normal", limit=2, offset=0, sort_by="occur_time", order="asc")
    assert {row.event_type for row in events} == {"normal"}
    assert found(proxy.service_monitor(made), "model_version") == ["1.0.1"]
    proxy.delete_model(models[1])
    assert proxy.get_model(models[1].model_id).status == "published"
    proxy.delete_service(made)
    cloud.simulator.run_until_idle()
    proxy.delete_service(made.service_id, ignore_missing=True)
    with pytest.raises(errors.NotFoundException, match=r"ModelArts\.3502"):
        proxy.get_service(made.service_id)


def test_a_service_is_waited_for(start: Callable[..., Cloud], errors: Any) -> None:
    cloud = start(speed=100)
    proxy = cloud.proxy()
    model = new_model(proxy, "digits")
    cloud.simulator.script("model", model.model_id, ["published"])
    cloud.simulator.script("service", "broken", [("deploying", 20), "failed"])
    for name in ("good", "broken"):
        proxy.create_service(service_name=name, infer_type="real-time", config=[config_of(model)])
    assert proxy.wait_for_service(proxy.find_service("good"), timeout=60, wait=0.05) is True
    with pytest.raises(errors.SDKException, match="could not be deployed"):
        proxy.wait_for_service(proxy.find_service("broken"), timeout=60, wait=0.05)


def test_the_catalogues_of_services_are_listed(proxy: Any) -> None:
    flavors = found(proxy.service_flavors(is_personal_cluster=False, infer_type="real-time"), "specification")
    assert "modelarts.vm.cpu.2u" in flavors
    pools = list(proxy.service_clusters(status="running", sort_by="created_at", order="asc"))
    assert pools[0].cluster_id
    assert pools[0].nodes.available_count > 0


# The vendor's SDK


class Vendor:
    """The workspace operations of the vendor's SDK. The project is not given: it asks IAM for it."""

    def __init__(self, cloud: Cloud, **credentials: str) -> None:
        why = "huaweicloudsdkmodelarts is not installed"
        self.sdk = pytest.importorskip("huaweicloudsdkmodelarts.v1", reason=why)
        self.core = pytest.importorskip("huaweicloudsdkcore.exceptions.exceptions", reason=why)
        basic = pytest.importorskip("huaweicloudsdkcore.auth.credentials", reason=why).BasicCredentials
        region = pytest.importorskip("huaweicloudsdkcore.region.region", reason=why).Region
        keys = {"ak": OWN.ak, "sk": OWN.sk, **credentials}
        signer = basic(**keys).with_iam_endpoint(cloud.server.url)
        builder = self.sdk.ModelArtsClient.new_builder().with_credentials(signer)
        self.client = builder.with_region(region(OWN.region, cloud.server.url)).build()

    def call(self, name: str, /, body: Any = None, **members: Any) -> Any:
        """Call a method by its name, with the request that goes with it."""
        request = getattr(self.sdk, "".join(part.title() for part in name.split("_")) + "Request")
        if body is not None:
            members["body"] = body
        return getattr(self.client, name)(request(**members))

    def refused(self, name: str, /, body: Any = None, **members: Any) -> tuple[int, str]:
        with pytest.raises(self.core.ClientRequestException) as caught:
            self.call(name, body, **members)
        assert caught.value.request_id
        return caught.value.status_code, caught.value.error_code


def test_a_workspace_lives(cloud: Cloud) -> None:
    vendor = Vendor(cloud)
    sdk = vendor.sdk
    grants = [sdk.CreateWorkspaceReqGrants(user_id="simulator-user-id", user_name=OWN.user)]
    body = sdk.CreateWorkspaceReq(name="team", description="words", auth_type="INTERNAL", grants=grants)
    made = vendor.call("create_workspace", body)
    assert (made.name, made.status, made.owner, made.auth_type) == ("team", "NORMAL", OWN.user, "INTERNAL")
    shown = vendor.call("show_workspace", workspace_id=made.id)
    assert (shown.description, shown.grants[0].user_name) == ("words", OWN.user)
    assert vendor.refused("create_workspace", body) == (400, "ModelArts.0103")
    listed = vendor.call("list_workspace", name="team", sort_by="update_time", order="asc", offset=0, limit=10)
    assert (listed.total_count, listed.count, found_ids(listed)) == (1, 1, [made.id])
    assert found_ids(vendor.call("list_workspace", enterprise_project_id="0", filter_accessible=True))[-1] in {
        "0",
        made.id,
    }
    change = sdk.UpdateWorkspaceReq(name="crew", description="other", auth_type="PUBLIC")
    assert vendor.call("update_workspace", change, workspace_id=made.id).workspace_id == made.id
    shown = vendor.call("show_workspace", workspace_id=made.id)
    assert (shown.name, shown.description, shown.auth_type) == ("crew", "other", "PUBLIC")
    vendor.call("delete_workspace", workspace_id=made.id)
    assert vendor.call("show_workspace", workspace_id=made.id).status == "DELETING"
    cloud.simulator.run_until_idle()
    assert vendor.refused("show_workspace", workspace_id=made.id)[1] == "ModelArts.7005"
    assert cloud.seen[0] == "GET /v3/projects"


def found_ids(answer: Any) -> list[str]:
    return [row.id for row in answer.workspaces]


def test_quotas_are_changed(cloud: Cloud) -> None:
    vendor = Vendor(cloud)
    sdk = vendor.sdk
    made = vendor.call("create_workspace", sdk.CreateWorkspaceReq(name="team"))
    quotas = vendor.call("show_workspace_quotas", workspace_id=made.id).quotas
    assert {row.quota for row in quotas} == {-1}
    wanted = [sdk.UpdateWorkspaceQuotasReqQuotas(resource=quotas[0].resource, quota=quotas[0].max_quota)]
    changed = vendor.call(
        "update_workspace_quotas", sdk.UpdateWorkspaceQuotasReq(quotas=wanted), workspace_id=made.id
    ).quotas
    assert [(row.resource, row.quota) for row in changed] == [(quotas[0].resource, quotas[0].max_quota)]
    beyond = [sdk.UpdateWorkspaceQuotasReqQuotas(resource=quotas[0].resource, quota=quotas[0].max_quota + 1)]
    request = sdk.UpdateWorkspaceQuotasReq(quotas=beyond)
    assert vendor.refused("update_workspace_quotas", request, workspace_id=made.id)[0] == 400


def test_the_vendors_signature_is_verified(cloud: Cloud) -> None:
    right = Vendor(cloud, project_id=OWN.project_id)
    assert found_ids(right.call("list_workspace")) == ["0"]
    assert cloud.seen == [f"GET /v1/{OWN.project_id}/workspaces"]
    wrong = Vendor(cloud, project_id=OWN.project_id, sk="another-key-not-a-secret")
    assert wrong.refused("list_workspace") == (401, "APIG.0301")


def test_a_temporary_key_of_the_vendors_sdk_carries_its_token(cloud: Cloud) -> None:
    cloud.simulator.add_key("temporary-key", "temporary-key-not-a-secret", security_token="a-token-not-a-secret")
    keys = {"ak": "temporary-key", "sk": "temporary-key-not-a-secret", "project_id": OWN.project_id}
    vendor = Vendor(cloud, **keys)
    assert vendor.refused("list_workspace") == (401, "APIG.0301")
    vendor.client._credentials.with_security_token("a-token-not-a-secret")
    assert found_ids(vendor.call("list_workspace")) == ["0"]
