"""What a new job finds in a pipeline: a template to extend, what `default` gives, names, stages."""

from collections.abc import Mapping

from msgspec import Struct

from uvci.catalog.publication import Published
from uvci.features.context import document_of
from uvci.features.new_jobs.images import default_image, image_at, image_texts, is_usable
from uvci.features.view import View
from uvci.pipeline.caches import read_caches
from uvci.pipeline.effective import DEFAULT_STAGE, INHERITED, ROOT_DEFAULTS, ROOT_KEYWORDS
from uvci.pipeline.images import expand_image, read_image
from uvci.pipeline.model import CacheUse, ImageUse, Pipeline, Variable, Variant
from uvci.pipeline.values import Plain, Value, plains
from uvci.syntax.paths import key_text
from uvci.text.span import Span

_SPECIAL = frozenset(
    {
        *("script", "run", "stage", "rules", "only", "except", "when", "needs", "dependencies"),
        *("parallel", "environment", "artifacts", "trigger", "release", "pages", "allow_failure"),
    }
)
"""What a template says that is not for every job to have."""
_CONDITIONS = frozenset({"rules", "only", "except", "when"})
_EDGES = frozenset({".pre", ".post"})


class Surroundings(Struct, frozen=True, eq=False):
    """What a job that is typed at the end of a pipeline would have without a word of its own.

    `template` is the hidden job it extends for that. `image` is the image of uv as it is typed,
    `found` what it is; `inherits_image` tells that the job has it anyway. `keywords`, `variables`
    and `caches` are what else it gets.
    """

    view: View
    template: str | None
    image: str
    found: Published
    inherits_image: bool
    keywords: Mapping[str, Value]
    variables: Mapping[str, Variable]
    caches: tuple[CacheUse, ...]

    @property
    def keeps_cache(self) -> bool:
        """Whether a cache it gets keeps uv's folder."""
        if "UV_CACHE_DIR" not in self.variables:
            return False
        folder = (self.variables["UV_CACHE_DIR"].raw or "?").rpartition("/")[2]
        paths = [path.plain.text for cache in self.caches for path in cache.paths]
        return any("UV_CACHE_DIR" in path or folder in path for path in paths)

    @property
    def prunes(self) -> bool:
        """Whether an `after_script` it gets prunes uv's cache."""
        lines = plains(self.keywords.get("after_script"))
        return any("uv cache prune" in line.text for line in lines)

    def stage(self, *wanted: str) -> str | None:
        """The first of some stages that the pipeline has; None where none is to be written.

        Without any of them it is the last stage for what comes late, else the first that is there.
        """
        stages = [one for one in dict.fromkeys(self.view.pipeline.stages) if one not in _EDGES]
        found = next((one for one in wanted if one in stages), None)
        if found is None and DEFAULT_STAGE not in stages:
            found = stages[-1 if "deploy" in wanted else 0] if stages else None
        if found is None and "deploy" in wanted and stages:
            found = stages[-1]
        return None if found in (None, DEFAULT_STAGE) else found


def surroundings(view: View) -> Surroundings | None:
    """What a new job finds; None where no release of uv suits the project."""
    for job in view.pipeline.hidden:
        is_special = job.keywords.entries.keys() & _SPECIAL
        if job.complete and not is_special and _holds(job.image, view):
            return _with(view, job.name, job.keywords.entries, job.variants[0], job.image)
    keywords = _defaults(view.pipeline)
    variant = Variant(view.pipeline.root_variables)
    image = read_image(keywords.get("image"), (variant,))
    return _with(view, None, keywords, variant, image)


def free_name(view: View, *names: str, but: Span | None = None) -> str:
    """The first of some names that no entry of the pipeline has, or one like the last of them.

    `but` is where a name is being typed, which does not count.
    """
    taken = set(ROOT_KEYWORDS)
    for file in view.pipeline.files:
        document = document_of(view, file.path)
        root = document.mapping if document else None
        for pair in root.pairs if root else ():
            if file.path != view.path or pair.key.span != but:
                taken.add(key_text(pair.key))
    # What an include that cannot be read calls its jobs is not known: it hardly begins with `uv`.
    wanted = names[-1:] if view.pipeline.unread else names
    free = next((name for name in wanted if name not in taken), names[-1])
    number = 2
    while free in taken:
        free = f"{names[-1]}-{number}"
        number += 1
    return free


def builder(view: View, stage: str | None) -> str | None:
    """The job that always runs and leaves what it built in `dist/` for jobs of a stage."""
    stages = view.pipeline.stages
    wanted = stage or DEFAULT_STAGE
    until = stages.index(wanted) + 1 if wanted in stages else 0
    for job in view.pipeline.jobs:
        if job.stage not in stages[:until]:
            continue
        paths = [plain.text for plain in plains(job.keywords.get("artifacts", "paths"))]
        builds = any("uv build" in line.text for line in job.scripts)
        leaves = builds and any(path.strip("./").startswith("dist") for path in paths)
        if leaves and not job.keywords.entries.keys() & _CONDITIONS:
            return job.name
    return None


def _with(
    view: View,
    template: str | None,
    keywords: Mapping[str, Value],
    variant: Variant,
    image: object,
) -> Surroundings | None:
    inherits = isinstance(image, ImageUse) and _holds(image, view)
    raw = image.name.text if inherits and isinstance(image, ImageUse) else default_image(view)
    text = expand_image(raw, variant).text if raw else None
    found = image_at(text) if text else None
    if raw is None or found is None:
        return None
    caches = read_caches(keywords.get("cache"), (variant,))
    return Surroundings(view, template, raw, found, inherits, keywords, variant.variables, caches)


def _holds(image: object, view: View) -> bool:
    texts = image_texts(image)
    return bool(texts) and all(is_usable(text, view.project) for text in texts)


def _defaults(pipeline: Pipeline) -> dict[str, Value]:
    """What `default` and the root give to every job."""
    found: dict[str, Value] = {}
    for keyword in INHERITED:
        value = pipeline.merged.get("default", keyword)
        if value is None and keyword in ROOT_DEFAULTS:
            value = pipeline.merged.get(keyword)
        if value is not None and not (isinstance(value, Plain) and value.value is None):
            found[keyword] = value
    return found
