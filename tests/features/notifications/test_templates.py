"""A workspace's own words: what is said, what is refused and where, and that nothing gets out."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from selfos.features.notifications import templating
from selfos.features.notifications.schemas.words import NotificationKind
from selfos.features.notifications.wording import (
    SAMPLES,
    built_in,
    functions,
    say,
    say_own,
    values_of,
)
from selfos.kernel.core import Kernel
from selfos.kernel.languages import LANGUAGES
from tests.conftest import Clock
from tests.factories import Person
from tests.features.notifications.conftest import Step, inbox
from tests.features.notifications.test_deliveries import log
from tests.features.notifications.test_reminders import Travel, soon, task_due

KNOWN = {"title", "due", "count", "titles"}
PATH = "/notifications/templates/task_reminder/en"


async def remind(person: Person, clock: Clock, travel: Travel, settle: Step) -> dict[str, Any]:
    task = await task_due(person, soon(clock, minutes=5))
    await person.post("/reminders", 201, subject_id=task, minutes_before=0)
    travel(minutes=6)
    await settle()
    return (await inbox(person))[0]


async def test_a_workspace_says_it_in_its_own_words_until_it_takes_them_back(
    person: Person, kernel: Kernel, clock: Clock, travel: Travel, settle: Step
) -> None:
    words = {"title": "Psst: {{ title | upper }} <b>", "body": "Now,\n or {{ moment(due) }}."}
    preview = await person.send("POST", f"{PATH}/preview", 200, json=words)
    assert preview["title"] == "Psst: CALL ADA <b>", "plain text, escaped where it becomes HTML"
    assert "versions" not in preview
    assert (await person.get(f"{PATH}/versions"))["items"] == []
    saved = await person.send("PUT", PATH, 200, json=words)
    assert (saved["version"], saved["built_in"]["title"]) == (1, "{{ title }}")
    await person.patch("/notifications/preferences", channels={"task_reminder": ["inbox", "email"]})
    told = await remind(person, clock, travel, settle)
    assert told["title"] == "Psst: CALL ADA <b>"
    assert told["body"].startswith("Now, or ")
    assert (await log(person))[0]["template_version"] == 1
    await person.send("DELETE", PATH, 200)
    await person.send("DELETE", PATH, 409)
    assert (await remind(person, clock, travel, settle))["title"] == "Call Ada"
    assert (await log(person))[0]["template_version"] is None
    assert (await person.send("PUT", PATH, 200, json=words))["version"] == 3
    versions = (await person.get(f"{PATH}/versions"))["items"]
    assert [(each["version"], each["title"] is None) for each in versions] == [
        (3, False), (2, True), (1, False),
    ]  # fmt: skip
    listed = (await person.get("/notifications/templates"))["items"]
    assert len(listed) == len(NotificationKind) * len(LANGUAGES)
    changed = [each for each in listed if each["version"] is not None]
    assert [(each["kind"], each["language"]) for each in changed] == [("task_reminder", "en")]
    assert changed[0]["values"] == {"due": SAMPLES["due"], "title": "Call Ada"}


async def test_words_are_shown_as_a_mail_for_ten_minutes_in_a_frame_that_does_nothing(
    make_person: Callable[[], Awaitable[Person]], travel: Travel
) -> None:
    person, other = await make_person(), await make_person()
    words = {"title": "Psst: {{ title | upper }} <b>", "body": "{{ title }}<script>"}
    said = await person.send("POST", f"{PATH}/preview", 200, json=words)
    path = said["mail"].removeprefix("/api/v1")
    shown = await person.client.get(f"{path}&scheme=dark")
    assert shown.status_code == 200
    assert shown.headers["content-type"].startswith("text/html")
    assert shown.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    assert "Psst: CALL ADA &lt;b&gt;" in shown.text
    assert "Call Ada&lt;script&gt;" in shown.text
    assert '<meta name="color-scheme" content="dark">' in shown.text
    assert "src=" not in shown.text
    plan = await person.send(
        "POST", "/notifications/templates/morning_plan/de/preview", 200,
        json={"title": "Dein Tag", "body": ""},
    )  # fmt: skip
    mail = (await person.client.get(plan["mail"].removeprefix("/api/v1"))).text
    assert "<h2" in mail, "a digest has parts"
    assert "Heute" in mail
    for token in ("nonsense", path.partition("token=")[2][:-4] + "AAAA"):
        await person.get("/notifications/templates/mail", 404, token=token)
    assert (await other.client.get(path)).status_code == 404
    travel(minutes=11)
    assert (await person.client.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("field", "text", "line", "column"),
    [
        ("body", "Hello\nyou, {{ titel }}", 2, 9),
        ("title", "{{ title | shout }}", 1, 12),
        ("title", "{{ title", 1, None),
        ("title", "{% if due %}", 1, None),
        ("body", "{{ moment(title) }}", 1, None),
        ("title", "{% if not title %}x{% endif %}", 1, None),
    ],
)
async def test_what_is_wrong_is_said_with_its_place(
    person: Person, field: str, text: str, line: int, column: int | None
) -> None:
    words = {"title": "x", "body": "y", field: text}
    for method, path in (("PUT", PATH), ("POST", f"{PATH}/preview")):
        answer = await person.send(method, path, 422, json=words)
        assert answer["errors"][0]["pointer"] == f"/{field}"
        assert (answer["line"], answer["column"]) == (line, column)


async def test_words_belong_to_those_who_manage_the_workspace(person: Person) -> None:
    await person.send("PUT", "/notifications/templates/no_such/en", 422, json={})
    await person.send("PUT", "/notifications/templates/overdue/tlh", 422, json={})


@pytest.mark.parametrize("kind", NotificationKind)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_preview_has_values_for_all_of_our_own_words(kind: str, language: str) -> None:
    assert say(kind, language, {name: SAMPLES[name] for name in values_of(kind)}).title
    for text in built_in(kind, language):
        assert templating.values_of(text) - functions() <= values_of(kind), "as in English"


def test_words_that_a_value_does_not_fit_give_way_to_ours() -> None:
    values = {"title": "Call Ada", "due": None}
    said = say("task_reminder", "en", values, ("{{ title }}", "{{ moment(due) }}", 7))
    assert (said.version, said.body) == (None, "You asked to be reminded.")
    assert say("task_reminder", "en", values, ("{% if due %}x{% endif %}", "", 7)).version is None
    assert say("task_reminder", "en", values, ("Up!", "", 7)).version == 7


@pytest.mark.parametrize(
    "text",
    [
        "{{ title | upper }}, {{ titles | join(' · ') }}",
        "{% for each in titles %}{{ each | trim }} {% endfor %}{{ titles | length }}",
        "{% if count > 1 and not due %}{{ count }}{% elif due %}{{ moment(due) }}{% endif %}",
        "{{ choose(count, one='# thing', other='# things') ~ '!' }}",
        "{{ 'many' if count > 1 else 'one' }} {{ title | default('x') | truncate(10) }}",
    ],
)
def test_words_may_choose_count_and_list(text: str) -> None:
    templating.check(text, KNOWN, functions())
    assert say_own((text, text), "en", {name: SAMPLES[name] for name in KNOWN}).body


HOSTILE = [
    # Ways to objects.
    "{{ ''.__class__.__mro__ }}", "{{ title.format(title) }}", "{{ title['__class__'] }}",
    "{{ title | attr('__class__') }}", "{{ titles | map('upper') }}", "{{ '%s' | format(title) }}",
    "{{ moment.__globals__ }}", "{{ moment }}", "{{ self }}", "{{ cycler }}", "{{ lipsum() }}",
    "{{ namespace() }}", "{{ dict() }}", "{{ joiner }}", "{{ config }}", "{{ [].append }}",
    "{{ moment(**titles) }}", "{{ choose(*titles) }}", "{{ (1).real }}", "{{ title() }}",
    # Ways to other texts.
    "{% include 'x' %}", "{% extends 'x' %}", "{% import 'x' as y %}", "{% from 'x' import y %}",
    "{% block a %}{% endblock %}", "{% macro f() %}{% endmacro %}", "{% set x = 1 %}",
    "{% call(x) moment() %}{% endcall %}", "{% filter upper %}x{% endfilter %}",
    "{% autoescape true %}x{% endautoescape %}", "{% with a = 1 %}{% endwith %}",
    # Ways to much from little.
    "{{ range(99999999) }}", "{{ 'a' * 99999999 }}", "{{ 9 ** 9 ** 9 }}", "{{ '%99999d' % 1 }}",
    "{% for a in titles %}{% for b in titles %}x{% endfor %}{% endfor %}",
    "{% for a in titles recursive %}{{ loop(titles) }}{% endfor %}",
    "{% for a in 'aaaaaaaa' %}{% endfor %}", "{% for a in [1, 2] %}{% endfor %}",
    "{% for a in titles if a %}x{% endfor %}", "{% for moment in titles %}x{% endfor %}",
    "{{ title | replace('', 'xxxxxxxx') }}", "{{ title | join(title) | join(title) }}",
    "{{ title | join('12345678901') }}", "{{ title | upper | join('x') }}",
    "{{ title | center(999) }}",
    "{{ title | indent(999) }}", "{{ title | pprint }}", "{{ titles | batch(9) }}",
    "{{ title | safe }}", "{{ title | tojson }}", "{{ titles | sort }}", "{{ title[::1] }}",
    "{{ " + "(" * 900 + "1" + ")" * 900 + " }}", "{{ title" + " | upper" * 230 + " }}",
    "{{ title is defined }}", "{{ {'a': 1} }}", "{{ (1, 2) }}", "{{ 1 + 1 }}", "{{ -1 }}",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_words_reach_no_object_no_other_text_and_no_great_size(text: str) -> None:
    with pytest.raises(templating.Fault):
        templating.check(text, KNOWN, functions())


def test_what_becomes_too_long_is_stopped() -> None:
    text = "{% for a in titles %}" + "{{ titles | join(' ') }}" * 80 + "{% endfor %}"
    templating.check(text, KNOWN, functions())
    with pytest.raises(templating.Fault, match="too long"):
        templating.render(text, {"titles": ["word"] * 10_000})
