"""Which tool of several a request asks for."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.planning.ranking import LEAST_FIT, choose_tool, rank_tools
from agents.planning.spec import ToolSchema, schema_from_function

TODAY = date(2026, 3, 2)


def tool(name: str, description: str, required: tuple[str, ...] = (), **properties: object) -> ToolSchema:
    parameters = {"type": "dict", "properties": properties, "required": list(required)}
    return schema_from_function({"name": name, "description": description, "parameters": parameters})


CITY = {"type": "string", "description": "Name of the city."}
WEATHER = tool("weather.forecast", "Weather forecast of a city.", ("city",), city=CITY)
MUSEUMS = tool("museums.search", "Search museums of a city.", ("city",), city=CITY)
ROUTE = tool(
    "route.plan",
    "Plan a route from one city to another.",
    ("start", "end"),
    start={"type": "string", "description": "Where it starts."},
    end={"type": "string", "description": "Where it ends."},
)
PAINT = tool(
    "mix_colour", "Mix a paint.", ("finish",), finish={"type": "string", "enum": ["matt", "silk"], "description": ""}
)
VARNISH = tool("mix_tin", "Mix a paint.", ("finish",), finish={"type": "string", "enum": ["clear"], "description": ""})


def test_words_of_name_and_description_decide() -> None:
    chosen = choose_tool("Which museums are there in Gdansk?", (WEATHER, MUSEUMS, ROUTE), today=TODAY)
    assert chosen is not None
    assert chosen.tool is MUSEUMS
    assert chosen.filled.arguments == {"city": "Gdansk"}


def test_a_listed_value_decides_between_tools_that_sound_the_same() -> None:
    for question, meant in (("Mix a silk paint", PAINT), ("Mix a clear paint", VARNISH)):
        for tools in ((PAINT, VARNISH), (VARNISH, PAINT)):
            assert rank_tools(question, tools, today=TODAY)[0].tool is meant


def test_nothing_is_chosen_when_nothing_fits() -> None:
    assert choose_tool("Write a poem about autumn leaves", (ROUTE, PAINT), today=TODAY) is None
    assert choose_tool("Anything", (), today=TODAY) is None


def test_shares_add_up_and_equals_keep_their_order() -> None:
    ranked = rank_tools("Hello there", (WEATHER, MUSEUMS, ROUTE), today=TODAY)
    assert abs(sum(one.share for one in ranked) - 1) < 1e-9
    twins = (tool("same", "The same."), tool("same", "The same."))
    assert [id(one.tool) for one in rank_tools("the same", twins, today=TODAY)] == [id(twins[0]), id(twins[1])]


def test_a_chosen_tool_is_at_least_as_likely_to_fit_as_asked_for() -> None:
    chosen = choose_tool("Weather forecast for Oslo", (WEATHER, ROUTE), today=TODAY)
    assert chosen is not None
    assert chosen.fits >= LEAST_FIT
    assert 0 < chosen.confidence <= chosen.fits


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
kinds = st.sampled_from(["string", "integer", "float", "dict", "array", "boolean", "any", "tuple", "nonsense"])
schemas = st.fixed_dictionaries(
    {"type": kinds, "description": st.text(max_size=30)},
    optional={"enum": st.lists(st.text(max_size=6) | st.integers(), max_size=3), "default": json},
)
functions = st.builds(
    lambda name, description, properties, required: schema_from_function(
        {
            "name": name,
            "description": description,
            "parameters": {"type": "dict", "properties": properties, "required": required},
        }
    ),
    st.text(max_size=20),
    st.text(max_size=60),
    st.dictionaries(st.text(min_size=1, max_size=8), schemas, max_size=4),
    st.lists(st.text(max_size=8), max_size=3),
)


@settings(max_examples=150, deadline=None)
@given(question=st.text(max_size=120), tools=st.lists(functions, max_size=4))
def test_any_text_and_any_schema_gets_an_answer(question: str, tools: list[ToolSchema]) -> None:
    ranked = rank_tools(question, tools, today=TODAY)
    assert len(ranked) == len(tools)
    for one in ranked:
        assert 0 <= one.confidence <= 1
        assert set(one.filled.arguments) <= {argument.name for argument in one.tool.arguments}
