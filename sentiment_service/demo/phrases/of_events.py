"""Phrases about the planted events, by the event's name."""

TITLES: dict[str, tuple[str, ...]] = {
    "price rise": (
        "{tool} price increase: {price} for the same quota is ridiculous",
        "So {tool} just doubled the price. Terrible decision",
        "Cancelling {tool} after the price rise, who else?",
        "The new {tool} pricing is awful for a {role}",
        "{tool} pricing change feels like a bad joke",
        "Refund after the {tool} price rise? Support is useless",
        "From {price} to {price}: the {tool} pricing disaster",
        "Moving the team from {tool} to {other} because of the horrible new pricing",
    ),
    "outage": (
        "{tool} down again? Horrible day",
        "{tool} outage: nothing works {since}",
        "{tool} is completely broken, error 503 everywhere",
        "Lost {span} of work in the {tool} outage, I'm furious",
        "Status page says fine, {tool} is dead. Pathetic",
        "Worst outage yet, {tool} unusable",
    ),
    "release": (
        "New {tool} release is amazing",
        "{tool} update: {thing} is so good now",
        "I'm blown away by the new {tool} version, great work",
        "The {tool} release is the best update this year",
        "{tool} just got a lot better at {lang}, love it",
        "Impressive: the new {tool} did {task} in one go",
    ),
    "free tier doubled": (
        "{tool} free limits doubled, awesome news",
        "Great move by Google: twice the free {tool} requests",
        "{tool} free tier is now really generous, I love it",
        "Happy surprise: my {tool} quota doubled {when}",
    ),
    "tighter limits": (
        "{tool} premium request limit is terrible",
        "Hit the new {tool} limit after {n} requests, ridiculous",
        "The new {tool} limits make it useless for {task}",
        "{tool} limits: bad communication, worse timing",
    ),
    "agent launch": (
        "{tool} agents are out and they are excellent",
        "First look at {tool} agents: impressive",
        "{tool} agent built {project} for me, awesome",
        "Really happy with the {tool} launch",
    ),
}

SENTENCES: dict[str, tuple[str, ...]] = {
    "price rise": (
        "The price rise is ridiculous, {price} more for the same limits.",
        "Terrible communication: I learned about the new pricing from my credit card.",
        "At this price {other} is the better choice, sadly.",
        "They raised the price and cut the quota, that's just awful.",
        "I feel cheated, I paid for a year {when}.",
        "It's way too expensive for a {role} now.",
        "I asked for a refund and got a useless canned answer.",
        "The pricing page is confusing and the worst part is that nobody explains it.",
        "I cancelled {tool}, this pricing is disgusting.",
    ),
    "outage": (
        "Nothing works {since}, every request ends in a stupid 503.",
        "The outage cost us {span}, terrible.",
        "{tool} was down for {span} and the status page stayed green, pathetic.",
        "The chat is dead and my edits are lost, horrible.",
        "It is the worst outage I have seen there.",
        "Broken login, broken chat, broken everything.",
    ),
    "release": (
        "The new release is amazing, {thing} is so much better.",
        "I love the new version, it is fast and really smart about {lang}.",
        "Great work by the team, the best release so far.",
        "It now does {task} on its own, impressive.",
        "The update is excellent, I had no problems at all.",
        "It feels like a new tool, wonderful.",
    ),
    "free tier doubled": (
        "Twice the free requests, that's awesome.",
        "The generous free tier makes it the best choice for a {role}.",
        "I love that I can use {model} without paying.",
        "Great news for students.",
    ),
    "tighter limits": (
        "The new limit is terrible, I hit it after {n} requests.",
        "Premium requests are gone within {span}, ridiculous.",
        "It makes {task} impossible, I'm really annoyed.",
        "Bad timing and even worse communication.",
    ),
    "agent launch": (
        "The agents are excellent at {task}.",
        "I love the planning step, great specs, good code.",
        "Impressive launch, everything worked on the first try.",
        "It is a very good start, and free for now, which is awesome.",
    ),
}
