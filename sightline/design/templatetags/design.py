"""What components need worked out: error links, page links, the steps of a scale."""

from typing import Any, NamedTuple

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sightline.design.charts import Chart

register = template.Library()

PHONE = 330
"""Width of a picture on a screen 320 px wide, where its text must stay as large as other text."""


class ErrorLink(NamedTuple):
    """One line of an error summary. `target` is the id of the control to go to, or empty."""

    message: str
    target: str


class Step(NamedTuple):
    """One number in a row of pages, or a gap (no address)."""

    number: int
    url: str
    current: bool


class PageLinks(NamedTuple):
    """Addresses of the pages around one page, with the rest of the query string kept."""

    previous: str
    next: str
    steps: tuple[Step, ...]


@register.simple_tag
def error_links(form: BaseForm | None) -> tuple[ErrorLink, ...]:
    """Every error of a form, in the order of its fields, each with the control that mends it."""
    if form is None or not form.errors:
        return ()
    whole = tuple(ErrorLink(str(message), "") for message in form.non_field_errors())
    fields = (form[name] for name in form.fields if name in form.errors)
    return whole + tuple(
        ErrorLink(str(said), first_control(field)) for field in fields for said in field.errors
    )


def first_control(field: BoundField) -> str:
    """The id of the first control of a field that a person can focus."""
    if field.is_hidden:
        return ""
    if not field.use_fieldset:
        return field.id_for_label or field.auto_id or ""
    return f"{field.auto_id}_0"


@register.simple_tag(takes_context=True)
def page_links(context: Context, page: Page[Any], name: str = "page") -> PageLinks:
    """The links of a pagination bar: first, last, and two either side of where we are."""
    request = context.get("request")

    def address(number: int) -> str:
        if request is None:
            return f"?{name}={number}"
        query = request.GET.copy()
        query[name] = str(number)
        return f"?{query.urlencode()}"

    steps: list[Step] = []
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        if isinstance(number, int):
            steps.append(Step(number, address(number), number == page.number))
        else:
            steps.append(Step(0, "", current=False))
    return PageLinks(
        previous=address(page.previous_page_number()) if page.has_previous() else "",
        next=address(page.next_page_number()) if page.has_next() else "",
        steps=tuple(steps),
    )


@register.simple_tag
def scale_steps(value: int | str, most: int | str = 6) -> SafeString:
    """The steps of a scale as a small drawing: filled up to `value`, outlined above it.

    Shape says what colour says, so that it survives a black and white print.
    """
    reached, steps = int(value), int(most)
    marks = format_html_join(
        "",
        '<rect x="{}" y="{}" width="4" height="{}" class="{}"/>',
        (
            (
                1 + step * 6,
                15 - (5 + step * 2),
                5 + step * 2,
                "sl-scale__on" if step < reached else "sl-scale__off",
            )
            for step in range(steps)
        ),
    )
    return format_html(
        '<svg class="sl-scale__steps" viewBox="0 0 {} 16" width="{}" height="16" '
        'aria-hidden="true" focusable="false">{}</svg>',
        steps * 6,
        steps * 6,
        marks,
    )


@register.simple_tag
def picture(chart: Chart) -> SafeString:
    """A chart's picture drawn twice: for a column of text and for a telephone.

    The style sheet shows one and leaves the other out (not drawn, not read out), so that text in it
    is never shrunk. Paper takes the wide one.
    """
    return format_html(
        '<div class="sl-chart__picture sl-chart__picture--wide">{}</div>'
        '<div class="sl-chart__picture sl-chart__picture--narrow">{}</div>',
        chart.svg(),
        chart.svg(width=PHONE),
    )
