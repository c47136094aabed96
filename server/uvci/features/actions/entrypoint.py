"""The empty entrypoint of uv's GitLab guide, for an image in which it is not enough."""

from collections.abc import Iterator

from msgspec.structs import replace

from uvci.features.actions.quick_fix import findings_at
from uvci.features.actions.refactoring import REWRITE, offered
from uvci.features.context import context_of
from uvci.features.view import CodeAction, View
from uvci.rules.images import image_without_shell
from uvci.rules.images.entrypoint import emptied
from uvci.rules.images.uses import uv_images
from uvci.text.span import Span

_TITLE = 'Add `entrypoint: [""]` as uv\'s guide does: it brings no shell, so the job still fails'


def entrypoint_rewrites(view: View, span: Span) -> Iterator[CodeAction]:
    """The guide's entrypoint for an image without a shell, where the image has none yet."""
    found = (each for each in findings_at(view, span) if each.rule is image_without_shell.RULE)
    finding = next(found, None)
    if finding is None:
        return
    context = context_of(view)
    for image in uv_images(context):
        if image.job.name in finding.jobs and image.use.entrypoint is None:
            for fix in emptied(image, context):
                action = offered(view, replace(fix, title=_TITLE), REWRITE, otherwise="")
                if not action.disabled and action.edits():
                    yield action
            return
