"""Where the marks of a curve stand, whatever a laboratory wrote (PAGES rule 12)."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from result_samples import result

from gateway.mapping.biology.analyses import analyses_of, series_of
from gateway.records.documents.result import Result
from gateway.vault.trends.chart import chart_of
from gateway.vault.trends.plot import BOTTOM, LEFT, MOST_LINES, RIGHT, TOP, Chart

NUMBERS = st.decimals(-(10**9), 10**9, places=3, allow_nan=False).map(lambda one: f"{one:f}")


def drawn(*results: Result) -> Chart | None:
    (analysis,) = analyses_of(results)
    return chart_of(series_of(analysis.placed)[0])


def chart(*results: Result) -> Chart:
    made = drawn(*results)
    assert made is not None
    return made


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(NUMBERS, st.integers(0, 90_000), st.sampled_from(["", "<", ">="]), NUMBERS),
        min_size=2,
        max_size=12,
    )
)
def test_every_mark_stands_within_the_chart(some: list[tuple[str, int, str, str]]) -> None:
    made = chart(
        *(
            result(
                comparator + number,
                (date(1850, 1, 1) + timedelta(days=days)).isoformat(),
                range=f"<{bound}",
            )
            for number, days, comparator, bound in some
        )
    )
    assert len(made.marks) == len(some)
    assert all(LEFT <= mark.x <= RIGHT and TOP <= mark.y <= BOTTOM for mark in made.marks)
    assert [mark.x for mark in made.marks] == sorted(mark.x for mark in made.marks)
    assert all(mark.bar and TOP <= mark.bar[0] <= mark.bar[1] <= BOTTOM for mark in made.marks)
    assert 1 <= len(made.lines) <= MOST_LINES + 1
    assert all(TOP <= y <= BOTTOM for y, _ in made.lines)


def test_one_value_is_no_curve() -> None:
    assert drawn(result("2.1")) is None


def test_values_of_one_moment_or_of_one_size_stand_in_a_line() -> None:
    made = chart(result("2", "2026-01-01"), result("2", "2026-01-01"), result("2", "2026-01-01"))
    assert len({(mark.x, mark.y) for mark in made.marks}) == 1


def test_a_higher_value_stands_higher_and_the_scale_has_round_numbers() -> None:
    made = chart(result("3.1", "2026-03-01"), result("6.8", "2025-03-01"))
    first, last = made.marks
    assert first.y < last.y
    assert [words for _, words in made.lines] == ["3", "4", "5", "6", "7"]


def test_an_interval_far_beyond_the_values_leaves_them_their_height() -> None:
    made = chart(
        result("2.1", "2026-01-01", range="0-1000000"), result("4.1", "2026-02-01", range="1-3")
    )
    low, high = made.marks
    assert low.y - high.y > (BOTTOM - TOP) / 3
    assert low.bar is not None
    assert low.bar[0] == TOP


def test_a_bound_is_not_joined_to_its_neighbours() -> None:
    made = chart(
        result("2", "2026-01-01"),
        result("3", "2026-02-01"),
        result("<1", "2026-03-01"),
        result("2", "2026-04-01"),
    )
    assert len(made.path) == 1
    assert [mark.is_open for mark in made.marks] == [False, False, True, False]


def test_each_flag_of_the_laboratory_has_a_shape_and_none_is_ours() -> None:
    flags = ("H", "L", "A", "N", "")
    made = chart(
        *(result("9", f"2026-0{n}-01", flag=f, range="1-2") for n, f in enumerate(flags, 1))
    )
    assert [mark.shape for mark in made.marks] == ["up", "down", "lozenge", "disc", "disc"]
    assert [shape for shape, _ in made.legend] == ["disc", "up", "down", "lozenge", "bar"]
