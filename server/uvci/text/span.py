"""Half-open ranges of a text, in code points."""

from msgspec import Struct


class Span(Struct, frozen=True, order=True, gc=False):
    """The range `text[start:end]`; offsets are code points of the text as typed, BOM included.

    >>> Span(2, 5).contains(5), Span(2, 5).touches(5)
    (False, True)
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def contains(self, offset: int) -> bool:
        """Whether the character at `offset` lies inside."""
        return self.start <= offset < self.end

    def touches(self, offset: int) -> bool:
        """Whether a cursor at `offset` stands inside or at either end."""
        return self.start <= offset <= self.end

    def covers(self, other: "Span") -> bool:
        """Whether `other` lies inside, ends included."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Whether both share at least one character."""
        return self.start < other.end and other.start < self.end

    def shift(self, by: int) -> "Span":
        """The same range, `by` code points further on."""
        return Span(self.start + by, self.end + by)

    def of(self, text: str) -> str:
        """The text it covers."""
        return text[self.start : self.end]
