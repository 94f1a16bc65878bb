"""The English words the checker knows: what a word claims, and what no event can prove."""


def _order(words: str) -> list[str]:
    return words.split()


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


SMALL_NUMBERS = {
    word: value
    for value, word in enumerate(
        _order(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen"
        )
    )
}
TENS = {
    word: value
    for value, word in zip(
        range(20, 100, 10),
        _order("twenty thirty forty fifty sixty seventy eighty ninety"),
        strict=True,
    )
}
NUMBER_PHRASES = {"half a dozen": 6, "a dozen": 12, "a couple of": 2, "a hundred": 100}
NUMBER_ADVERBS = {"once": 1, "twice": 2, "thrice": 3}
MONTHS = {
    word: value
    for value, word in enumerate(
        _order(
            "january february march april may june july august september october november december"
        ),
        start=1,
    )
}
WEEKDAYS = {
    word: value
    for value, word in enumerate(_order("monday tuesday wednesday thursday friday saturday sunday"))
}
# "may" and "march" are also verbs: on their own they are dates only with a capital letter.
ABBREVIATED_DATES = _words(
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"
)

# What a counted noun counts among the cited events.
COUNTED_TYPES = {
    "task": frozenset({"task.completed"}),
    "step": frozenset({"task.completed", "milestone.completed"}),
    "goal": frozenset({"goal.completed"}),
    "milestone": frozenset({"milestone.completed"}),
    "check-in": frozenset({"habit.checked"}),
}
TIME_UNITS = frozenset({"day", "week", "month", "year"})
IRREGULAR_SINGULARS = {"glasses": "glass"}

COMPLETING_WORDS = _words(
    "finished completed done reached closed ticked achieved accomplished passed checked did "
    "wrapped kept"
)
CREATING_WORDS = _words("set wrote created added planned listed open new")
ENDING_WORDS = _words("end ended ends ending")

# Words that claim something no list of events can prove.
FEELINGS = _words(
    "felt feel feels feeling happy happier happily proud proudly joy joyful sad tired excited "
    "exciting anxious afraid scared thrilled delighted grateful relieved frustrated angry "
    "ashamed lonely stressed calm confident motivated inspired inspiring loved hated enjoyed "
    "enjoy struggled suffered worried hoped believed wanted easy easily hard difficult tough "
    "amazing incredible"
)
CAUSES = _words(
    "because therefore thus hence thanks due despite although caused causing led resulted "
    "consequently so owing why"
)
UNCOUNTED = _words(
    "all always never none nobody nothing everything everyone every each half most mostly "
    "majority minority many several few dozens dozen hundreds hundred thousands thousand "
    "million millions billion countless numerous plenty lots couple pair both double doubled "
    "triple tripled quadruple single sole second third fourth fifth sixth seventh eighth ninth "
    "tenth eleventh twelfth thirteenth twentieth thirtieth quarter percent per zero no fewer "
    "record best worst fastest slowest biggest largest smallest highest lowest"
)
RELATIVE_TIME = _words(
    "today yesterday tomorrow tonight ago recently lately currently weekend weekly "
    "daily monthly yearly annually decade century fortnight morning afternoon evening night "
    "noon midnight hour hours minute minutes daytime overnight weekday weekdays spring summer "
    "autumn winter christmas easter"
)
# A capital at the start of a sentence is no name when the word is one of these.
OPENERS = _words(
    "a after all among an and are as at back be before between busiest but by checked came can "
    "completed did done during ended finally finished first for from gave goal goals got had he "
    "her here his how i if in including is it its last later longest made milestone milestones my "
    "not now of on once only open our out part passed progress reached set she since some "
    "steps still task tasks that the their then there these they this those through to took "
    "twice under until up was we well were what when where while with without work you your "
    "starting finishing working moving completing"
)
ALWAYS_CAPITAL = frozenset({"I", "I'm", "I've", "I'd", "I’m", "I’ve", "I’d"})

VOCABULARY = (
    frozenset(SMALL_NUMBERS)
    | frozenset(TENS)
    | frozenset(NUMBER_ADVERBS)
    | frozenset(MONTHS)
    | frozenset(WEEKDAYS)
    | ABBREVIATED_DATES
    | frozenset(COUNTED_TYPES)
    | TIME_UNITS
    | COMPLETING_WORDS
    | CREATING_WORDS
    | FEELINGS
    | CAUSES
    | UNCOUNTED
    | RELATIVE_TIME
    | OPENERS
    | _words(
        "more about around roughly nearly times time row streak pause gap busiest level down "
        "week before towards list still area areas different tasks steps goals milestones "
        "days weeks months years check-ins"
    )
)
