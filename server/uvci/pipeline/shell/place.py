"""Where in a script a command stands."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from uvci.pipeline.shell.model import Assignment, Condition
from uvci.text.span import Span


class Place(Struct, frozen=True):
    """What the constructs around a command say about it."""

    condition: Condition = Condition.ALWAYS
    pipeline: Span | None = None
    tested: bool = False
    negated: bool = False
    background: bool = False
    function: str | None = None
    wrappers: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    withheld: tuple[str, ...] = ()

    def maybe(self) -> "Place":
        """The same place inside something that may not run."""
        return replace(self, condition=Condition.MAYBE)

    def under(self, wrappers: Sequence[str], assignments: Sequence[Assignment]) -> "Place":
        """The same place behind more wrappers and assignments."""
        if not wrappers and not assignments:
            return self
        return replace(
            self,
            wrappers=(*self.wrappers, *wrappers),
            assignments=(*self.assignments, *assignments),
        )

    def without(self, variables: Sequence[str]) -> "Place":
        """The same place behind what takes variables away, all of them for `*`."""
        if not variables:
            return self
        kept = () if "*" in variables else self.assignments
        return replace(
            self,
            assignments=tuple(one for one in kept if one.name not in variables),
            withheld=(*self.withheld, *variables),
        )
