"""Builds `images.json` from the measured image facts: `make_images.py FACTS`.

Figures are carried over; every sentence a user reads is written here.
"""

import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[2] / "server" / "uvci" / "catalog" / "images.json"

WHY_NOT_A_JOB_IMAGE = {
    "distroless": "it holds nothing but the uv binaries, and GitLab needs a shell to run a script",
    "dhi-python": "it has no shell, and GitLab needs one to run a script",
    "dhi-debian": "it has bash but no grep, and whether GitLab can start a job in it is unknown",
}
REMARKS = {
    "distroless": "meant for `COPY --from=` in a Dockerfile",
    "alpine": "no Python: uv downloads one; only musllinux and pure wheels install",
    "debian-slim": "no Python: uv downloads one; no CA certificates either",
    "buildpack-deps": "Debian's own Python serves its build tools; `uv pip --system` is refused",
    "python-alpine": "only musllinux and pure wheels install without a compiler",
    "python-slim": "Python is in /usr/local/bin and may be installed into",
    "python-full": "Python is in /usr/local/bin and may be installed into",
    "dhi-alpine": "not root: tools cannot be installed into /usr/local/bin, nor packages by apk",
    "dhi-debian": "not root: tools cannot be installed into /usr/local/bin; no apt",
    "dhi-python": "not root; Python is in /opt/python/bin",
}


def release_table(facts: dict[str, Any]) -> dict[str, str | None]:
    return {entry["version"]: entry.get("date") for entry in facts["versions"]}


def unrecorded(facts: dict[str, Any]) -> list[str]:
    assumed = set(facts["as_of"]["assumed_versions"])
    untagged = [v["version"] for v in facts["versions"] if v.get("git_tag") is False]
    return [version for version in untagged if version not in assumed]


def registry(entry: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    versions = [v["version"] for v in facts["versions"]]
    newest_read = facts["as_of"]["newest_tag_read"]
    published: set[str] = set()
    for first, last in entry["derived"]:
        published.update(versions[versions.index(first) : versions.index(last) + 1])
    published -= {
        exception["version"]
        for exception in facts["exceptions"]
        if entry["image"] in exception["registries"] and exception["missing"].startswith("all ")
    }
    start, end = versions.index(entry["derived"][0][0]), versions.index(newest_read)
    return {
        "name": entry["image"],
        "distroless": entry["distroless"][0][0],
        "derived": entry["derived"][0][0],
        "gaps": [version for version in versions[start:end] if version not in published],
    }


def kind(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    usable = entry["usable_as_gitlab_docker_image"]
    return {
        "shells": entry["shell"],
        "job_image": usable if isinstance(usable, bool) else None,
        "why_not": WHY_NOT_A_JOB_IMAGE.get(name),
        "user": entry["default_user"].partition(" ")[0],
        "package_manager": entry["package_manager"],
        "git": entry["git"],
        "curl": entry["curl"],
        "compiler": entry["c_compiler"],
        "ca_certificates": entry["ca_certificates"],
        "remark": REMARKS[name],
    }


def config(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in ("first", "binaries", "entrypoint", "env")}


def variant(entry: dict[str, Any], newest_read: str) -> dict[str, Any]:
    return {
        "suffix": entry["suffix"],
        "kind": entry["kind"],
        "os": entry["os_family"],
        "libc": entry["libc"],
        "first": entry["first"],
        "last": None if entry["last"] == newest_read else entry["last"],
        "bases": [
            {
                "first": part["first"],
                "image": part["base_image"],
                "os_release": part["os_release"],
                "twins": part.get("same_image_as", []),
            }
            for part in entry["ranges"]
        ],
    }


def catalog(facts: dict[str, Any]) -> dict[str, Any]:
    newest_read = facts["as_of"]["newest_tag_read"]
    by_template = {entry["template"]: entry for entry in facts["tag_templates"]["distroless"]}
    return {
        "newest_read": newest_read,
        "unrecorded": unrecorded(facts),
        "first_series": by_template["{major}.{minor}"]["first"],
        "releases": release_table(facts),
        "registries": [registry(entry, facts) for entry in facts["registries"]],
        "kinds": {name: kind(name, entry) for name, entry in facts["kinds"].items()},
        "configs": {
            name: [config(entry) for entry in facts["image_config"][name]]
            for name in ("distroless", "derived")
        },
        "variants": [variant(entry, newest_read) for entry in facts["variants"]],
    }


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def by_series(release: tuple[str, Any]) -> str:
    return release[0].rpartition(".")[0]


def lines(name: str, value: Any) -> str:
    match value:
        case list() if value and isinstance(value[0], dict):
            body = ",\n    ".join(compact(item) for item in value)
            return f'  "{name}": [\n    {body}\n  ]'
        case dict() if name == "releases":
            series = [list(group) for _, group in groupby(value.items(), by_series)]
            body = ",\n    ".join(compact(dict(releases))[1:-1] for releases in series)
            return f'  "{name}": {{\n    {body}\n  }}'
        case dict():
            body = ",\n    ".join(f"{compact(key)}: {compact(item)}" for key, item in value.items())
            return f'  "{name}": {{\n    {body}\n  }}'
        case _:
            return f'  "{name}": {compact(value)}'


def render(facts: dict[str, Any]) -> str:
    """The text of `images.json`: one line for each fact, so that a change reads as a change."""
    data = catalog(facts)
    return "{\n" + ",\n".join(lines(name, value) for name, value in data.items()) + "\n}\n"


if __name__ == "__main__":
    TARGET.write_text(render(json.loads(Path(sys.argv[1]).read_text("utf-8"))), "utf-8")
