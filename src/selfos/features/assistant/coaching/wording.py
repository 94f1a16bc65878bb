"""What the built-in coach says of a state: the numbers, a question, and the offer in a few words.

The numbers are the reason and are the same for everybody. Tone changes the frame around them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from selfos.features.assistant.coaching.findings import Finding
from selfos.features.assistant.schemas.words import Help
from selfos.features.identity.schemas import Tone


class Words(NamedTuple):
    """Of one state: the reason with its numbers, an open question, what the offer would do."""

    reason: str
    question: str
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A finding in words."""

    headline: str
    reason: str
    question: str
    offer: str


OF_HABITS: Mapping[str, Words] = {
    "yesterday_unrecorded": Words(
        "“{title}” has no record for yesterday ({day}), and the day can still be recorded.",
        "Did it happen?",
        "Record it for yesterday",
    ),
    "streak_mark": Words(
        "“{title}”: {streak} {unit} in a row.", "What has made it easy to keep going?"
    ),
    "habit_comeback": Words(
        "“{title}” is back, after a week in which it was left out more often than not.",
        "What was different today?",
    ),
    "streak_at_stake": Words(
        "“{title}” stands at {streak} {unit} and waits for today.",
        "When today is the moment, and what comes right before it?",
        "Write the moment down",
    ),
    "best_streak": Words(
        "“{title}”: {streak} {unit}, the longest so far.", "What would you tell yourself of then?"
    ),
    "good_start": Words(
        "“{title}” is new and already done {done} times.", "What helps it to happen?"
    ),
    "habit_asleep": Words(
        "“{title}” was last done {days} days ago.",
        "Does it still matter to you, or may it go?",
        "Let it rest",
    ),
    "mostly_missed": Words(
        "“{title}” was done {done} of {asked} times in two weeks.",
        "Which version is so small that you would do it on a bad day?",
        "Ask for less",
    ),
    "budget_spent": Words(
        "“{title}” has used {forgiven} of {budget} forgiven days this month.",
        "At which other time of the day would it be easier?",
        "Write a new anchor down",
    ),
    "slipping": Words(
        "“{title}” was left out {missed} times in the last seven days.",
        "What do you already do every day that it could follow?",
        "Write the anchor down",
    ),
    "no_anchor_yet": Words(
        "“{title}” is new and has no time yet.",
        "After what that you do every day could it come?",
        "Write the anchor down",
    ),
    "clean_mark": Words("“{title}”: {streak} {unit} clean.", "What has helped in weak moments?"),
    "over_the_limit": Words(
        "“{title}” went over its limit {missed} times in two weeks.",
        "What happens right before it, and what could you do instead?",
        "Write a plan for that moment",
    ),
    "one_slip": Words(
        "“{title}” slipped once this week; the best run is {best} {unit}. One is not a trend.",
        "What would you do next time in the same moment?",
        "Write a plan for that moment",
    ),
    "too_many_habits": Words(
        "{habits} habits at once stand at {percent} % on average; “{title}” is the weakest.",
        "Which three would you keep if you could keep only three?",
        "Let the weakest rest",
    ),
}
OF_TASKS: Mapping[str, Words] = {
    "moved_endlessly": Words(
        "“{title}” has moved to a later day {moves} times.",
        "If it never happened, what would be lost?",
        "Drop it",
    ),
    "moved_often": Words(
        "“{title}” has moved to a later day {moves} times.",
        "What is the first quarter of an hour of it?",
        "Add a first step of 15 minutes",
    ),
    "long_overdue": Words(
        "“{title}” has been overdue for {days} days.",
        "Is it still yours to do?",
        "Drop it",
    ),
    "overdue": Words(
        "“{title}” is {days} days overdue.",
        "Which day can honestly take it?",
        "Put it on a lighter day",
    ),
    "important_overdue": Words(
        "“{title}” is your highest priority and {days} days overdue.",
        "What is in its way right now?",
        "Put it on today",
    ),
    "big_and_whole": Words(
        "“{title}” takes {minutes} minutes and is one piece.",
        "Where does its first quarter of an hour begin?",
        "Add a first step of 15 minutes",
    ),
}
OF_DAYS: Mapping[str, Words] = {
    "heap_overdue": Words(
        "{overdue} tasks are overdue, the oldest by {days} days.",
        "Which three of them matter this week?",
        "Spread them over the coming days",
    ),
    "full_inbox": Words(
        "{inbox} things lie in the inbox without a place.",
        "Which of them would you miss if they were gone?",
    ),
    "day_too_full": Words(
        "Today holds {due} tasks{estimated}.",
        "What may wait until tomorrow?",
        "Move the least pressing to tomorrow",
    ),
    "day_done": Words("Everything due today is done: {done} tasks.", "What was the best of it?"),
    "empty_day": Words(
        "Nothing is due today, and {startable} tasks of your goals could be begun.",
        "Which one would make today worth it?",
    ),
    "overcommitted": Words(
        "{planned} tasks are due within seven days; a usual week sees {usual} done.",
        "What would you take off a friend's plate here?",
        "Move the least pressing by a week",
    ),
    "tight_week": Words(
        "{planned} tasks are due within seven days; a usual week sees {usual} done.",
        "Which of them carries the most weight?",
    ),
    "standstill": Words(
        "No task was done in two weeks; {open} are open.",
        "Which is the smallest that you could finish in five minutes?",
    ),
    "comeback_week": Words(
        "{done} tasks done this week after a week without any.", "What got you going again?"
    ),
    "better_week": Words(
        "{done} tasks done in seven days, {before} in the seven before.",
        "What do you want to keep of this week?",
    ),
    "slower_week": Words(
        "{done} tasks done in seven days, {before} in the seven before.",
        "What took the room, and is that fine?",
    ),
    "nothing_yet": Words(
        "There is nothing here yet.", "What should be true in three months that is not true now?"
    ),
}
OF_GOALS: Mapping[str, Words] = {
    "goal_over_and_asleep": Words(
        "The date of “{title}” has passed, and nothing has happened for it in {idle} days.",
        "Would you begin it again today?",
        "Let it go",
    ),
    "goal_over": Words(
        "“{title}” was to be true {days} days ago and stands at {percent} %.",
        "What date would be honest?",
        "Give it four more weeks",
    ),
    "off_and_asleep": Words(
        "“{title}” is off its path, and nothing has happened for it in {idle} days.",
        "Does it still matter as it did?",
        "Let it go",
    ),
    "off_path": Words(
        "“{title}” is off its path. {sentence}",
        "What is the smallest step that would count?",
        "Add a first step of 15 minutes",
    ),
    "at_risk": Words(
        "“{title}” needs something soon. {sentence}",
        "When exactly will you do it?",
        "Put it on today",
    ),
    "no_next_step": Words(
        "“{title}” has no open task and no habit that feeds it.",
        "What would you do first if you had an hour?",
        "Draft a plan",
    ),
    "late_sprint": Words(
        "“{title}” ends in {days_left} days and stands at {percent} %.",
        "Which part of it is enough, or which date is honest?",
        "Give it two more weeks",
    ),
    "goal_asleep": Words(
        "Nothing was done for “{title}” in {idle} days.",
        "Is this goal still yours?",
        "Let it go",
    ),
    "goal_idle": Words(
        "Nothing was done for “{title}” in {idle} days; {open} tasks are open.",
        "What is the smallest step that would wake it up?",
        "Add a first step of 15 minutes",
    ),
    "goal_reached": Words("“{title}” stands at 100 %.", "How will you mark it?"),
    "nearly_there": Words(
        "“{title}” stands at {percent} %.",
        "What is left, and when will you do it?",
        "Put the last step on today",
    ),
    "ahead": Words("“{title}” is ahead of its path.", "What is carrying it?"),
    "too_many_goals": Words(
        "{goals} goals are active and {idle} of them have rested for two weeks, such as “{title}”.",
        "Which three matter most this season?",
        "Let this one go for now",
    ),
    "no_goal": Words(
        "{open} tasks are open and no goal says what they are for.",
        "What should be true in three months?",
    ),
}
OF_IDEAS: Mapping[str, Words] = {
    "next_goal": Words(
        "{sentence}", "What would you like to be true there in three months?", "Begin this goal"
    ),
    "goal_habit": Words("{sentence}", "On which days could it happen?", "Make it a habit"),
    "better_time": Words(
        "{sentence}", "Would a reminder help you there?", "Remind me at that time"
    ),
}
WORDS: Mapping[str, Words] = {**OF_HABITS, **OF_TASKS, **OF_DAYS, **OF_GOALS, **OF_IDEAS}
HEADLINES: Mapping[Tone, Mapping[Help, str]] = {
    Tone.FRIENDLY: {
        Help.SHRINK: "Smaller is fine",
        Help.REANCHOR: "Maybe another moment suits it",
        Help.IF_THEN: "A small plan may help",
        Help.RESCHEDULE: "Days can be moved",
        Help.CELEBRATE: "Well done!",
        Help.DROP: "It may go",
        Help.PLAN: "A next step is missing",
        Help.RECORD: "One thing is still open",
    },
    Tone.COACH: {
        Help.SHRINK: "Cut it to what you will do",
        Help.REANCHOR: "Find it a better anchor",
        Help.IF_THEN: "Decide the moment now",
        Help.RESCHEDULE: "Choose an honest day",
        Help.CELEBRATE: "Strong. Keep what works",
        Help.DROP: "Decide: in or out",
        Help.PLAN: "Name the next step",
        Help.RECORD: "Close the day before",
    },
    Tone.PROFESSIONAL: {
        Help.SHRINK: "Reduce the scope",
        Help.REANCHOR: "Change the time of day",
        Help.IF_THEN: "Set a trigger",
        Help.RESCHEDULE: "Adjust the schedule",
        Help.CELEBRATE: "A result worth noting",
        Help.DROP: "Consider closing this",
        Help.PLAN: "A next action is needed",
        Help.RECORD: "A record is outstanding",
    },
    Tone.MINIMAL: {
        Help.SHRINK: "Shrink",
        Help.REANCHOR: "Re-anchor",
        Help.IF_THEN: "If-then",
        Help.RESCHEDULE: "Reschedule",
        Help.CELEBRATE: "Done well",
        Help.DROP: "Drop?",
        Help.PLAN: "Plan",
        Help.RECORD: "Record",
    },
}


def say(finding: Finding, tone: Tone) -> Said:
    """Return a finding in words of this tone."""
    words = WORDS[finding.state]
    numbers = {"title": finding.title, **finding.numbers}
    unit = str(numbers.get("unit", ""))
    if numbers.get("streak") == 1:
        numbers["unit"] = unit.removesuffix("s")
    hours = numbers.get("hours")
    numbers["estimated"] = f", with {hours:g} h estimated" if hours else ""
    reason = _singular(words.reason.format(**numbers).strip())
    return Said(HEADLINES[tone][finding.help], reason, words.question, words.offer)


def _singular(sentence: str) -> str:
    """Say 1 day, not 1 days."""
    for plural, one in (("days", "day"), ("tasks", "task"), ("times", "time"), ("habits", "habit")):
        sentence = sentence.replace(f" 1 {plural}", f" 1 {one}")
    return sentence
