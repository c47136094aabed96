import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvci.catalog.image_facts import Registry
from uvci.catalog.images import correct_name, parse_image

GHCR, HUB = Registry.GHCR, Registry.DOCKER_HUB
PREFIX = "${CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX}"
EXPANDED = "gitlab.example.com:443/group/sub/dependency_proxy/containers"


@pytest.mark.parametrize(
    ("text", "registry", "tag", "digest"),
    [
        ("ghcr.io/astral-sh/uv", GHCR, None, None),
        ("ghcr.io/astral-sh/uv:0.9-alpine", GHCR, "0.9-alpine", None),
        ("GHCR.io/astral-sh/uv:0.9", GHCR, "0.9", None),
        ("ghcr.io/astral-sh/uv@sha256:0a", GHCR, None, "sha256:0a"),
        ("ghcr.io/astral-sh/uv:0.9-alpine@sha256:0a", GHCR, "0.9-alpine", "sha256:0a"),
        ("astral/uv:alpine", HUB, "alpine", None),
        ("docker.io/astral/uv", HUB, None, None),
        ("index.docker.io/astral/uv:latest", HUB, "latest", None),
        (f"{PREFIX}/astral/uv:alpine", HUB, "alpine", None),
        ("$CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX/astral/uv:x", HUB, "x", None),
        (f"{EXPANDED}/astral/uv:alpine", HUB, "alpine", None),
        (f"{PREFIX}/ghcr.io/astral-sh/uv:alpine", None, "alpine", None),
        ("registry.example.com:5000/astral-sh/uv", None, None, None),
        ("registry.example.com/mirror/ghcr.io/astral-sh/uv:0.9", None, "0.9", None),
        ("ghcr.io/astral-sh/ruff:0.9", None, "0.9", None),
        ("ghcr.io/astral-sh/uv/extra:0.9", None, "0.9", None),
        ("localhost/astral/uv", None, None, None),
        ("python:3.12", None, "3.12", None),
        ("uv", None, None, None),
        ("ghcr.io/astral-sh/uv:$UV_VERSION-alpine", GHCR, "$UV_VERSION-alpine", None),
        ("ghcr.io/astral-sh/uv:${X:-a/b@c}-alpine", GHCR, "${X:-a/b@c}-alpine", None),
        ("ghcr.io/astral-sh/uv:$[[ inputs.a:b ]]", GHCR, "$[[ inputs.a:b ]]", None),
        ("$REGISTRY/astral-sh/uv:0.9", None, "0.9", None),
        ("", None, None, None),
    ],
)
def test_parts_of_a_name(
    text: str, registry: Registry | None, tag: str | None, digest: str | None
) -> None:
    ref = parse_image(text)
    assert (ref.registry, ref.tag, ref.digest) == (registry, tag, digest)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("ghcr.io/astral-sh/uv", "latest"),
        ("ghcr.io/astral-sh/uv:0.9", "0.9"),
        ("ghcr.io/astral-sh/uv:0.9@sha256:0a", None),
    ],
)
def test_what_decides_the_pull(text: str, tag: str | None) -> None:
    assert parse_image(text).effective_tag == tag


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("ghrc.io/astral-sh/uv:0.9", GHCR.value),
        ("ghrc.io/astral-uv/uv:0.9.28-bookworm", GHCR.value),
        ("gchr.io/astral-sh/uv", GHCR.value),
        ("ghcr.io/astral-uv/uv:0.9", GHCR.value),
        ("ghcr.io/astral/uv:0.9", GHCR.value),
        ("ghcr.io/astralsh/uv", GHCR.value),
        ("ghcr.io/astral-hs/uv", GHCR.value),
        ("astral-sh/uv:0.9", GHCR.value),
        ("docker.io/astral-sh/uv:0.9", HUB.value),
        (f"{PREFIX}/astral-sh/uv:0.9", f"{PREFIX}/astral/uv"),
    ],
)
def test_slips_are_named(text: str, right: str) -> None:
    assert correct_name(parse_image(text)) == right
    assert parse_image(right).registry is not None


@pytest.mark.parametrize(
    "text",
    [
        "ghcr.io/astral-sh/uv:0.9",
        "astral/uv",
        "ghcr.io/astral-sh/ruff:0.9",
        "ghcr.io/astral-sh/uv-pre-commit",
        "ghcr.io/astral-sh/ty",
        "ghcr.io/somebody/uv:0.9",
        "ghcr.io/somebody/astral-uv",
        "registry.example.com/astral-sh/uv:0.9",
        "registry.gitlab.com/astral-uv/uv:0.9",
        "quay.io/astral/uv",
        "gcr.io/astral-sh/uv",
        "docker.io/astral-uv/uv",
        "somebody/uv",
        "uv",
        "$REGISTRY/astral-uv/uv",
        "",
    ],
)
def test_other_images_are_left_alone(text: str) -> None:
    assert correct_name(parse_image(text)) is None


PIECES = st.sampled_from(
    [
        "ghcr.io",
        "/",
        "astral-sh",
        "astral",
        "uv",
        ":",
        "@",
        "sha256:0a",
        "${",
        "}",
        "$X",
        "[[",
        "]]",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join))


@given(TEXTS)
def test_any_text_comes_apart(text: str) -> None:
    ref = parse_image(text)
    pieces = [ref.name]
    pieces += [] if ref.tag is None else [":", ref.tag]
    pieces += [] if ref.digest is None else ["@", ref.digest]
    assert "".join(pieces) == text
    assert ref.name_span.of(text) == ref.name
    assert ref.tag_span is None or ref.tag_span.of(text) == ref.tag
    assert ref.digest_span is None or ref.digest_span.of(text) == ref.digest
    assert correct_name(ref) != ref.name
