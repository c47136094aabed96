"""The jobs that a project of uv has: lint, test, build, publish, check the lock; and a template.

What they call is in the project or comes with uv; what a job has from elsewhere is left out.
A text like `⟦2:pytest⟧` is a place where editors stop, holding `pytest`.
"""

from collections.abc import Callable

from msgspec import Struct

from uvci.catalog.publication import Published, publication
from uvci.catalog.tags import numbers_in
from uvci.catalog.versions import UvVersion
from uvci.features.migration.caches import DIRECTORY, PRUNE, uv_key
from uvci.features.new_jobs.images import pythons
from uvci.features.new_jobs.project import (
    installed_for,
    is_bare,
    is_package,
    key_file,
    options_for,
)
from uvci.features.new_jobs.surroundings import Surroundings, builder
from uvci.syntax.writing import Block, Quoted
from uvci.text.patterns import lazy_re

Blocks = dict[str, Block]

_TRUSTED_SINCE = UvVersion(0, 8, 18)
_MOST_PYTHONS = 5
_NEWEST_PYTHONS = 3
"""How many a matrix gets where nothing says which of them the project takes."""
_COMPOSED = lazy_re(r"-python\$\{?(\w+)\}?-")
_LITERAL = lazy_re(r"-python3\.[0-9]+-")
_LINTING = ("lint", "check", "quality", "static", "validate", "test")
_PUBLISHING = ("publish", "release", "upload", "deploy")


class NewJob(Struct, frozen=True, eq=False):
    """A job that can be added: what it is called in lists, its names in order, and its keywords.

    `write` answers None where the job makes no sense for the project.
    """

    label: str
    does: str
    names: tuple[str, ...]
    write: Callable[[Surroundings], Blocks | None]


def lint(near: Surroundings) -> Blocks:
    """Ruff, from the project where it has it, else by itself."""
    more = options_for(near.view.project.pyproject, "ruff")
    if more is not None:
        run = f"uv run{_locked(near)}{more} ruff"
        return _job(near, [f"{run} check", f"{run} format --check"], stages=_LINTING)
    script = ["uvx ruff check", "uvx ruff format --check"]
    return _job(near, script, stages=_LINTING, installs=False)


def test(near: Surroundings) -> Blocks:
    """The tests, with what the project is locked to."""
    return _job(near, _testing(near), stages=("test", "tests"), installs=not is_bare(near.view))


def test_matrix(near: Surroundings) -> Blocks | None:
    """The same under each Python that the project takes."""
    tag, registry = near.found.tag, near.found.registry
    found = [
        python
        for python in sorted(pythons(near.view), key=numbers_in)
        if isinstance(publication(registry, tag.with_python(python).text), Published)
    ][-(_MOST_PYTHONS if near.view.project.pythons else _NEWEST_PYTHONS) :]
    composed = _COMPOSED.search(near.image)
    name = composed[1] if composed else "PYTHON_VERSION"
    image = near.image if composed else _LITERAL.sub(f"-python${name}-", near.image)
    if len(found) < 2 or (not composed and image == near.image):
        return None
    matrix: Blocks = {"parallel": {"matrix": [{name: [Quoted(one) for one in found]}]}}
    variables: Blocks = {}
    if near.view.project.python_version_file or "UV_PYTHON" in near.variables:
        variables["UV_PYTHON"] = f"${name}"
    own = None if composed and near.inherits_image else image
    return _job(
        near,
        _testing(near),
        stages=("test", "tests"),
        installs=not is_bare(near.view),
        head=matrix,
        variables=variables,
        image=own,
    )


def build(near: Surroundings) -> Blocks | None:
    """The distributions, for other jobs to take."""
    if not is_package(near.view):
        return None
    tail: Blocks = {"artifacts": {"paths": ["dist/"]}}
    stages = ("build", "package", "dist")
    return _job(near, [_building(near)], stages=stages, installs=False, tail=tail, builds=True)


def publish(near: Surroundings) -> Blocks | None:
    """To the project's own package registry, with the job's token."""
    variables: Blocks = {
        "UV_PUBLISH_URL": "$CI_API_V4_URL/projects/$CI_PROJECT_ID/packages/pypi",
        "UV_PUBLISH_USERNAME": "gitlab-ci-token",
        "UV_PUBLISH_PASSWORD": "$CI_JOB_TOKEN",
    }
    return _publish(near, "uv publish", variables=variables, head={})


def publish_trusted(near: Surroundings) -> Blocks | None:
    """To PyPI, with a token that GitLab vouches for."""
    if near.found.version < _TRUSTED_SINCE:
        return None
    head: Blocks = {"id_tokens": {"PYPI_ID_TOKEN": {"aud": "pypi"}}}
    return _publish(near, "uv publish --trusted-publishing always", variables={}, head=head)


def check_lock(near: Surroundings) -> Blocks | None:
    """Whether the lock file fits the project."""
    if not near.view.project.has_lock or "UV_FROZEN" in near.variables:
        return None
    return _job(near, ["uv lock --check"], stages=_LINTING, installs=False)


