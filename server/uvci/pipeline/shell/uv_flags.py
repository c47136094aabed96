"""Which of uv's flags take a value, and which of its commands have commands of their own.

Only what is needed to tell flags, values and the command of `uv run` apart: uv's command-line
reference (https://docs.astral.sh/uv/reference/cli/) over all releases, hidden flags and aliases
included. Which flag belongs to which command since when is the catalog's knowledge.
"""

GROUPS = frozenset({"auth", "cache", "pip", "python", "self", "tool", "workspace"})
STARTERS = frozenset({("run",), ("tool", "run"), ("tool", "uvx")})
"""The commands whose first word that is no flag is a command of its own."""

_ALWAYS = frozenset(  # one flag a line would fill three screens
    """
    --allow-insecure-host --annotation-style --author-from --backend --batch --bounds --branch
    --build-backend --build-constraint --build-constraints --bump --cache-dir --check-url
    --client-cert --color --config --config-file --config-setting --config-setting-package
    --config-settings --config-settings-package --constraint --constraints
    --custom-compile-command --default-index --description --directory --env-file --exclude
    --exclude-newer --exclude-newer-package --excludes --extra --extra-index-url --find-links
    --fork-strategy --format --from --generate-shell-completion --graalpy-mirror --group
    --ignore --ignore-until-fixed --index --index-strategy --index-url --install-dir
    --keyring-provider --link-mode --marker --max-recursion-depth --max-rounds --mirror --name
    --no-binary-package --no-build-isolation-package --no-build-package --no-editable-package
    --no-emit-package --no-extra --no-group --no-install-package --no-sources-package
    --only-binary --only-emit-package --only-group --only-install-package --optional --out-dir
    --output-file --output-format --output-version --override --overrides --package --password
    --path --pip-args --prefix --prerelease --prerelease-package --preview-feature
    --preview-features --project --prompt --prune --publish-url --pyodide-mirror --pypy-mirror
    --python --python-downloads-json-url --python-executable --python-fetch --python-platform
    --python-preference --python-version --refresh-package --reinstall-package --requirement
    --requirements --resolution --resolver --rev --script --service-format --service-url --tag
    --target --token --torch-backend --trusted-host --trusted-publishing --ty-version
    --unsafe-package --upgrade-group --upgrade-package --username --vcs --with --with-editable
    --with-executables-from --with-requirements -C -P -b -c -f -i -o -p -r -t -u -w
    """.split()  # noqa: SIM905  see above
)
_ONLY_IN = {
    "--editable": frozenset({"pip install"}),
    "--no-binary": frozenset({"pip compile", "pip install", "pip sync"}),
    "-e": frozenset({"pip install"}),
    "-m": frozenset({"add"}),
}
"""Flags that take a value on these commands, and none on the others that have them."""

_NOT_IN = {
    "--package": frozenset({"init"}),
    "--script": frozenset({"init", "run"}),
    "-c": frozenset({"venv"}),
    "-f": frozenset({"pip show", "python install"}),
    "-r": frozenset({"python install"}),
}
"""Flags that take a value except on these commands."""


def takes_value(command: tuple[str, ...], flag: str) -> bool:
    """Whether `flag` of `command` is followed by a value; an unknown flag is not.

    >>> takes_value(("run",), "--with"), takes_value(("run",), "-m"), takes_value(("add",), "-m")
    (True, False, True)
    """
    name = " ".join(command)
    if flag in _ONLY_IN:
        return name in _ONLY_IN[flag]
    return flag in _ALWAYS and name not in _NOT_IN.get(flag, ())
