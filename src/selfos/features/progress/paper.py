"""A report as it stands on paper: every word and number of the page, ready to be set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from selfos.features.progress.schemas.charts import Chart, Measure
from selfos.features.progress.schemas.reports import ReportKind
from selfos.features.progress.speaking import Speaker, id_in

Tree = dict[str, Any]
WEEKS_SHOWN = 4


def page_of(report: Mapping[str, Any], speaker: Speaker, names: Mapping[str, str]) -> Tree:
    """Return the page of a report: `names` are those of the things its numbers are of, by id."""
    kind = ReportKind(report["kind"])
    first, last = (date.fromisoformat(report[key]) for key in ("first", "last"))
    words, title = speaker.words["page"], speaker.title(kind, first, last)
    cited: list[Tree] = []

    def sentence(group: str, said: Mapping[str, Any]) -> Tree:
        marks: list[int] = []
        for fact in said["facts"]:
            cited.append(_cited(len(cited) + 1, fact, speaker, names))
            marks.append(len(cited))
        return {"text": speaker.said(group, said, kind, names), "marks": marks}

    sentences = [sentence("said", each) for each in report["sentences"]]
    suggestion = sentence("try", report["suggestion"])
    return {
        "language": speaker.locale.language,
        "kicker": words["kind"][kind],
        "title": title,
        "subject": speaker.filled("subject", kind=words["kind"][kind], title=title),
        "span": speaker.days(first, last),
        "heads": {name: words[name] for name in ("happened", "try", "ahead", "numbers")},
        "columns": words["columns"],
        "sentences": sentences,
        "suggestion": suggestion,
        "charts": [_chart(each, speaker) for each in report["charts"] if _has_values(each)],
        "before": words["before"],
        "unshown": words["unshown"],
        "load": [_week(each, speaker) for each in report["load"][:WEEKS_SHOWN]],
        "cited": cited,
        "told": speaker.filled("told", day=speaker.day(date.fromisoformat(report["told_at"][:10]))),
    }


def ids_in(report: Mapping[str, Any]) -> set[str]:
    """Return the ids of all things the numbers of a report are of."""
    said = [*report["sentences"], report["suggestion"]]
    found = (id_in(fact["name"]) for each in said for fact in each["facts"])
    return {each for each in found if each is not None}


def _cited(mark: int, fact: Mapping[str, Any], speaker: Speaker, names: Mapping[str, str]) -> Tree:
    name, of_id = fact["name"], id_in(fact["name"])
    if of_id is not None:
        name = name.replace(f".{of_id}", "")
        name += f" ({names[of_id]})" if of_id in names else ""
    return {"mark": mark, "name": name, "value": speaker.number(fact["value"])}


def _has_values(chart: Mapping[str, Any]) -> bool:
    return any(value is not None for each in chart["series"] for value in each["values"])


def _chart(chart: Mapping[str, Any], speaker: Speaker) -> Tree:
    measure = Measure(chart["measure"])
    top = 1.0 if measure is Measure.SHARE else max(1.0, *_numbers(chart["series"]))
    labels = speaker.words["series"]
    several = len(chart["series"]) > 1
    points = [date.fromisoformat(each["first"]) for each in chart["points"]]
    return {
        "title": speaker.words["charts"][Chart(chart["chart"])],
        "sums": [
            _sum(each, labels[each["key"]] if several else "", measure, speaker)
            for each in chart["series"]
        ],
        "top": _value(top, measure, speaker),
        "half": _value(top / 2, measure, speaker),
        "first": speaker.short_day(points[0]),
        "last": speaker.short_day(date.fromisoformat(chart["points"][-1]["last"])),
        "series": [
            {
                "label": labels[each["key"]] if several else "",
                "values": [_height(value, top) for value in each["values"]],
                "before": [_height(value, top) for value in each["previous"]],
            }
            for each in chart["series"]
        ],
    }


def _numbers(series: Sequence[Mapping[str, Any]]) -> Iterable[float]:
    for each in series:
        yield from (value for value in (*each["values"], *each["previous"]) if value is not None)


def _height(value: float | None, top: float) -> float | None:
    return None if value is None else round(min(1.0, value / top), 4)


def _sum(each: Mapping[str, Any], label: str, measure: Measure, speaker: Speaker) -> str:
    before = each["previous_total"]
    told = " ".join(filter(None, [_value(each["total"], measure, speaker), label]))
    if before is None:
        return told
    word = speaker.words["page"]["columns"]["before"]
    return f"{told} ({word} {_value(before, measure, speaker)})"


def _value(value: float | None, measure: Measure, speaker: Speaker) -> str:
    if value is None:
        return "–"
    return speaker.share(value) if measure is Measure.SHARE else speaker.number(value)


def _week(each: Mapping[str, Any], speaker: Speaker) -> Tree:
    tasks = speaker.number(each["tasks"])
    if each["unsized"]:
        tasks += f" ({speaker.counted('unsized', each['unsized'])})"
    return {
        "week": speaker.days(date.fromisoformat(each["first"]), date.fromisoformat(each["last"])),
        "tasks": tasks,
        "hours": speaker.hours(each["minutes"]),
        "share": speaker.share(each["share"]),
        "filled": min(1.0, each["share"] or 0.0),
        "over": (each["share"] or 0.0) > 1.0,
    }
