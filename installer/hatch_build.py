"""Build hook: compiles the catalogues, so that wheels and editable installs speak every language."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg,unused-ignore]
    """Runs `installer/i18n.py compile` before the files are gathered."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile into the source tree, from where resources/ is taken as a whole."""
        if self.target_name != "wheel":
            return
        script = Path(self.root) / "installer" / "i18n.py"
        spec = importlib.util.spec_from_file_location("funneldesk_i18n", script)
        if spec is None or spec.loader is None:
            raise RuntimeError(f"cannot load {script}")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.compile_catalogues(Path(self.root))
