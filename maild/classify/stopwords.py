"""Words that tell one collection of texts from another and never what a text is about.

The largest training set has lost its function words and is full of greetings, dates and job titles; the others are
the other way round. A model that saw those words would learn which collection a text is from.
"""

_WORDS = """
a an the this that these those some any each every all both such own other another same
i me my mine myself we us our ours ourselves you your yours yourself he him his she her hers it its itself
they them their theirs who whom whose which what
am is are was were be been being have has had having do does did doing done will would shall should can could
may might must ought i'm i've i'd i'll we're we've we'd we'll you're you've you'd it's that's there's let's
he's she's they're they've who's what's
and or but nor so yet if then else than as because while although though until unless since whether
of at by for with about against between into through during before after above below to from up down in out on off
over under again further once here there where when why how
very too also just only even still already now soon more most much many few less least quite rather really
ah oh ok okay yes yeah hey hi hello hai dear hiya greetings welcome sir madam mr mrs ms guys folks team everyone
all please kindly thank thanks thankyou cheers regards regard best kind kindest warm sincerely faithfully truly
good morning afternoon evening day week weeks days month months year years today yesterday tomorrow
monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
january february march april june july august september october november december jan feb mar apr jun jul aug sep
sept oct nov dec am pm st nd rd th
re fw fwd sent wrote subject cc bcc date original message ext hub tower floor blvd
engineer analyst tester developer officer vice president leader manager senior junior consultant director
confidential confidentiality privileged intended solely addressee notice disclaimer proprietary
pride signature tel fax
would like want wants wanted need needs needed could able try tried trying get gets got getting give let know
ask asked asking hope look looking forward see seen say says said tell told think going go goes went come came
make makes made take takes took use help advise advised inform
no
one two three first second something anything thing things way
http https www com org net html nbsp
"""

STOPWORDS = frozenset(_WORDS.split())
