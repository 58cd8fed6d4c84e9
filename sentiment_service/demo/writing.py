"""What the people of the generated world write: titles, posts and comments from a thing's key.

A thing's *plan* says what it is about and how its author feels; the words follow from plan and key.
Feelings follow the tool's usual liking, the planted events, and for a comment the post above it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sentiment_service.demo.dice import Dice
from sentiment_service.demo.events import EVENTS, Event, events_at
from sentiment_service.demo.history import meeting_key
from sentiment_service.demo.phrases import bad, good, of_events, off_topic, plain
from sentiment_service.demo.phrases.slots import (
    AFTERTHOUGHTS,
    AUTHOR_FIRST,
    AUTHOR_LAST,
    EMOJI,
    MISSPELLINGS,
    SLOTS,
)
from sentiment_service.demo.things import Comment, Post, Words
from sentiment_service.demo.tools import TOOLS, talked_about
from sentiment_service.models import Label

KEPT_WORDS = 4096
"""Things whose words are kept for a moment, as pages ask for a post once for each of its comments."""

_MEETINGS = {meeting_key(event): event for event in EVENTS}


class Bank(NamedTuple):
    """Phrases of one mood."""

    titles: Sequence[str]
    sentences: Sequence[str]
    replies: Sequence[str]


_BANKS = {
    Label.POSITIVE: Bank(good.TITLES, good.SENTENCES, good.REPLIES),
    Label.NEGATIVE: Bank(bad.TITLES, bad.SENTENCES, bad.REPLIES),
    Label.NEUTRAL: Bank(plain.TITLES, plain.SENTENCES, plain.REPLIES),
}
_NEUTRAL_SHARE = 0.36
_OPPOSITE = {Label.POSITIVE: Label.NEGATIVE, Label.NEGATIVE: Label.POSITIVE}
_FLAIRS = {
    Label.POSITIVE: ("Showcase", "Appreciation", "Discussion", None),
    Label.NEGATIVE: ("Bug Report", "Rant", "Discussion", "Complaint", None),
    Label.NEUTRAL: ("Question", "Help", "Discussion", "Resources", None),
}


class Plan(NamedTuple):
    """What a thing is about, and how its author feels."""

    tool: str | None
    """Name of the tool; ``None`` for off-topic talk."""
    label: Label
    event: Event | None


class Slots(dict[str, str]):
    """Fills the slots of phrases; names of tools are given, the rest is drawn."""

    def __init__(self, dice: Dice, tool: str, other: str) -> None:
        super().__init__(tool=tool, other=other)
        self._dice = dice
        self.said: set[str] = set()
        """Phrases that were used, so that nobody says the same twice."""

    def __missing__(self, slot: str) -> str:
        return self._dice.pick(SLOTS[slot])


class Novelist:
    """Writes for a world whose history ends at ``end`` (Unix seconds)."""

    def __init__(self, end: float) -> None:
        self._end = end
        self.words = lru_cache(KEPT_WORDS)(self._words)

    def edited(self, thing: Post | Comment, text: str) -> str:
        """The text with an afterthought below it."""
        dice = Dice(thing.key, 3)
        thought = dice.pick(AFTERTHOUGHTS).format_map(Slots(dice, "the", "other"))
        return f"{text}\n\n{thought}" if text else thought

    def plan(self, thing: Post | Comment) -> Plan:
        """What a thing is about."""
        dice = Dice(thing.key)
        if isinstance(thing, Comment) and thing.post is not None:
            return self._answer(dice, self.plan(thing.post), thing)
        meeting = _MEETINGS.get(thing.key)
        if meeting is not None:
            return Plan(meeting.tool, meeting.label, meeting)
        event = self._event(dice, thing)
        if event is not None:
            return Plan(event.tool, _swayed(dice, event), event)
        strays = thing.community.name.lower() in off_topic.TITLES and dice.chance(0.5)
        tool = None if strays else dice.pick(talked_about(thing.community.name))
        return Plan(tool, self._feeling(dice, tool, thing), None)

    def _answer(self, dice: Dice, asked: Plan, comment: Comment) -> Plan:
        if asked.event is not None and dice.chance(0.85):
            return Plan(asked.tool, _swayed(dice, asked.event), asked.event)
        if dice.chance(0.3):
            return Plan(asked.tool, asked.label, None)
        return Plan(asked.tool, self._feeling(dice, asked.tool, comment), None)

    def _event(self, dice: Dice, thing: Post | Comment) -> Event | None:
        for event in events_at(thing.community.name, self._end - thing.created):
            away = 1.0 if thing.community.name == event.communities[0] else 0.35
            if dice.chance(event.share * away):
                return event
        return None

    def _feeling(self, dice: Dice, tool: str | None, thing: Post | Comment) -> Label:
        age_s = self._end - thing.created
        for event in EVENTS:
            if event.tool == tool and event.holds(age_s) and dice.chance(event.share):
                return _swayed(dice, event)
        if dice.chance(_NEUTRAL_SHARE):
            return Label.NEUTRAL
        liking = TOOLS[tool].liking if tool is not None else 0.5
        return Label.POSITIVE if dice.chance(liking) else Label.NEGATIVE

    def _words(self, thing: Post | Comment) -> Words:
        plan = self.plan(thing)
        dice = Dice(thing.key, 1)
        return self._post(dice, plan, thing) if isinstance(thing, Post) else self._comment(dice, plan, thing)

    def _post(self, dice: Dice, plan: Plan, post: Post) -> Words:
        slots = _slots(dice, plan, post.community.name)
        meeting = _MEETINGS.get(post.key)
        author = _author(dice) if meeting is None else "community_team"
        flair = dice.pick(_FLAIRS[plan.label])
        if meeting is not None:
            text = "\n\n".join(phrase.format_map(slots) for phrase in of_events.SENTENCES[meeting.name][:3])
            return Words(meeting.headline, text, author, "Megathread", None, 900 + dice.below(900))
        title = _title(dice, plan, post).format_map(slots)
        score = min(6000, int(1.6 * (1.0 - dice.unit()) ** -1.05))
        if dice.chance(0.12):
            return Words(title, "", author, flair, f"{slots['link']}{dice.below(90_000) + 10_000}", score)
        return Words(title, _typed(dice, _body(dice, plan, slots)), author, flair, None, score)

    def _comment(self, dice: Dice, plan: Plan, comment: Comment) -> Words:
        if comment.parent is None and dice.chance(0.015):
            text = plain.MACHINE_REPLY.replace("{name}", comment.community.name)
            return Words("", text, "AutoModerator", None, None, 1)
        above = comment.post
        author = _author(dice)
        if above is not None and comment.parent is not None and dice.chance(0.3):
            author = self.words(above).author or author
        slots = _slots(dice, plan, comment.community.name)
        text = _typed(dice, _reply(dice, plan, slots))
        if comment.parent is not None and dice.chance(0.08):
            text = f"{_quoted(self.words(comment.parent).text)}\n\n{text}"
        score = -dice.below(20) if dice.chance(0.07) else min(900, int((1.0 - dice.unit()) ** -0.8))
        return Words("", text, author, None, None, score)


def _swayed(dice: Dice, event: Event) -> Label:
    lot = dice.unit()
    if lot < 0.8:
        return event.label
    return Label.NEUTRAL if lot < 0.92 else _OPPOSITE[event.label]


def _slots(dice: Dice, plan: Plan, community: str) -> Slots:
    others = talked_about(community)
    tool = plan.tool or dice.pick(others)
    other = dice.pick(others)
    if other == tool:
        other = "ChatGPT" if tool != "ChatGPT" else "Claude"
    return Slots(dice, _spelled(dice, tool), _spelled(dice, other))


def _spelled(dice: Dice, tool: str) -> str:
    return tool if dice.chance(0.7) else dice.pick(TOOLS[tool].spellings)


def _title(dice: Dice, plan: Plan, post: Post) -> str:
    if plan.tool is None:
        return dice.pick(off_topic.TITLES[post.community.name.lower()])
    about_event = plan.event is not None and plan.label == plan.event.label
    titles = of_events.TITLES[plan.event.name] if plan.event and about_event else _BANKS[plan.label].titles
    title = dice.pick(titles)
    return f"{title}{dice.pick(plain.TITLE_ENDS)}" if title[-1] not in "?!)" and dice.chance(0.35) else title


def _body(dice: Dice, plan: Plan, slots: Slots) -> str:
    if dice.chance(0.06):
        return ""
    parts = [_paragraph(dice, plan, slots, 2 + dice.below(3))]
    if dice.chance(0.5):
        parts.append(_fill(dice, _sentences(plan._replace(label=Label.NEUTRAL)), slots, 1 + dice.below(3)))
    if dice.chance(0.15):
        parts.append(slots["code"])
    if dice.chance(0.45):
        parts.append(_paragraph(dice, plan, slots, 1 + dice.below(4)))
    if dice.chance(0.1):
        parts.append(f"More here: [link]({slots['link']}{dice.below(90_000)})")
    if dice.chance(0.15):
        parts.append(f"* {slots['thing']}\n* {slots['task']}\n* **{slots['lang']}**")
    return "\n\n".join(filter(None, parts))


def _reply(dice: Dice, plan: Plan, slots: Slots) -> str:
    lot = dice.unit()
    if lot < 0.02:
        return dice.pick(EMOJI[plan.label])
    replies = off_topic.REPLIES[plan.label] if plan.tool is None else _BANKS[plan.label].replies
    if lot < 0.4:
        return _fill(dice, replies, slots, 1)
    text = _paragraph(dice, plan, slots, 1 + dice.below(3))
    if lot < 0.7:
        text = f"{_fill(dice, replies, slots, 1)} {text}"
    if dice.chance(0.05):
        text += f"\n\n{slots['code']}"
    elif dice.chance(0.05):
        text += f" {slots['link']}{dice.below(90_000)}"
    return text


def _paragraph(dice: Dice, plan: Plan, slots: Slots, sentences: int) -> str:
    event = plan.event
    if event is not None and plan.label == event.label and dice.chance(0.7):
        return _fill(dice, of_events.SENTENCES[event.name], slots, sentences)
    return _fill(dice, _sentences(plan), slots, sentences)


def _sentences(plan: Plan) -> Sequence[str]:
    return off_topic.SENTENCES[plan.label] if plan.tool is None else _BANKS[plan.label].sentences


def _fill(dice: Dice, phrases: Sequence[str], slots: Slots, count: int) -> str:
    first = dice.below(len(phrases))
    step = 1 + dice.below(len(phrases) - 1)
    drawn = dict.fromkeys(phrases[(first + step * place) % len(phrases)] for place in range(count))
    chosen = [phrase for phrase in drawn if phrase not in slots.said]
    slots.said.update(chosen)
    filled = [phrase.format_map(slots) for phrase in chosen]
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in filled)


def _typed(dice: Dice, text: str) -> str:
    """The text as it leaves the keyboard: now and then misspelled, in lower case, with an emoji."""
    lot = dice.unit()
    if lot < 0.12:
        for right, typed in MISSPELLINGS[dice.below(6) :: 6]:
            text = text.replace(right, typed)
    elif lot < 0.19 and "```" not in text and "http" not in text:
        text = text.lower() if lot < 0.17 else text.replace(". ", "!! ")
    if dice.chance(0.06):
        text = f"{text} {dice.pick(EMOJI[Label.NEUTRAL])}"
    return text


def _quoted(text: str) -> str:
    first = text.split("\n", 1)[0][:160]
    return f"> {first}"


def _author(dice: Dice) -> str:
    # The square makes some people write far more than others.
    number = int(dice.unit() ** 2 * 7000)
    first = AUTHOR_FIRST[number % len(AUTHOR_FIRST)]
    last = AUTHOR_LAST[number // len(AUTHOR_FIRST) % len(AUTHOR_LAST)]
    return f"{first}_{last}" if number % 3 else f"{first.title()}{last.title()}{number % 97}"
