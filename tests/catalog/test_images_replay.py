"""Every variant of every release on both registries, judged by the facts alone."""

import json
from functools import cache
from typing import Any

import pytest
from uvci.catalog.contents import contents, describe
from uvci.catalog.image_facts import Registry
from uvci.catalog.publication import (
    Missing,
    MissingReason,
    Published,
    TagKind,
    Unknown,
    UnknownReason,
    publication,
)
from uvci.catalog.tags import Tag, parse_tag

from tests.shared import shared


@cache
def facts() -> dict[str, Any]:
    return json.loads((shared("facts") / "uv-images.json").read_text("utf-8"))


def key(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def within(version: str, first: str, last: str) -> bool:
    """Whether the record says yes for `version`; what held at its end is assumed to hold after."""
    end = key(facts()["as_of"]["newest_tag_read"])
    at = min(key(version), end)
    return key(first) <= at <= key(last)


def registry_facts(registry: Registry) -> dict[str, Any]:
    return next(entry for entry in facts()["registries"] if entry["image"] == registry.value)


def left_out(registry: Registry, version: str) -> bool:
    return any(
        exception["version"] == version
        and registry.value in exception["registries"]
        and "all" in exception["missing"].split()
        for exception in facts()["exceptions"]
    )


def is_unknown(version: str) -> bool:
    return any(
        exception["version"] == version and exception["missing"] == "unknown"
        for exception in facts()["exceptions"]
    )


def expected_derived(registry: Registry, variant: dict[str, Any], version: str) -> str:
    """`yes`, `unknown`, `gap`, `early`, `late` or `never`."""
    ranges = registry_facts(registry)["derived"]
    start = max(key(variant["first"]), key(ranges[0][0]))
    if key(variant["last"]) < start:
        return "never"
    if is_unknown(version):
        return "unknown"
    if key(version) < start:
        return "early"
    if not within(version, variant["first"], variant["last"]):
        return "late"
    if left_out(registry, version) or not any(within(version, *each) for each in ranges):
        return "gap"
    return "yes"


def answer(registry: Registry, tag: str) -> str:
    match publication(registry, tag):
        case Published():
            return "yes"
        case Unknown(reason=UnknownReason.UNRECORDED):
            return "unknown"
        case Missing(reason=reason):
            return {
                MissingReason.GAP: "gap",
                MissingReason.NOT_YET: "early",
                MissingReason.ENDED: "late",
                MissingReason.NEVER_EXISTED: "never",
            }[reason]
        case other:
            raise AssertionError(other)


@pytest.mark.parametrize("registry", Registry)
def test_every_pinned_derived_tag(registry: Registry) -> None:
    variants, versions = facts()["variants"], facts()["versions"]
    assert (len(variants), len(versions)) == (65, 333)
    wrong = [
        (tag, expected, given)
        for variant in variants
        for version in (entry["version"] for entry in versions)
        if (expected := expected_derived(registry, variant, version))
        != (given := answer(registry, tag := f"{version}-{variant['suffix']}"))
    ]
    assert wrong == []


@pytest.mark.parametrize("registry", Registry)
def test_every_pinned_distroless_tag(registry: Registry) -> None:
    first = registry_facts(registry)["distroless"][0][0]
    for entry in facts()["versions"]:
        version = entry["version"]
        early = "early" if key(version) < key(first) else "yes"
        assert answer(registry, version) == ("unknown" if is_unknown(version) else early)


@pytest.mark.parametrize("registry", Registry)
def test_published_tags_say_what_they_are(registry: Registry) -> None:
    assumed = set(facts()["as_of"]["assumed_versions"])
    for variant in facts()["variants"]:
        for entry in facts()["versions"]:
            found = publication(registry, f"{entry['version']}-{variant['suffix']}")
            if isinstance(found, Published):
                assert found.kind is TagKind.PINNED
                assert str(found.version) == entry["version"]
                assert found.assumed == (entry["version"] in assumed)


@pytest.mark.parametrize("registry", Registry)
def test_every_floating_variant(registry: Registry) -> None:
    newest = facts()["as_of"]["newest_pypi_version"]
    for variant in facts()["variants"]:
        found = publication(registry, variant["suffix"])
        if expected_derived(registry, variant, variant["last"]) == "never":
            assert isinstance(found, Missing)
            continue
        assert isinstance(found, Published)
        assert found.kind is (TagKind.FLOATING if variant["current"] else TagKind.FROZEN)
        assert str(found.version) == (newest if variant["current"] else variant["last"])


@pytest.mark.parametrize("registry", Registry)
def test_every_floating_series(registry: Registry) -> None:
    versions = [entry["version"] for entry in facts()["versions"]]
    for series in sorted({version.rpartition(".")[0] for version in versions}):
        for variant in facts()["variants"]:
            held = [
                version
                for version in versions
                if version.rpartition(".")[0] == series
                and expected_derived(registry, variant, version) == "yes"
            ]
            found = publication(registry, f"{series}-{variant['suffix']}")
            given = str(found.version) if isinstance(found, Published) else None
            assert given == (max(held, key=key) if held else None), (series, variant["suffix"])


@pytest.mark.parametrize("registry", Registry)
def test_contents_of_every_published_tag(registry: Registry) -> None:
    for variant in facts()["variants"]:
        for entry in facts()["versions"]:
            found = publication(registry, f"{entry['version']}-{variant['suffix']}")
            if isinstance(found, Published):
                check_contents(found, variant, entry["version"])


def check_contents(found: Published, variant: dict[str, Any], version: str) -> None:
    kind = facts()["kinds"][variant["kind"]]
    part = next(part for part in variant["ranges"] if within(version, part["first"], part["last"]))
    config = next(
        entry
        for entry in facts()["image_config"]["derived"]
        if within(version, entry["first"], entry["last"])
    )
    inside = contents(found)
    prerelease = "-rc" if variant.get("python_prerelease") else ""
    assert inside.python == (f"{variant['python']}{prerelease}" if "python" in variant else None)
    assert (inside.os, inside.libc) == (variant["os_family"], variant["libc"])
    assert (inside.os_release, inside.base_image) == (part["os_release"], part["base_image"])
    assert list(inside.twins) == part.get("same_image_as", [])
    assert list(inside.shells) == kind["shell"]
    assert (inside.git, inside.curl, inside.compiler) == (
        kind["git"],
        kind["curl"],
        kind["c_compiler"],
    )
    assert inside.ca_certificates == kind["ca_certificates"]
    assert inside.package_manager == kind["package_manager"]
    assert kind["default_user"].startswith(inside.user)
    usable = kind["usable_as_gitlab_docker_image"]
    assert inside.job_image == (usable if isinstance(usable, bool) else None)
    assert (inside.why_not is None) == (usable is True)
    assert list(inside.entrypoint) == config["entrypoint"]
    assert dict(inside.env) == config["env"]
    assert list(inside.binaries) == config["binaries"]
    assert describe(found).startswith(f"uv {version}, ")


def test_contents_of_every_distroless_tag() -> None:
    for entry in facts()["versions"]:
        found = publication(Registry.GHCR, entry["version"])
        if isinstance(found, Published):
            config = next(
                config
                for config in facts()["image_config"]["distroless"]
                if within(entry["version"], config["first"], config["last"])
            )
            inside = contents(found)
            assert list(inside.binaries) == config["binaries"]
            assert list(inside.entrypoint) == config["entrypoint"]
            assert (inside.shells, inside.os, inside.job_image) == ((), None, False)


@pytest.mark.parametrize("registry", Registry)
def test_examples_that_were_never_published(registry: Registry) -> None:
    newest = facts()["as_of"]["newest_tag_read"]
    for example in facts()["never_published"]["examples"]:
        variant = example.replace("*", "alpine")
        assert isinstance(publication(registry, variant), Missing)
        assert isinstance(publication(registry, f"{newest}-{variant}"), Missing)


def test_variants_and_versions_make_every_tag_and_come_apart_again() -> None:
    for variant in facts()["variants"]:
        for prefix in ("", "0.9-", "0.12.5-"):
            tag = parse_tag(prefix + variant["suffix"])
            assert isinstance(tag, Tag)
            assert tag.text == prefix + variant["suffix"]
            assert tag.variant == variant["suffix"]
            assert (tag.python or "").removesuffix("-rc") == variant.get("python", "")
