"""Words that say nothing of what a post is about: function words, and the small talk of forums."""

_TEXT = """
a about above after again against all almost already also although always am an and another any anybody
anymore anyone anything anyway are aren't around as ask asked asking at away back bad be became because
become been before began behind being believe below best better between big bit both but by came can can't
cannot come comes coming could couldn't day days did didn't different do does doesn't doing don't done
down during each easy edit either else end enough especially etc even ever every everybody everyone
everything example far feel feels few find first fix for found from full fun gave get gets getting give
given gives giving go goes going gone gonna good got great guess guy guys had hadn't happen happened
happens hard has hasn't have haven't having he hello help her here hers hey hi him his hope hour hours how
however i i'd i'll i'm i've idea if im in instead into is isn't issue issues it it's its itself just keep
kept kind knew know known knows last late later least left less let let's like likely little ll long look
looked looking looks lot lots love made main make makes making many may maybe me mean means might mine
minute minutes month months more most much must my myself need needed needs never new next nice no nobody
none nor not nothing now of off often ok okay old on once one ones only onto opinion opinions or other
others our ours out over own part people per person please point possible post posted posts pretty
probably problem problems put question questions quite rather re read real really recently right said same
saw say saying says see seem seemed seems seen set several she should shouldn't show showed since small so
some somebody someone something sometimes soon sort still stop stuff such sure take taken takes taking
talk tell than thank thanks that that's the their them themselves then there there's these they they're
thing things think thinking thinks this those though thought thoughts through time times tip tips to today
together told tomorrow tonight too took tried tries true try trying turn two um under until up upon us use
used user users uses using usually ve very via want wanted wants was wasn't way ways we we're week weeks
well went were weren't what what's whatever when where whether which while who whole whom whose why will
with within without won't word words work worked working works would wouldn't wrong yeah year years yes
yesterday yet you you'd you'll you're you've your yours yourself anyone's subreddit sub reddit thread
comment comments deleted removed
"""

STOP_WORDS = frozenset(_TEXT.split())
