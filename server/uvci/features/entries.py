"""Which root keys are GitLab's own, and which are jobs."""

ROOT_KEYS = frozenset(
    {
        "default", "include", "before_script", "image", "services", "after_script", "variables",
        "stages", "cache", "workflow", "spec",
    }
)  # fmt: skip


def entry_of(keys: tuple[str, ...]) -> str | None:
    """The job that a path of keys leads into; None at the root and below GitLab's keywords."""
    return keys[0] if keys and keys[0] not in ROOT_KEYS else None


def below_entry(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys below the job or `default`; those of other root keywords as they are."""
    inside = entry_of(keys) is not None or keys[:1] == ("default",)
    return keys[1:] if inside else keys
