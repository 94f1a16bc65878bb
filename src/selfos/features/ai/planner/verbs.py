"""Verbs that a step may begin with, in the imperative."""

_WORDS = """
accept act add adjust agree aim air allow analyse answer apply approach archive arrange ask assemble
assess attend audit automate avoid baby-proof bake balance ban batch become begin bid bleed block
book borrow box brainstorm brief bring browse budget build bundle buy calculate call cancel cap
carry cast celebrate change charge chart check choose circle claim clean clear climb close coach
collect combine come commit compare complete compose compute confirm connect consolidate contact
contribute convert cook copy correct count cover create cross cut cycle dance darken date debrief
decide declare declutter define delete deliver describe design detail determine dig discuss display
dispose divide do document donate download draft draw dress drink drive drop earn eat edit email
empty end enjoy enlist enrol enter establish estimate evaluate examine exchange exclude excuse
exercise explain explore export extend face fast file fill film filter find finish fit fix focus
fold follow forecast forgive form frame freeze fund gather get give go greet group grow guard halve
hand hang harvest have hear help hike hire hold host hunt identify imagine improve improvise include
increase inform insert inspect install insulate interview introduce invest invite invoice iron join
judge jump keep kneel label launch lay lead learn leave lend lengthen let level lift light limit
line link list listen live load lock log look lower maintain make manage map mark marry master match
measure meditate meet memorise merge message mount move mow name narrow negotiate nominate note
notice observe offer open oppose order organise outline overcome own pack paint park part pass pause
pay perform photograph pick pitch place plan plant play polish post practise prepare present press
preview price print prioritise process promise propose protect prove prune publish pull push put
quit race raise rank rate reach read rearrange rebuild recall receive record recover recruit recycle
redeem reduce refer refine reflect register rehearse relearn release remember remove renew rent
repair repeat replace replay reply report request research reserve reset resign resist resolve
respond rest restart retell retest return reuse review revise rewrite ride ring roast roll rotate
run sail sand save say scan schedule score seal search seat see select sell send separate serve
service set settle sew shade shake shape share sharpen shoot shop shorten shortlist show shower sign
simplify sing sit sketch skip sleep slow solve sort sow space speak spend split spot spread stack
stand start state stay step stick stock stop store stretch strip structure study submit subscribe
suggest summarise surrender survey swap swim switch tailor take talk taste teach tell tend test
thank think throw tidy tie time toast top total touch track trade train transfer translate travel
treat trim try tune turn understand undertake undress unfollow uninstall unpack unsubscribe update
upload use vacuum vary verify visit volunteer vote wait wake walk warm wash watch water wear weed
weigh welcome widen wipe withdraw work wrap write
"""
VERBS = frozenset(_WORDS.split())
