"""Reports on paper: their text read back from the PDF, in four languages."""

from __future__ import annotations

import io
import re
import sys
from typing import Any

import pytest
from pypdf import PdfReader

from selfos.features.progress.adapters import typesetting
from selfos.features.progress.adapters.letters import MISSING, without
from selfos.features.progress.paper import page_of
from selfos.features.progress.schemas import ReportKind
from selfos.features.progress.speaking import Speaker, catalogue
from selfos.kernel.errors import Unavailable
from selfos.kernel.languages import LANGUAGES
from tests.factories import Person
from tests.features.progress.test_reports import lived

AREA = "01890000-0000-7000-8000-000000000001"
Facts = tuple[tuple[str, int], ...]
# Where each sentence and suggestion gets its numbers, as `reporting` cites them.
SAID: tuple[Facts, ...] = (
    (("tasks.done", 12), ("previous.tasks.done", 9)),
    (("tasks.done", 0),),
    (("tasks.kept", 8), ("tasks.planned", 11)),
    (("tasks.slipped", 1),),
    (("habits.kept", 14), ("habits.owed", 17)),
    (("focus.recorded_minutes", 240),),
    ((f"areas.{AREA}.done", 5),),
    (("goal_success.reached", 2),),
)
TRIED: tuple[Facts, ...] = (
    (("load.hours", 31), ("load.available_hours", 20)),
    (("tasks.kept", 3), ("tasks.planned", 10)),
    ((f"balance.{AREA}.deeds", 1),),
    (("load.unsized", 4),),
    (),
)


def told(facts: Facts) -> dict[str, Any]:
    cited = [{"name": name, "value": value} for name, value in facts]
    return {"text": "As it was told then.", "facts": cited}


def report(suggestion: Facts) -> dict[str, Any]:
    return {
        "kind": "week",
        "first": "2026-03-02",
        "last": "2026-03-08",
        "told_at": "2026-03-09T05:00:00Z",
        "sentences": [told(facts) for facts in SAID],
        "suggestion": told(suggestion),
        "charts": [],
        "load": [],
    }


def page_for(language: str, suggestion: Facts = ()) -> dict[str, Any]:
    return page_of(report(suggestion), Speaker.of(language), {AREA: "#strong[Body] & *soul*"})


async def pdf_of(person: Person, report_id: str, **query: str) -> PdfReader:
    answer = await person.client.get(f"/reports/{report_id}", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def text_of(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def shape(words: dict[str, Any]) -> dict[str, Any]:
    """Which words there are, whatever they say."""
    return {
        key: None if isinstance(each, str) else shape(each) for key, each in sorted(words.items())
    }


async def test_a_report_is_read_back_from_its_pdf(person: Person) -> None:
    today = await lived(person)
    made = await person.post("/reports", 201, kind="week", day=str(today))
    text = text_of(await pdf_of(person, made["id"], format="pdf"))
    assert "You completed 3 tasks this week." in text
    assert "Most of it lay in Health: 3 tasks." in text
    for head in ("One thing to try", "Tasks done", "The weeks to come", "tasks.done"):
        assert head in text
    german = text_of(await pdf_of(person, made["id"], format="pdf", language="de-AT"))
    assert "Das meiste lag in Health: 3 Aufgaben." in german
    asked = await person.client.get(f"/reports/{made['id']}", headers={"Accept": "application/pdf"})
    name = f"report-week-{made['first']}.pdf"
    assert asked.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert (await person.get(f"/reports/{made['id']}"))["title"] == made["title"]


async def test_a_pdf_has_its_fonts_in_it_and_can_be_read_aloud() -> None:
    pdf = PdfReader(io.BytesIO(await typesetting.set_pdf("report", page_for("fr"))))
    root: Any = pdf.trailer["/Root"]
    pages: list[Any] = list(pdf.pages)
    fonts: list[Any] = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts)
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("fr")


async def test_what_people_write_is_never_read_as_markup() -> None:
    pdf = PdfReader(io.BytesIO(await typesetting.set_pdf("report", page_for("en"))))
    assert "Most of it lay in #strong[Body] & *soul*: 5 tasks." in text_of(pdf)


# Of no script and no font; many more of them than are asked about one by one.
UNKNOWN = "".join(map(chr, range(0x10FF00, 0x10FF40)))


@pytest.mark.parametrize(("written", "printed"), [(UNKNOWN[:2], 2), (UNKNOWN, len(UNKNOWN))])
async def test_what_no_font_has_is_marked_as_missing_and_the_rest_is_printed(
    written: str, printed: int
) -> None:
    page = page_of(report(()), Speaker.of("en"), {AREA: f"Здоровье {written} Υγεία"})
    text = text_of(PdfReader(io.BytesIO(await typesetting.set_pdf("report", page))))
    assert f"Most of it lay in Здоровье {MISSING * printed} Υγεία: 5 tasks." in text
    assert "no font of this server has" in text
    clean = PdfReader(io.BytesIO(await typesetting.set_pdf("report", page_for("en"))))
    assert "no font of this server has" not in text_of(clean)


def test_a_sign_takes_its_skin_tone_and_joiners_along() -> None:
    shown = without({"titles": ["Run 👩🏽‍💻 far"]}, frozenset("👩💻"))
    assert shown == {"titles": [f"Run {MISSING * 2} far"], "gaps": True}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_all_of_it_with_every_number(language: str) -> None:
    assert shape({**catalogue(language)}) == shape({**catalogue("en")})
    for suggestion in TRIED:
        page = page_for(language, suggestion)
        sentences = [*page["sentences"], page["suggestion"]]
        for said, facts in zip(sentences, [*SAID, suggestion], strict=True):
            numbers = [int(number) for number in re.findall(r"\d+", said["text"])]
            assert sorted(numbers) == sorted(value for _, value in facts if value)
            assert "As it was told" not in said["text"]


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "1 was done", "2 were done"),
        ("de", "wurde 1 rechtzeitig", "wurden 2 rechtzeitig"),
        ("es", "1 se hizo", "2 se hicieron"),
        ("fr", "1 a été faite", "2 ont été faites"),
    ],
)
def test_the_verb_goes_with_the_number(language: str, one: str, many: str) -> None:
    def said(kept: int) -> str:
        facts = [{"name": "tasks.kept", "value": kept}, {"name": "tasks.planned", "value": 4}]
        return Speaker.of(language).said("said", {"text": "", "facts": facts}, ReportKind.WEEK, {})

    assert one in said(1)
    assert many in said(2)


def test_a_sentence_on_what_has_no_name_any_more_stands_as_it_was_told() -> None:
    page = page_of(report(()), Speaker.of("de"), {})
    assert page["sentences"][6]["text"] == "As it was told then."


def test_a_language_nobody_speaks_here_is_answered_in_english() -> None:
    assert Speaker.of("tlh").locale.language == "en"
    assert Speaker.of("fr-XX-nonsense").locale.language == "fr"


async def test_a_page_that_cannot_be_set_is_refused_in_words() -> None:
    with pytest.raises(Unavailable, match="cannot be set"):
        await typesetting.set_pdf("report", {})


async def test_without_the_extra_the_answer_says_how_to_install_it(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await person.post("/reports", 201, kind="week")
    monkeypatch.setitem(sys.modules, "typst", None)
    answer = await person.client.get(f"/reports/{made['id']}", params={"format": "pdf"})
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert "selfos[reports]" in answer.json()["detail"]
    assert answer.json()["missing_extra"] == "reports"
