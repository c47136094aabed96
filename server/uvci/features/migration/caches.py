"""The cache of a job that works with uv from now on."""

from collections.abc import Iterator

from uvci.pipeline.model import CacheKey, CacheUse, Job, Pipeline
from uvci.pipeline.scripts import uv_installs
from uvci.pipeline.shell.model import InstallMethod
from uvci.rules.cache.lock_files import lock_files
from uvci.rules.places import Owner, job_owner
from uvci.rules.rule import Context, FileEdit
from uvci.rules.uv_jobs import uv_runs
from uvci.syntax.patch import Block, insert_pair, remove_item, replace_scalar, set_value
from uvci.syntax.tree import Mapping, Pair, Scalar, Sequence
from uvci.text.edits import TextEdit
from uvci.text.patterns import lazy_re

DIRECTORY = "$CI_PROJECT_DIR/.uv-cache"
PRUNE = "uv cache prune --ci"
_PACKAGES = lazy_re(
    r"(?:\$\{?(?:(?:PIP|POETRY|PIPENV)_CACHE_DIR|POETRY_HOME)\}?|(?:.*/)?\.?(?:pip|pypoetry|poetry|pipenv)"
    r"(?:[-_/]cache)?)(?:/.*)?"
)
_ENVIRONMENT = lazy_re(r"(?:\$\{?CI_PROJECT_DIR\}?/)?\.?(?:virtualenvs?|v?env)(?:/.*)?|\.venv.*")
_FOR_ONE_SHELL = (InstallMethod.INSTALLER, InstallMethod.ARCHIVE)
"""How uv comes to where only the shell that was told finds it; `after_script` has another one."""
_LOCKS = frozenset({"poetry.lock", "Pipfile.lock"})


def uv_cache(job: Job, context: Context) -> dict[str, Block]:
    """A cache that keeps what uv downloads and builds for a job."""
    lock = next(iter(lock_files(job, context)), None)
    return {"key": uv_key(lock, context.pipeline), "paths": ["$UV_CACHE_DIR"]}


def uv_key(lock: str | None, pipeline: Pipeline) -> Block:
    """The key of a cache of uv alone, apart from what other jobs keep under the same file."""
    if lock is None:
        return "uv-$CI_COMMIT_REF_SLUG"
    others = (cache for job in (*pipeline.jobs, *pipeline.hidden) for cache in job.caches)
    taken = any(_is_keyed_on(cache.key, lock) and not _keeps_uv_alone(cache) for cache in others)
    return {"files": [lock], **({"prefix": "uv"} if taken else {})}


def _is_keyed_on(key: CacheKey, name: str) -> bool:
    return key.prefix is None and [plain.text for plain in key.files] == [name]


def _keeps_uv_alone(cache: CacheUse) -> bool:
    return all("uv" in path.plain.text.lower() for path in cache.paths)


def cache_step(name: str, context: Context, *, environments: bool) -> tuple[FileEdit, ...]:
    """The edits after which the job keeps uv's cache in place of the other tool's.

    None where it keeps something else too, that is not the tool's. `environments`: a virtual
    environment that it keeps was the tool's too.
    """
    job = context.pipeline.job(name)
    owner = job_owner(job, context) if job else None
    if job is None or owner is None or not _installs(job, context):
        return ()
    known = job.variants[0].variables.get("UV_CACHE_DIR")
    variable = () if known else set_variable(owner, "UV_CACHE_DIR", DIRECTORY)
    own, theirs = owner.get("cache"), job.keywords.entries.get("cache")
    if own is not None:
        lock = next(iter(lock_files(job, context)), "")
        switched = _switched(owner, own, lock, environments)
        edits = tuple(FileEdit(owner.path, one) for one in switched)
    elif theirs is None or all(_is_tools(one, environments) for one in job.caches):
        script = owner.get("before_script") or owner.get("script")
        edits = owner.add("cache", uv_cache(job, context), before=script)
    else:
        edits = ()
    return (*variable, *edits) if edits else ()


def prune_step(name: str, context: Context) -> tuple[FileEdit, ...]:
    """The edits after which the job leaves its cache of uv small."""
    job = context.pipeline.job(name)
    owner = job_owner(job, context) if job else None
    if job is None or owner is None or PRUNE in "\n".join(line.text for line in job.scripts):
        return ()
    if not any("UV_CACHE_DIR" in path.plain.text for use in job.caches for path in use.paths):
        return ()
    theirs = job.keywords.entries.get("after_script")
    is_lost = any(one.install.method in _FOR_ONE_SHELL for one in uv_installs(job))
    is_own = theirs is None or owner.get("after_script")
    keyword = "after_script" if is_own and not is_lost else "script"
    return owner.append(keyword, PRUNE)


