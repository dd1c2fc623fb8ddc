"""What notebooks are made of: flavors and configurations (4.1). The lists there are examples; these are the simulator's."""

from __future__ import annotations

from dataclasses import dataclass

from modelarts_ext.simulator.store import Record

DISK_FOLDER = "/home/ma-user/work"
USUAL_DURATION = 3600
"""How long an instance of a free flavor runs, and what is shown where nobody gave a duration, in seconds."""

_KEPT_HOURS = 72


@dataclass(frozen=True)
class Flavor:
    """Hardware of notebooks."""

    name: str
    cores: int
    memory: str
    gpu: str = ""
    free: bool = False

    @property
    def type(self) -> str:
        """CPU or GPU."""
        return "GPU" if self.gpu else "CPU"

    def members(self) -> Record:
        """Return what answers show of the flavor, whoever uses it."""
        hardware: Record = {"CPU": self.cores, "GPU": 1 if self.gpu else 0, "memory": self.memory}
        if self.gpu:
            hardware["gpu_type"] = self.gpu
        shown: Record = {"name": self.name, "params": hardware, "status": "onSale", "type": self.type}
        if self.free:
            shown.update(
                promo_type="Free",
                storage_list=["obs", "evs"],
                is_permitted="true",
                duration=USUAL_DURATION,
                store_time=_KEPT_HOURS,
                billing_flavor=self.name.replace(".free", ".p100" if self.gpu else ".2u"),
                billing_params=1,
            )
        return shown


@dataclass(frozen=True)
class Profile:
    """A configuration that notebooks are made from. An empty type goes with every flavor."""

    id: str
    name: str
    description: str
    type: str
    image: str

    def members(self, flavor: Flavor | None) -> Record:
        """Return what an instance on a flavor shows of its configuration."""
        kind = self.type or (flavor.type if flavor is not None else "CPU")
        proposed = "modelarts.vm.gpu.p100" if kind == "GPU" else "modelarts.vm.cpu.2u"
        image = {"namespace": "simulator", "image_name": self.image, "image_tag": "2.0.5-B003"}
        return {
            "name": self.name,
            "description": self.description,
            "de_type": "Notebook",
            "flavor_type": kind,
            "provision": {
                "type": "Docker",
                "spec": {"engine": "CCE", "params": image},
                "annotations": {"category": "Multi-Engine", "flavor": proposed, "type": "system"},
            },
        }


FLAVORS = {
    flavor.name: flavor
    for flavor in (
        Flavor("modelarts.vm.cpu.2u", 2, "8GiB"),
        Flavor("modelarts.vm.cpu.8u", 8, "32GiB"),
        Flavor("modelarts.vm.gpu.p100", 8, "64GiB", "p100"),
        Flavor("modelarts.bm.gpu.v100NV32", 8, "64GiB", "v100NV32"),
        Flavor("modelarts.vm.cpu.free", 2, "8GiB", free=True),
        Flavor("modelarts.vm.gpu.free", 8, "64GiB", "p100", free=True),
    )
}
PROFILES = {
    profile.id: profile
    for profile in (
        Profile("Python2", "Python2", "several engines on CPU, Python 2.7", "CPU", "kernels-cpu-py27"),
        Profile("Python2-gpu", "Python2", "several engines on GPU, Python 2.7", "GPU", "kernels-gpu-py27"),
        Profile("Python3", "Python3", "several engines on CPU, Python 3.6", "CPU", "kernels-cpu-py36"),
        Profile("Python3-gpu", "Python3", "several engines on GPU, Python 3.6", "GPU", "kernels-gpu-py36"),
        Profile("TF-2.1.0&Pytorch-1.4.0-python3.6", "TF-2.1.0&Pytorch-1.4.0", "two engines", "", "kernels-tf2-pt14"),
        # Those of another edition of the reference, which its clients ask for.
        Profile("Multi-Engine 1.0 (python3)-cpu", "Python3", "several engines on CPU", "CPU", "kernels-cpu-py36"),
        Profile("Multi-Engine 1.0 (python3)-gpu", "Python3", "several engines on GPU", "GPU", "kernels-gpu-py36"),
    )
}
