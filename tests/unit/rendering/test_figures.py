"""The geometry of the drawings."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.views.people import InfluenceMap, Stakeholder, Stance, Tie, TieKind
from hub.rendering.figures import WIDTH, draw_influence, draw_stages
from tests.packages import build_package

SHARES = st.floats(0, 1)


@st.composite
def influence_maps(draw: st.DrawFn) -> InfluenceMap:
    scores = draw(st.lists(SHARES, max_size=20))
    people = tuple(
        Stakeholder(
            id=str(place), name=f"P {place}", roles={}, stance=Stance.NEUTRAL,
            influence=score, influence_low=score / 2, influence_high=min(1.0, score + 0.2),
        )
        for place, score in enumerate(scores)
    )  # fmt: skip
    ids = st.integers(0, max(0, len(scores) - 1)).map(str)
    ends = draw(st.lists(st.tuples(ids, ids), max_size=10))
    ties = tuple(Tie(source=one, target=other, kind=TieKind.MEETS, weight=1) for one, other in ends)
    return InfluenceMap(people=people, ties=ties if people else ())


@settings(max_examples=40, deadline=None)
@given(influence_maps())
def test_people_never_lie_on_one_another_and_stay_inside(view: InfluenceMap) -> None:
    figure = draw_influence(view)
    for place, dot in enumerate(figure.dots):
        assert dot.r_high < dot.x < WIDTH - dot.r_high
        assert dot.r_high < dot.y < figure.height - dot.r_high
        for other in figure.dots[place + 1 :]:
            apart = ((dot.x - other.x) ** 2 + (dot.y - other.y) ** 2) ** 0.5
            assert apart > dot.r_high + other.r_high


@settings(max_examples=40, deadline=None)
@given(influence_maps())
def test_the_more_influential_are_never_lower(view: InfluenceMap) -> None:
    dots = sorted(draw_influence(view).dots, key=lambda dot: -dot.person.influence)
    assert [dot.y for dot in dots] == sorted(dot.y for dot in dots)


@settings(max_examples=40, deadline=None)
@given(influence_maps())
def test_the_same_map_gives_the_same_drawing(view: InfluenceMap) -> None:
    assert draw_influence(view) == draw_influence(view)


def test_the_stages_fill_the_whole_height_at_all_times() -> None:
    view = build_package().sections.stage.data
    assert view is not None
    figure = draw_stages(view)
    assert figure is not None
    assert figure.bands[0].path.endswith(f"L0.0,{figure.height}.0Z")
    assert f"{figure.width}.0,0.0" in figure.bands[-1].path


def test_one_point_in_time_makes_no_history() -> None:
    view = build_package().sections.stage.data
    assert view is not None
    assert draw_stages(view.model_copy(update={"history": view.history[:1]})) is None
