"""Let tox environments share one virtual environment.

tox 4 recreates a virtual environment when another tox environment used it last, even if both ask
for the same packages.  Every environment of this project asks for the same packages, so that one
comparison is made without the environment's name; all others (Python version, dependencies) stay.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tox.plugin import impl
from tox.tox_env.api import ToxEnv
from tox.tox_env.info import Info
from tox.tox_env.python.virtual_env.runner import VirtualEnvRunner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tox.tox_env.register import ToxEnvRegister


class SharedInfo(Info):
    """What tox remembers of a virtual environment, whoever uses it."""

    @contextmanager
    def compare(
        self, value: Any, section: str, sub_section: str | None = None
    ) -> Iterator[tuple[bool, Any | None]]:
        """Compare as tox does, with one name for every environment."""
        if section == ToxEnv.__name__:
            value = {**value, "name": "shared"}
        with super().compare(value, section, sub_section) as outcome:
            yield outcome


class SharedVirtualEnvRunner(VirtualEnvRunner):
    """A virtual environment that several tox environments use in turn."""

    @staticmethod
    def id() -> str:
        """The name to give as ``runner`` in tox.ini."""
        return "shared-virtualenv"

    @property
    def cache(self) -> Info:
        """What tox remembers of the environment on disk."""
        return SharedInfo(self.env_dir)


@impl
def tox_register_tox_env(register: ToxEnvRegister) -> None:
    """Offer the shared runner to tox."""
    register.add_run_env(SharedVirtualEnvRunner)
