"""Which of a project's dependency groups a command installs, and how uv is told the same."""

from msgspec import Struct, field

from uvci.pipeline.python_project import Pyproject


class Wanted(Struct):
    """What is to be installed: groups, extras, and whether the project itself is.

    `unknown` is the name of a group that the project does not have.
    """

    groups: set[str]
    main: bool = True
    project: bool = True
    all_extras: bool = False
    extras: list[str] = field(default_factory=list)
    unknown: str = ""


def groups_of(pyproject: Pyproject) -> frozenset[str]:
    """The names of the project's dependency groups; uv's older table is one of them."""
    old = {"dev"} if pyproject.uv.get("dev-dependencies") else set[str]()
    return frozenset({*pyproject.groups, *old})


def default_groups(pyproject: Pyproject) -> frozenset[str]:
    """The groups that `uv sync` installs unasked: `dev` unless `[tool.uv]` says otherwise."""
    known = groups_of(pyproject)
    chosen = pyproject.uv.get("default-groups")
    if chosen == "all":
        return known
    names = chosen if isinstance(chosen, list) else ["dev"]
    return known & {name for name in names if isinstance(name, str)}


def sync_options(wanted: Wanted, pyproject: Pyproject) -> str:
    """The options with which `uv sync` installs what is wanted and nothing else."""
    known, usual = groups_of(pyproject), default_groups(pyproject)
    words: list[str] = []
    if not wanted.main:
        words += [f"--only-group {name}" for name in sorted(wanted.groups)]
    elif wanted.groups == usual:
        pass
    elif wanted.groups == known:
        words.append("--all-groups")
    else:
        words += [f"--no-group {name}" for name in sorted(usual - wanted.groups)]
        words += [f"--group {name}" for name in sorted(wanted.groups - usual)]
    if wanted.all_extras:
        words.append("--all-extras")
    words += [f"--extra {name}" for name in wanted.extras]
    if not wanted.project and wanted.main:
        words.append("--no-install-project")
    return "".join(f" {word}" for word in words)
