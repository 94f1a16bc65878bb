"""Verbs that a step may begin with, in the imperative."""

VERBS = frozenset(
    """
    accept act add analyse adjust agree aim air allow answer apply approach archive arrange ask assemble
    assess attend audit automate avoid baby-proof bake balance ban batch become begin book borrow
    box brainstorm brief bring browse budget build buy calculate call cancel carry cast celebrate
    change charge chart check choose circle claim clean clear climb close coach collect combine
    come commit compare complete compose confirm connect consolidate contact contribute convert
    cook copy count cover create cross cut cycle date debrief decide declare declutter define
    delete deliver describe design detail determine dig discuss display dispose divide do document
    donate download draft draw drink drive drop earn eat edit email empty end enjoy enrol enter
    establish estimate evaluate examine exchange exclude exercise explain explore export extend
    face fast file fill film filter find finish fit fix focus fold follow forecast forgive form
    frame freeze gather get give go greet group grow guard halve hand hang harvest have hear help
    hike hire hold host identify imagine improve improvise include increase inform insert inspect
    install insulate interview introduce invest invite iron join judge jump keep kneel label lay
    lead learn leave lend let lift light limit line link list listen live load lock log look lower
    maintain make manage map mark master match measure meditate meet memorise merge message mount
    move mow name narrow negotiate note notice observe offer open oppose order organise outline
    overcome own pack paint park pass pause pay perform photograph pick pitch place plan plant play
    polish post practise prepare present press preview price print prioritise process promise
    propose protect prove prune publish pull push put quit race raise rank rate reach read
    rearrange rebuild recall receive record recover recruit recycle redeem reduce refer refine
    reflect register rehearse release remember remove renew rent repair repeat replace replay reply
    report request research reserve reset resign resist resolve respond rest restart retell retest
    return reuse review revise rewrite ride ring roll rotate run sail sand save say scan schedule score
    search see select sell send separate serve set settle sew shake shape share sharpen shop
    shortlist show shower sign simplify sing sit sketch skip sleep slow solve sort sow space speak
    spend split spot spread stack stand start state stay step stick stop store stretch strip
    structure study subscribe submit summarise surrender survey swap swim switch take talk taste
    teach tell tend test thank think throw tidy tie time top total touch track trade train transfer
    translate travel treat trim try tune turn understand undertake unfollow uninstall unpack
    unsubscribe update upload use vacuum vary verify visit volunteer vote wait wake walk warm wash
    watch water wear weed weigh welcome wipe withdraw work wrap write
    bid cap marry compute correct darken dress enlist excuse fund hunt insulate invoice launch lengthen level
    nominate part relearn roast shade shoot shorten stock tailor toast undress water weigh widen
    """.split()
)
