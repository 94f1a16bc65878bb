"""A report told: what there is to say of a time in one language, sentence by sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from selfos.features.progress.reporting import Facts, report_sentences, suggestion
from selfos.features.progress.schemas import ReportKind, StatsView
from selfos.features.progress.speaking import Speaker

Sentence = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """The sentences of a report and the one thing to try, each as `text` and `facts`."""

    sentences: list[Sentence]
    suggestion: Sentence


def tell(stats: StatsView, kind: ReportKind, speaker: Speaker) -> Told:
    """Tell a time in a language."""
    names = {str(each.id): each.name for each in stats.areas}
    names |= {str(each.area_id): each.name for each in stats.balance}

    def said(group: str, facts: Facts) -> Sentence:
        return _sentence(group, facts, kind, speaker, names)

    sentences = [said("said", each) for each in report_sentences(stats)]
    return Told(sentences, said("try", suggestion(stats)))


def _sentence(
    group: str, facts: Facts, kind: ReportKind, speaker: Speaker, names: Mapping[str, str]
) -> Sentence:
    cited = [asdict(each) for each in facts]
    text = speaker.said(group, {"text": "", "facts": cited}, kind, names)
    return {"text": text, "facts": cited}
