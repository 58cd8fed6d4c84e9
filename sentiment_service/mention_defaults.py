"""What decides whether an ambiguous name means the tool, and what it is set to by default."""

from pydantic import BaseModel, ConfigDict, Field


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


DEFAULT_CONTEXT_WORDS = _words(
    "ai agent agents agentic autocomplete code coding codebase commit completion composer context cli "
    "dev developer editor extension hallucinate ide llm llms mcp model models prompt prompts prompting "
    "plugin pr programming refactor repo subscription tokens token typescript python usage vibe vscode "
    "workflow"
)

DEFAULT_MISLEADING: dict[str, tuple[str, ...]] = {
    "copilot": ("pilot", "flight", "plane", "cockpit", "aircraft", "captain", "airline"),
    "cursor": ("mouse", "pointer", "blinking", "caret", "hover", "sql", "postgres", "fetch", "css"),
    "claude": ("monet", "debussy", "jean-claude", "claude giroux", "uncle", "painter"),
    "opus": ("magnum", "dei", "penguin", "codec", "composer's"),
    "sonnet": ("shakespeare", "poem", "petrarch", "iambic", "poetry"),
    "haiku": ("poem", "poetry", "syllables", "haiku os", "haikubot"),
    "windsurf": ("windsurf board", "sail", "sailing", "beach", "lake", "kitesurf", "surf"),
    "cascade": ("cascade delete", "on delete cascade", "css", "mountains", "waterfall", "foreign key"),
    "codex": ("astartes", "warhammer", "40k", "leonardo", "manuscript", "gigas", "space marines"),
    "gemini": ("zodiac", "horoscope", "astrology", "libra", "taurus", "crypto exchange", "nasa", "apollo"),
    "bard": ("bard college", "bardic", "dnd", "d&d", "wizard", "paladin", "shakespeare", "spell"),
    "jules": ("jules verne", "pulp fiction", "samuel", "uncle", "koundé", "jules bianchi"),
    "devin": ("devin booker", "devin townsend", "cousin", "brother", "nunes", "haney"),
    "zed": ("pulp fiction", "zed's dead", "league", "lol", "yasuo", "shaw", "zeds dead", "champion"),
    "aider": ("vous", "peut", "peux", "pour", "besoin", "pouvez", "moi"),
    "cline": ("clinal", "gene", "species", "patsy", "population", "hybrid", "allele"),
    "cc": ("email", "cc me", "credit card", "bcc", "cc'd", "engine", "subtitles"),
    "v0": ("velocity", "initial velocity", "m/s", "acceleration"),
    "gpt": ("partition", "mbr", "uefi", "disk"),
    "kiro": ("godfall", "anime"),
}


class Evidence(BaseModel):
    """How much each sign says that an ambiguous name means the tool; their sum is the confidence."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    alone: float = Field(0.2, ge=0, le=1)
    """The name by itself."""
    home_subreddit: float = Field(0.45, ge=0, le=1)
    """It is written in a home subreddit of the tool."""
    related_subreddit: float = Field(0.15, ge=0, le=1)
    """It is written in a home subreddit of another tool."""
    clear_mention: float = Field(0.35, ge=0, le=1)
    """A tool is mentioned beyond doubt nearby, or this one anywhere."""
    context_word: float = Field(0.2, ge=0, le=1)
    """A context word is nearby; a second one says as much again, further ones nothing."""
    capital: float = Field(0.15, ge=0, le=1)
    """It is written as in the catalogue, with a capital that does not come from a sentence's beginning."""
    version: float = Field(0.35, ge=0, le=1)
    """A number follows, as in ``Gemini 2.5``."""
    misleading: float = Field(0.6, ge=0, le=1)
    """A misleading word is nearby; taken off."""
