"""The figures of the bench that the documentation promises."""

from bench.quick_add import DATA, measure


def test_the_promised_figures_hold() -> None:
    rows = measure(DATA)
    assert rows["instants"].of == 168
    assert rows["instants"].share >= 0.75
    assert rows["false_positives"].of == 33
    assert rows["false_positives"].share <= 0.10
    assert rows["sets"].share == 1
    assert rows["sets_read"].hits >= 15
    assert rows["durations"].hits >= 10
