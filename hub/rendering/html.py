"""The package as one self-contained page: prints well, needs no script and asks for nothing from anywhere."""

from functools import cache, partial

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.domain.packages import Package
from core.language import Lang
from hub.rendering.facts import facts_of
from hub.rendering.figures import draw_influence, draw_stages
from hub.rendering.labels import load_labels
from hub.rendering.outline import READING_ORDER, outline_of
from hub.rendering.style import TEMPLATES, load_page_style


@cache
def _environment(lang: Lang) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    labels = load_labels(lang)
    environment.filters.update(labels.filters)
    environment.filters["label"] = labels.name
    environment.globals.update(say=labels, chain=labels.chain, pair=labels.pair, facts_of=partial(facts_of, labels))
    return environment


def render_html(package: Package) -> str:
    """The whole package in its own language. Everything that came from outside is escaped."""
    outline = outline_of(package)
    people, stage = package.sections.influence_map.data, package.sections.stage.data
    template = _environment(package.lang).get_template("package.html.j2")
    return template.render(
        package=package,
        outline=outline,
        order=READING_ORDER,
        engine=outline.labels.engine(package),
        map=draw_influence(people) if people else None,
        stages=draw_stages(stage) if stage else None,
        style=load_page_style(),
    )
