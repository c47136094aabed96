"""Completion: what may be typed at the cursor, the best first."""

from collections.abc import Iterator
from itertools import chain

from uvci.features.completion import cache, image, names, variable_names, variable_values
from uvci.features.completion.expansions import use_items, variable_use
from uvci.features.completion.filters import changed_file_items, condition_items, ref_items
from uvci.features.completion.first_item import as_wanted
from uvci.features.completion.given_inputs import given_input_items
from uvci.features.completion.id_tokens import audience_items, token_name_items
from uvci.features.completion.includes import include_items
from uvci.features.completion.items import in_order, matching
from uvci.features.completion.job_blocks import job_block_items
from uvci.features.completion.keywords import keyword_items, keyword_value_items
from uvci.features.completion.marks import marked_items
from uvci.features.completion.new_jobs import new_job_items
from uvci.features.completion.place import Place
from uvci.features.completion.script import script_items
from uvci.features.view import CompletionItem, CompletionList, ItemKind, View
from uvci.syntax.cursor import Side, cursor_at


def complete(view: View, offset: int) -> CompletionList:
    """What may be typed at `offset` (code points into the view's text), best first.

    Pure, never raises on any text. Applying an item changes nothing outside its ranges.
    """
    cursor = as_wanted(cursor_at(view.document, offset))
    if cursor.side in (Side.COMMENT, Side.NONE) or cursor.in_header:
        return CompletionList()
    place = Place(view, offset, cursor)
    if place.is_in_block_header:
        return CompletionList()
    items = in_order(matching(_items(place), view.document.text, offset))
    return CompletionList(items, incomplete=any(map(_leads_on, items)))


def _leads_on(item: CompletionItem) -> bool:
    """Whether more is to choose from once more is typed: releases of a series, a tag's parts."""
    return item.kind is ItemKind.TAG and item.retrigger


def _items(place: Place) -> Iterator[CompletionItem]:
    reference = names.reference_items(place)
    if reference is not None:
        return reference
    marked = marked_items(place)
    if marked is not None:
        return marked
    if place.cursor.side is Side.KEY:
        return _key_items(place)
    use = variable_use(place)
    if use is not None:
        return use_items(place, use)
    return _value_items(place)


def _key_items(place: Place) -> Iterator[CompletionItem]:
    match place.below:
        case [*_, "variables"] | ["parallel", "matrix"]:
            return variable_names.variable_name_items(place)
        case ["include", "inputs"] | ["trigger", "include", "inputs"]:
            return given_input_items(place)
        case ["id_tokens"]:
            return token_name_items(place)
        case [] if not place.keys:
            return chain(keyword_items(place), new_job_items(place))
        case [] if place.entry is not None:
            return chain(keyword_items(place), job_block_items(place))
        case _:
            return keyword_items(place)


def _value_items(place: Place) -> Iterator[CompletionItem]:
    match place.below:
        case [] | ["rules"] | ["workflow", "rules"]:
            return keyword_items(place) if place.takes_key else iter(())
        case ["parallel", "matrix"]:
            return variable_names.variable_name_items(place) if place.takes_key else iter(())
        case [*_, "variables", name] | [*_, "variables", name, "value" | "options"]:
            return variable_values.variable_value_items(place, name)
        case ["parallel", "matrix", name]:
            return variable_values.variable_value_items(place, name)
        case ["script" | "before_script" | "after_script"]:
            return script_items(place)
        case ["image" | "services", *_]:
            return _image_items(place)
        case ["cache", *_]:
            return _cache_items(place)
        case ["only" | "except", *_] | [*_, "rules", _] | ["rules", _, "paths"]:
            return _filter_items(place)
        case _:
            return _name_items(place)


def _filter_items(place: Place) -> Iterator[CompletionItem]:
    match place.below:
        case ["only" | "except"] | ["only" | "except", "refs"]:
            return ref_items(place)
        case [_, "changes" | "exists"] | ["rules", "changes" | "exists", "paths"]:
            return changed_file_items(place)
        case [*_, "rules", "if"]:
            return condition_items(place)
        case _:
            return _name_items(place)


def _image_items(place: Place) -> Iterator[CompletionItem]:
    match place.below:
        case ["image"] | ["image", "name"]:
            return image.image_items(place)
        case ["services"] | ["services", "name"]:
            return image.service_items(place)
        case _:
            return keyword_value_items(place)


def _name_items(place: Place) -> Iterator[CompletionItem]:
    match place.below:
        case ["extends"]:
            return names.template_items(place)
        case ["needs" | "dependencies"] | [*_, "needs", "job"] | ["rules", "needs"]:
            return names.need_items(place)
        case ["stage"]:
            return names.stage_items(place)
        case ["stages"]:
            return names.new_stage_items(place)
        case ["environment", "on_stop"]:
            return names.stopping_items(place)
        case ["include"] | ["include", "local"] | ["trigger", "include"]:
            return include_items(place)
        case ["id_tokens", _, "aud"]:
            return audience_items(place)
        case _:
            return keyword_value_items(place)


def _cache_items(place: Place) -> Iterator[CompletionItem]:
    match place.below:
        case ["cache"] if place.in_list and place.takes_key:
            return keyword_items(place)
        case ["cache", "key"] | ["cache", "fallback_keys"]:
            return cache.cache_key_items(place)
        case ["cache", "key", "prefix"]:
            return cache.key_prefix_items(place)
        case ["cache", "key", "files" | "files_commits"]:
            return cache.key_file_items(place)
        case ["cache", "paths"]:
            return cache.cache_path_items(place)
        case _:
            return keyword_value_items(place)