def template(near: Surroundings) -> Blocks | None:
    """Image, cache and pruning, for jobs to extend."""
    if near.template is not None:
        return None
    block: Blocks = {"image": near.image, "variables": {"UV_CACHE_DIR": DIRECTORY}}
    block["cache"] = _cache(near)
    if not near.inherits_image and "before_script" in near.keywords:
        block["before_script"] = []
    return {**block, "after_script": [PRUNE]}


def extending(near: Surroundings, template: str) -> Blocks:
    """The tests once more, in a job that has the rest from a template."""
    return {"extends": template, "script": [*_testing(near)]}


TEST = NewJob("uv-test", "tests", ("test", "uv-test"), test)
NEW_JOBS = (
    TEST,
    NewJob("uv-test-matrix", "tests with several Pythons", ("test", "uv-test"), test_matrix),
    NewJob("uv-lint", "lints", ("lint", "uv-lint"), lint),
    NewJob("uv-lock-check", "checks the lock file", ("lock-check", "uv-lock-check"), check_lock),
    NewJob("uv-build", "builds", ("build", "uv-build"), build),
    NewJob("uv-publish", "publishes to the project's registry", ("publish", "uv-publish"), publish),
    NewJob(
        "uv-publish-pypi",
        "publishes to PyPI with trusted publishing",
        ("publish-pypi", "uv-publish-pypi"),
        publish_trusted,
    ),
    NewJob(".uv", "is a template of image, cache and pruning", (".uv", ".uv"), template),
)


def _job(  # noqa: PLR0913  the parts of a job, by name
    near: Surroundings,
    script: list[str],
    *,
    stages: tuple[str, ...],
    installs: bool = True,
    builds: bool = False,
    head: Blocks | None = None,
    variables: Blocks | None = None,
    image: str | None = None,
    tail: Blocks | None = None,
) -> Blocks:
    """A job around a script; `installs` tells whether a cache is worth it."""
    own = installs and not near.keeps_cache and not builds
    block: Blocks = {"extends": near.template} if near.template else {}
    if stage := near.stage(*stages):
        block["stage"] = stage
    block |= head or {}
    image = image or (None if near.inherits_image else near.image)
    if image:
        block["image"] = image
    settings = dict(variables or {})
    if own and "UV_CACHE_DIR" not in near.variables:
        settings["UV_CACHE_DIR"] = DIRECTORY
    if builds and near.view.project.pyproject.version_from_git:
        settings["GIT_DEPTH"] = Quoted("0")
    if settings:
        block["variables"] = settings
    if own:
        block["cache"] = _cache(near)
    elif near.caches and (builds or not near.keeps_cache):
        block["cache"] = []
    if not near.inherits_image and "before_script" in near.keywords:
        block["before_script"] = []
    saves = own or (near.keeps_cache and not builds)
    return {**block, **_scripts(near, script, prunes=saves and not near.prunes), **(tail or {})}


def _scripts(near: Surroundings, script: list[str], *, prunes: bool) -> Blocks:
    """The script, with the pruning behind it: apart where nothing else comes there."""
    if prunes and "after_script" in near.keywords:
        return {"script": [*script, PRUNE]}
    return {"script": [*script], "after_script": [PRUNE]} if prunes else {"script": [*script]}


def _publish(near: Surroundings, command: str, *, variables: Blocks, head: Blocks) -> Blocks | None:
    """A job that uploads what another one built, or builds it itself, for each tag."""
    if not is_package(near.view):
        return None
    built = builder(near.view, near.stage(*_PUBLISHING))
    needs: Blocks = {"needs": [built]} if built else {}
    script = [command] if built else [_building(near), command]
    return _job(
        near,
        script,
        stages=_PUBLISHING,
        installs=False,
        builds=True,
        head={**needs, **head},
        variables=variables,
        tail={"rules": [{"if": "$CI_COMMIT_TAG"}]},
    )


def _cache(near: Surroundings) -> Blocks:
    key = uv_key(key_file(near.view), near.view.pipeline)
    return {"key": key, "paths": ["$UV_CACHE_DIR"]}


def _testing(near: Surroundings) -> list[str]:
    """How the tests run: in the project, with what its files ask for, or with pytest alone."""
    pyproject = near.view.project.pyproject
    if is_bare(near.view):
        return ["uvx ⟦2:pytest⟧"]
    if pyproject.has_project:
        more = options_for(pyproject, "pytest")
        more = " --with pytest" if more is None else more
        return [f"uv run{_locked(near)}{more} ⟦2:pytest⟧"]
    install = f"uv pip install {' '.join(installed_for(near.view, 'pytest'))}"
    if "UV_SYSTEM_PYTHON" in near.variables:
        return [install, "⟦2:pytest⟧"]
    return ["uv venv", install, "uv run --no-project ⟦2:pytest⟧"]


def _building(near: Surroundings) -> str:
    return "uv build --no-cache" if "UV_CACHE_DIR" in near.variables else "uv build"


def _locked(near: Surroundings) -> str:
    project = near.view.project
    chosen = near.variables.keys() & {"UV_LOCKED", "UV_FROZEN", "UV_NO_SYNC"}
    return " --locked" if project.has_lock and project.pyproject.has_project and not chosen else ""