def link_step(name: str, context: Context) -> tuple[FileEdit, ...]:
    """The edit after which uv does not try to link from its cache into the image's Python."""
    job = context.pipeline.job(name)
    owner = job_owner(job, context) if job else None
    if job is None or owner is None or "UV_LINK_MODE" in job.variants[0].variables:
        return ()
    kept = any("UV_CACHE_DIR" in path.plain.text for use in job.caches for path in use.paths)
    return set_variable(owner, "UV_LINK_MODE", "copy") if kept else ()


def set_variable(owner: Owner, name: str, value: str) -> tuple[FileEdit, ...]:
    """The edits after which a job sets a variable, above its scripts where it sets none yet."""
    return owner.set_variable(
        name, value, "before_script" if owner.get("before_script") else "script"
    )


def _installs(job: Job, context: Context) -> bool:
    return any(run.installs and run.fills_cache for run in uv_runs(job, context))


def _is_tools(cache: CacheUse, environments: bool) -> bool:  # noqa: FBT001  asked in a loop
    """Whether a cache keeps nothing but what the other tool left."""
    texts = [path.plain.text for path in cache.paths]
    return bool(texts) and all(_is_tools_path(text, environments) for text in texts)


def _is_tools_path(text: str, environments: bool) -> bool:  # noqa: FBT001  asked in a loop
    if environments and _ENVIRONMENT.fullmatch(text):
        return True
    return _PACKAGES.fullmatch(text) is not None


def _switched(owner: Owner, pair: Pair, lock: str, environments: bool) -> Iterator[TextEdit]:  # noqa: FBT001
    """The edits of a cache that keeps the tool's folders: it keeps uv's in their place."""
    value = pair.value
    tables = value.items if isinstance(value, Sequence) else (value,)
    found = [
        table
        for table in tables
        if isinstance(table, Mapping) and not table.anchor and _tools_items(table, environments)
    ]
    if len(found) != 1:
        return
    table = found[0]
    paths = table.get("paths")
    items = _tools_items(table, environments)
    if not isinstance(paths, Sequence) or paths.anchor:
        return
    yield replace_scalar(owner.document, items[0], "$UV_CACHE_DIR")
    for item in items[1:]:
        at = next(at for at, one in enumerate(paths.items) if one is item)
        yield from remove_item(owner.document, paths, at)
    yield from _rekeyed(owner, table, lock)


def _tools_items(table: Mapping, environments: bool) -> list[Scalar]:  # noqa: FBT001
    paths = table.get("paths")
    items = paths.items if isinstance(paths, Sequence) else ()
    return [
        item
        for item in items
        if isinstance(item, Scalar) and _is_tools_path(item.text, environments)
    ]


def _rekeyed(owner: Owner, table: Mapping, lock: str) -> Iterator[TextEdit]:
    """Another key: jobs that still keep the tool's folders may have this one."""
    key = table.pair("key")
    if key is None:
        paths = table.get("paths")
        is_alone = isinstance(paths, Sequence) and len(paths.items) == 1
        # Without a key it was `default`, shared with all that keep the same: so it stays.
        prefix: dict[str, Block] = {} if is_alone else {"prefix": "default"}
        new: Block = {"files": [lock], **prefix} if lock else "uv-$CI_COMMIT_REF_SLUG"
        yield from insert_pair(owner.document, table, "key", new, before=table.pairs[0])
    elif isinstance(key.value, Scalar):
        if lock:
            files: Block = {"files": [lock], "prefix": key.value.text}
            yield from set_value(owner.document, key, files)
        elif "uv" not in key.value.text:
            yield replace_scalar(owner.document, key.value, f"uv-{key.value.text}")
    elif isinstance(key.value, Mapping):
        yield from _refiled(owner, key)


def _refiled(owner: Owner, key: Pair) -> Iterator[TextEdit]:
    files = key.value.get("files") if isinstance(key.value, Mapping) else None
    items = files.items if isinstance(files, Sequence) else ()
    locks = [one for one in items if isinstance(one, Scalar) and _is_lock(one.text)]
    for one in locks:
        folder = one.text.rpartition("/")[0]
        yield replace_scalar(owner.document, one, f"{folder}/uv.lock" if folder else "uv.lock")
    prefix = key.value.pair("prefix") if isinstance(key.value, Mapping) else None
    if prefix is None and not locks:
        yield from insert_pair(owner.document, key, "prefix", "uv")
    elif prefix is not None and isinstance(prefix.value, Scalar) and not locks:
        yield replace_scalar(owner.document, prefix.value, f"uv-{prefix.value.text}")


def _is_lock(name: str) -> bool:
    return name.rpartition("/")[2] in _LOCKS
