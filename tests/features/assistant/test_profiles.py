"""Who answers, and how far the welcome is: a person's own, in every workspace."""

from tests.factories import Person


async def test_the_first_profile_is_the_default_and_there_are_at_most_five(
    person: Person,
) -> None:
    first = await person.post("/assistant-profiles", 201, name="Robin")
    assert first["is_default"]
    for number in range(4):
        made = await person.post("/assistant-profiles", 201, name=f"Other {number}")
        assert not made["is_default"]
    await person.post("/assistant-profiles", 409, name="Sixth")
    names = [each["name"] for each in (await person.get("/assistant-profiles"))["items"]]
    assert names[0] == "Robin"
    assert len(names) == 5


async def test_one_profile_is_the_default_whatever_happens_to_it(person: Person) -> None:
    first = await person.post("/assistant-profiles", 201, name="One")
    second = await person.post("/assistant-profiles", 201, name="Two")
    await person.post(f"/assistant-profiles/{second['id']}/default")
    listed = (await person.get("/assistant-profiles"))["items"]
    assert [each["is_default"] for each in listed] == [False, True]
    await person.delete(f"/assistant-profiles/{second['id']}")
    assert (await person.get(f"/assistant-profiles/{first['id']}"))["is_default"]
    options = await person.get("/assistant-profiles/options")
    assert options["default_id"] == first["id"]
    assert [each["code"] for each in options["languages"]] == [
        *("en", "de", "es", "fr", "it", "pt", "nl", "pl")
    ]


async def test_traits_go_from_nothing_to_all(person: Person) -> None:
    made = await person.post("/assistant-profiles", 201, name="Robin", humor=0, language="de")
    path = f"/assistant-profiles/{made['id']}"
    await person.patch(path, 422, humor=101)
    await person.patch(path, 422, language="xx")
    await person.patch(path, 422, dialogue_temperature=1.5)
    changed = await person.patch(path, humor=100, instructions="Call me captain.")
    assert (changed["humor"], changed["language"]) == (100, "de")


async def test_a_preview_follows_the_traits_and_keeps_nothing(person: Person) -> None:
    plain = await person.post("/assistant-profiles/preview", name="Robin", humor=0, empathy=0)
    warm = await person.post("/assistant-profiles/preview", name="Robin", humor=90, empathy=90)
    assert plain["nudge"] != warm["nudge"]
    assert "Robin" in plain["greeting"]
    assert "Stay serious." in plain["style"]
    assert (await person.get("/assistant-profiles"))["items"] == []


async def test_a_deleted_profile_leaves_its_conversations_to_the_default(person: Person) -> None:
    profile = await person.post("/assistant-profiles", 201, name="Robin")
    talk = await person.post("/conversations", 201, profile_id=profile["id"])
    await person.delete(f"/assistant-profiles/{profile['id']}")
    assert (await person.get(f"/conversations/{talk['id']}"))["profile_id"] is None


async def test_the_welcome_is_gone_on_with_skipped_and_begun_anew(person: Person) -> None:
    fresh = await person.get("/onboarding")
    assert (fresh["status"], fresh["step"]) == ("not_started", "welcome")
    assert fresh["steps"] == [
        *("welcome", "assistant", "personality", "life_areas", "first_goal", "done")
    ]
    await person.patch("/onboarding", step="assistant", chosen={"name": "Robin"})
    went = await person.patch("/onboarding", step="life_areas", chosen={"areas": ["Health"]})
    assert went["chosen"] == {"name": "Robin", "areas": ["Health"]}
    assert (await person.get("/onboarding"))["status"] == "in_progress"
    skipped = await person.post("/onboarding/skip")
    assert (skipped["status"], skipped["step"]) == ("skipped", "life_areas")
    again = await person.patch("/onboarding", step="first_goal")
    assert again["status"] == "in_progress"
    done = await person.patch("/onboarding", step="done")
    assert done["status"] == "completed"
    assert (await person.post("/onboarding/skip"))["status"] == "completed"
    reset = await person.post("/onboarding/reset")
    assert (reset["status"], reset["step"], reset["chosen"]) == ("in_progress", "welcome", {})
    await person.patch("/onboarding", 422, step="nowhere")
    await person.patch("/onboarding", 422, step="done", chosen={"x": "y" * 5_000})
