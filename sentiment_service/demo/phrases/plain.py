"""Phrases without a mood: questions, reports, off-topic talk."""

TITLES = (
    "How do you use {tool} for {task}?",
    "{tool} or {other} for {lang}?",
    "What is your setup for {task}?",
    "Question about {thing} in {tool}",
    "Does {tool} support {lang} in {project}?",
    "Which model do you use in {tool}: {model} or something else?",
    "Moving from {other} to {tool}, what should I know?",
    "{tool}: how does {thing} count against the quota?",
    "[Question] {tool} behind a company proxy",
    "How many prompts a day do you send to {tool}?",
    "Showing {tool} to {friend}, what would you demo?",
    "{tool} and {inline}: what are the rules?",
    "I built {project} with {tool}, AMA",
    "Weekly thread: what are you building with {tool}?",
    "Where does {tool} store its logs?",
    "Comparing {tool}, {other} and plain {lang} tooling, {n} tasks each",
    "{role} here, do you review every line {tool} writes?",
    "Changelog: {tool}, {thing}",
    "Survey: {tool} at {place}",
    "Can {tool} read {file} without opening it?",
)

TITLE_ENDS = (
    " (on {project})",
    ", {lang} edition",
    ", anyone else?",
    " [{n} days in]",
    ", a {role}'s view",
    " - {model}",
    " while {task}",
    ", also on {lang}",
    ", says {friend}",
    " (long)",
)
"""What follows a title now and then."""

SENTENCES = (
    "I'm a {role} at {place} and use {tool} for {task}.",
    "We have {project} with {n} services, mostly {lang}.",
    "I'm on the {price} plan.",
    "So far I tried {model} and the default.",
    "My rules file says to never touch {inline}.",
    "The setup: {tool} in the terminal, {other} in the editor.",
    "I could not find anything about {thing} in the docs.",
    "Has anybody measured this?",
    "What do you do when it stops in the middle?",
    "It happens on Linux and on a Mac.",
    "The question is whether {tool} or {other} fits {task}.",
    "Steps: open {file}, ask for a plan, accept, run the tests.",
    "I keep one chat per branch.",
    "Numbers: {n} requests, {n} of them with {model}.",
    "Is there a way to turn {thing} off?",
    "Background: {friend} asked me to write this down.",
    "According to the changelog {thing} was changed {when}.",
    "I used {other} for {span} before.",
    "Posting this here as the forum is closed.",
    "For reference, this is what I run:",
    "How long do you wait before you start a new session?",
    "Does it need {inline} in the root folder?",
)

REPLIES = (
    "Which version are you on?",
    "You can set that in the rules file.",
    "I use {other} for that and {tool} for the rest.",
    "Try it with {model}.",
    "Did you look at the changelog?",
    "It depends on the size of {project}.",
    "On my side it takes about {n} seconds.",
    "What does {file} look like?",
    "There is an open issue about {thing}.",
    "As a {role} I only use it for {task}.",
    "You have to restart it after changing {inline}.",
    "How many files does it open at once?",
    "I asked the same question {when}.",
    "Source?",
    "It is in the settings under {thing}.",
    "We use it at {place}, with {lang}.",
    "RemindMe! {n} days",
    "lol",
    "^ what they said",
    "Same question.",
    "Depends. For {lang} I'd take {tool}, for the rest {other}.",
    "It's {price} a month, or was, last time I looked.",
)

MACHINE_REPLY = (
    "Your submission has been received. Please read the [rules](https://www.reddit.com/r/{name}/about/rules) "
    "before you post.\n\n*I am a bot, and this action was performed automatically. Please "
    "[contact the moderators of this subreddit](/message/compose/?to=/r/{name}) if you have any questions or "
    "concerns.*"
)
