"""A pipeline with a secret wherever one can stand, and wherever one arrives."""

WORD = "pl41n-w0rds"
TOKEN = "glpat-Ab3dEf6hIj9lMn2pQr5t"
NUMBER = "1234567890"
SECRETS = (WORD, TOKEN, NUMBER)
PIPELINE = f"""\
include:
  - remote: https://oauth2:{WORD}@gitlab.example.org/ci.yml
  - local: /{TOKEN}.yml
variables:
  UV_PUBLISH_PASSWORD: {WORD}
  UV_NO_WRAP: "0"
  UV_HTTP_TIMEOUT: {TOKEN}
  UV_LINK_MODE: {WORD}
  UV_PUBLISH_TOKEN:
    value: '{WORD}'
    description: the token
  UV_AUTH_TOKEN: {NUMBER}
  ELSEWHERE: &anchor {WORD}
  FOLDED: >-
    -H
    {TOKEN}
stages: [build]
workflow:
  rules:
    - if: $X == "{TOKEN}"
.hidden:
  variables:
    UV_INDEX_INTERNAL_PASSWORD: {WORD}
  script: [uv publish --token {WORD}]
test:
  stage: build
  image: ghcr.io/astral-sh/uv:$UV_PUBLISH_PASSWORD
  parallel:
    matrix:
      - KEY: [{TOKEN}, x]
        UV_GITHUB_TOKEN: {WORD}
  cache:
    key: "$FOLDED-$KEY"
    paths: [.cache/uv/$UV_PUBLISH_PASSWORD, $KEY/x]
  environment: {{name: $KEY, url: "https://me:{WORD}@example.org"}}
  artifacts: {{name: "$ELSEWHERE", paths: [a/$ELSEWHERE]}}
  script:
    - uv sync --link-mode {WORD} --index-url https://a:{WORD}@example.org/simple
    - uv sync --index-strategy={TOKEN} --{TOKEN}
    - uv {TOKEN}
publish:
  image: ghcr.io/astral-sh/uv:0.9.17-python3.12-bookwrm-slim  # {TOKEN}
  services: [{{name: postgres, command: [{TOKEN}]}}]
  variables:
    UV_INDEX: https://reader:{WORD}@pypi.example.org/simple http://pypi.example.org/simple
    UV_PUBLISH_USERNAME: ""
    UV_GITHUB_TOKEN: *anchor
    UV_GLPAT: {TOKEN}
    UV_PYTHON: {TOKEN}
    PIP_INDEX_URL: https://reader:{WORD}@pypi.example.org/simple
    KEY: "{TOKEN}"
  id_tokens: {{PYPI_ID_TOKEN: {{aud: {TOKEN}}}}}
  script:
    - export UV_PUBLISH_TOKEN="{WORD}"
    - uv publish --skip-existing --token {WORD} --publish-url http://bot:{WORD}@pypi.example.org/
    - |
      UV_PUBLISH_PASSWORD={WORD} uv publish --skip-existing -t {WORD}
      curl --header "PRIVATE-TOKEN: {TOKEN}" http://example.org
    - >-
      uv publish
      --token
      {WORD}
install:
  image: python:3.13
  script:
    - pip install --index-url https://reader:{WORD}@pypi.example.org/simple ruff
    - pip download --index-url https://reader:{WORD}@pypi.example.org/simple ruff
"""


def leaks(text: str) -> list[str]:
    """The secrets that a text shows, also where it shows a part of one only."""
    shown = text.replace("glpat-", "")
    parts = (*SECRETS, WORD[:6], TOKEN.removeprefix("glpat-")[:8])
    return [part for part in parts if part in shown or part in text]
