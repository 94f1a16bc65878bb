from hypothesis import given
from hypothesis import strategies as st

from selfos.features.planning.progress import Part, explain, share
from selfos.kernel.identifiers import new_id


def part(weight: float, *, done: bool) -> Part:
    return Part(new_id(), "A task", weight, done)


PARTS = st.lists(
    st.builds(part, st.floats(min_value=0.01, max_value=1_000), done=st.booleans()), max_size=30
)


@given(PARTS)
def test_progress_lies_between_none_and_all(parts: list[Part]) -> None:
    whole = share(parts)
    assert (whole is None) == (not parts)
    assert whole is None or 0 <= whole <= 1


@given(PARTS)
def test_everything_done_is_one_and_nothing_done_is_zero(parts: list[Part]) -> None:
    if parts:
        finished = [part(each.weight, done=True) for each in parts]
        fresh = [part(each.weight, done=False) for each in parts]
        assert (share(finished), share(fresh)) == (1, 0)


def test_the_explanation_counts_tasks_and_weighs_them() -> None:
    parts = [part(3, done=True), part(1, done=False)]
    assert explain(parts) == "1 of 2 tasks, by weight 75 %"
    assert explain(parts[:1]) == "1 of 1 task, by weight 100 %"
    assert explain([]) == "No tasks yet."
