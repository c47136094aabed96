"""What was seen on disk while something was worked out, and whether it still looks like that."""

import hashlib
from pathlib import Path
from typing import TypedDict

from uvci.workspace.disk import Disk, Listing, Unreadable


class Evidence(TypedDict):
    """All that was looked at in one folder, texts as digests; what is not named was not needed."""

    root: str
    texts: dict[str, str | None]
    stored: dict[str, bool]
    listing: str | None


def evidence_of(disk: Disk) -> Evidence:
    """What has been seen of `disk` so far."""
    return {
        "root": str(disk.root),
        "texts": {path: _text_digest(text) for path, text in disk.loaded.items()},
        "stored": dict(disk.stored),
        "listing": _listing_digest(disk.listed) if disk.listed else None,
    }


def still_holds(evidence: Evidence) -> bool:
    """Whether a fresh look shows the same: contents count, not the times of files."""
    disk = Disk(Path(evidence["root"]))
    return (
        all(_text_digest(disk.load(path)) == seen for path, seen in evidence["texts"].items())
        and all(disk.exists(path) is seen for path, seen in evidence["stored"].items())
        and (evidence["listing"] is None or evidence["listing"] == _listing_digest(disk.listing))
    )


def _text_digest(text: str | Unreadable | None) -> str | None:
    match text:
        case str():
            return _digest(text)
        case Unreadable():
            return f"unreadable: {text.message}"
        case None:
            return None


def _listing_digest(listing: Listing) -> str:
    return _digest("\0".join(listing.paths))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
