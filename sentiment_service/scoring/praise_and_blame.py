"""Words in which people praise and blame tools: patterns in lower case, two spaces between them."""

BLAME = r"""
a fortune  ancient  annoy(?:s|ed|ing)  a pain  ate my  avoid  awful  bad  betrayed  black box  bloat\w*
breaks  broke(?:n)?  bugg(?:y|ier)  bullshit  burn(?:s|ed|ing)? (?:through|tokens|my|credits)  bye
(?:ca|could)n['’]?t (?:even|fix|solve|handle|do|figure|find|write|understand|keep)  cancel(?:l?ed|l?ing)?
cash grab  charged me  chokes?  clunky  confus(?:es|ed|ing)  corrupt(?:s|ed)?  crap
crash(?:e[sd]|ing|y)?  dead  deal ?breaker  degrad\w+  deleted  disappoint\w*  distant (?:second|third)
ditch(?:ed|ing)?  dog ?shit  down again  downgrade  downhill
do(?:n['’]?t| not) (?:waste|bother|buy)  dropped  dropping  dumbed down  dumb(?:er)?
eats  embarrassing  enshitt\w+  expensive  fail(?:s|ed|ing)?  falls? apart  fed up  forces  forgets?
freezing  fre+zes  frustrat\w+  garbage  gave up  gets? (?:confused|stuck|lost)  gimmick\w*  gimped
giving up  glitch\w*  goodbye  greedy  half-baked  half the time  hallucinat\w*  hat(?:e|ed|es|ing)
headaches?  horrible  hype  ignored  ignor(?:es|ing)  inferior  irrelevant  is down  janky?  joke
keeps? (?:asking|getting|breaking|failing|crashing)  lacks?  lagg?y  lazy  let ?down  lie[sd]
lobotomi[sz]ed  locked me out  locks up  losing my mind  lost (?:all )?(?:my|our)  lost my  lying
mediocre  meh  mess  messe[sd] up  money grab  nah  neither fixes  nerfed  never again  never answer\w*
nightmare  no (?:answer|reply|response)  no longer  no thanks  nothing usable  not worth  obsolete
outages?  outdated  outgrew  over ?hyped  overpriced  overrated  painful(?:ly)?  pathetic  predatory
pricey  quality (?:has )?(?:dropped|went|gone|degraded)  rate ?limit(?:s|ed|ing)?
(?:rate )?limits? (?:is|are)  refund  refuse[sd]?  regress\w*  regret(?!s)(?:ted)?  rip\b(?! ?off)
rip-?off  rug ?pull\w*  ruin(?:s|ed)?  scam  scares?  screw(?:s|ed)  shady  shit(?:ty|show)?
(?:sick|tired) of  silent  sketchy  slop  slow  spaghetti  stay away  still there  struggl\w+  stuck in
subpar  suck(?:s|ed)?  terrible  (?:is|are)n['’]?t (?:quite |just )?there yet  throttl\w+  time ?outs?
too (?:expensive|slow|dumb|preachy|limited|complicated|pricey)  toys?  trash  ugly  unacceptable
underwhelm\w*  unimpressed  uninstall(?:ed|ing)?  unreliable  unresponsive  unsubscrib\w*  unusable
used to be  useless  wanted to like  waste  wiped  worse  worst  wrappers?  wrong  years old
"""

PRAISE = r"""
actually works  adore  a dream  amazing  a must  any day  appreciate  awesome  bargain  beast
beautiful(?:ly)?  best decision  blazing  blown away  breath of fresh air  breezes?  brilliant
can['’]?t go wrong  chef's kiss  clean code  cooking  couldn['’]?t be happier  daily driver  delight\w*
does (?:exactly|more|what)  doesn['’]?t hallucinate  does the job  easy  enjoy\w*  every (?:single )?time
excellent  fan  fan of  fantastic  favou?rite  fixe[sd]  flawless(?:ly)?  ftw  game ?changer
gets? it right  gets the job done  godsend  gold standard  good  go-?to  great  happily pay  happy
hard to beat  hello  hooked  impressed  impressive  incredibl[ey]  in one go  insane  insanely  intuitive
is right  joy  just does what  just works  kicks ass  killer  legit  life ?saver  light(?:weight)?
love[sd]?  magic(?:al)?  miss(?= )  nailed  nails  nail(?:s|ed) (?:it|multi|the)  never going back
never had (?:that|this|any) (?:problem|issue)s?  night and day  no[- ]brainer  no complaints  no regrets
(?:on )?another level  one-?shot(?:s|ted)?  on point  open source  perfect(?:ly)?  phenomenal  pleasant
pleasure  polished  powerful  productiv\w+  real deal
(?:really|very|super|pretty|much|so much) (?:good|helpful|happy|better|faster)  recommend  reliable
reliably  respects?  right first time  rocks  sav(?:es|ed) me  sav(?:es|ed) (?:my|our|us)
seamless(?:ly)?  second to none  senior  shines?  should have stayed with  slaps  smooth(?:ly)?
snapp(?:y|ier)  sold on  solid  solve[sd]  spot on  stable  still wins  stunning  succeed(?:s|ed)
superior  surprised me  top[- ](?:notch|tier)  transparent  unbeatable  undefeated  underrated  unmatched
untouchable  useful  was right  way to go  well thought  what a difference  wins\b  won\b
work(?:s|ed|ing) (?:great|well|really well|perfectly|flawlessly|like a charm)  worth  worth (?:it|every)
wow
"""
