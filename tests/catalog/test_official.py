import pytest
from uvci.catalog.contents import contents
from uvci.catalog.image_facts import Registry
from uvci.catalog.images import parse_image
from uvci.catalog.neighbours import variant_tags
from uvci.catalog.official import counterpart, official_name, same_with_uv
from uvci.catalog.publication import Published, publication, published_versions


@pytest.mark.parametrize(
    ("image", "variant", "same"),
    [
        ("python:3.13", "python3.13-trixie", True),
        ("python:3.13-slim", "python3.13-trixie-slim", True),
        ("python:3.13-slim-trixie", "python3.13-trixie-slim", True),
        ("python:3.12-alpine", "python3.12-alpine", True),
        ("python:3.12.10", "python3.12-trixie", False),
        ("python:3.11-slim-bullseye", "python3.11-trixie-slim", False),
        ("python:3.12-alpine3.20", "python3.12-alpine3.23", False),
        ("python:3.8", "python3.8-bookworm", False),
        ("python:3-slim", "python3.14-trixie-slim", False),
        ("python", "python3.14-trixie", False),
        ("debian:trixie-20251117-slim", "trixie-slim", True),
        ("debian:12-slim", "trixie-slim", False),
        ("debian", "debian", True),
        ("alpine:3.20.3", "alpine3.22", False),
        ("alpine", "alpine", True),
    ],
)
def test_the_image_of_uv_that_is_alike(image: str, variant: str, same: bool) -> None:
    ref = parse_image(image)
    found = counterpart(official_name(ref) or "", ref.effective_tag or "")
    assert found is not None
    assert (found.tag.variant, found.same) == (variant, same)
    assert isinstance(publication(Registry.GHCR, found.tag.text), Published)


@pytest.mark.parametrize(
    "image",
    [
        "python:3.7",
        "python:2.7-slim",
        "python:3.13-windowsservercore-ltsc2022",
        "python:3.13-slim-${CODENAME}",
        "debian:unstable-slim",
        "ubuntu:24.04",
        "alpine:edge",
    ],
)
def test_nothing_is_alike_where_uv_publishes_no_such_image(image: str) -> None:
    ref = parse_image(image)
    assert counterpart(official_name(ref) or "", ref.effective_tag or "") is None


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("docker.io/library/python:3.13", "python"),
        ("$CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX/alpine", "alpine"),
        ("registry.example.org/python:3.13", None),
        ("bitnami/python:3.13", None),
        ("python-tools", None),
    ],
)
def test_only_the_official_images_are_meant(image: str, name: str | None) -> None:
    assert official_name(parse_image(image)) == name


def test_the_same_image_with_uv_is_built_from_the_official_one() -> None:
    seen = 0
    for tag in variant_tags():
        if tag.python is None or tag.hardened or "rc" in tag.python:
            continue
        release = published_versions(Registry.GHCR, tag.variant)[-1]
        found = publication(Registry.GHCR, tag.with_release(release).text)
        assert isinstance(found, Published)
        inside = contents(found)
        same = same_with_uv(parse_image(inside.base_image or ""))
        assert same is not None
        assert same.variant in (tag.variant, *inside.twins)
        seen += 1
    assert seen >= 40


@pytest.mark.parametrize(
    "image",
    [
        "python:3.12.4",
        "python:2.7",
        "python:3.12-slim@sha256:ab",
        "python:3.12-nanoserver",
        "python:3.12-bookworm-slim",
        "registry.example.com/python:3.12",
        "debian:13",
    ],
)
def test_what_pins_more_or_is_not_python_has_no_same_image(image: str) -> None:
    assert same_with_uv(parse_image(image)) is None
