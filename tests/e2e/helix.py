"""Helix of Debian's next release, with the configuration in editors/helix."""

import shutil
from pathlib import Path

from tests.e2e.debian import unpacked
from tests.e2e.fetched import REPOSITORY
from tests.e2e.scenario import environment


def helix(home: Path, settings: str = "") -> tuple[list[str], dict[str, str]]:
    """Its command line and environment, with a user's `config.toml`."""
    editor = unpacked("neovim", "hx")
    own = environment(home)
    own["HELIX_RUNTIME"] = str(editor.root / "usr/lib/hx/runtime")
    configuration = home / "config/helix"
    configuration.mkdir(parents=True)
    shutil.copy(REPOSITORY / "editors/helix/languages.toml", configuration)
    (configuration / "config.toml").write_text(settings)
    return editor.command("hx"), own
