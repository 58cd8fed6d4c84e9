"""The tools that a new database begins with, and how the settings describe one.

After the first start the database owns the tools; a change here changes nothing for databases that have some.
"""

import re
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sentiment_service.tools import Tool

MAX_NAME = 100
MAX_ALIASES = 200


def _name(text: str) -> str:
    if text != text.strip() or not re.search(r"\w", text):
        raise ValueError("a name with a letter or digit in it and no blanks around it")
    return text


def slug_of(name: str) -> str:
    """A name as part of an address: ``GitHub Copilot`` is ``github-copilot``; empty when nothing is left."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))


Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME), AfterValidator(_name)]


class ToolSeed(BaseModel):
    """A tool as the settings describe it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Name
    vendor: Annotated[str, Field(max_length=MAX_NAME)]
    categories: Annotated[tuple[Name, ...], Field(min_length=1, max_length=5)]
    aliases: Annotated[tuple[Name, ...], Field(max_length=MAX_ALIASES)] = ()
    """Other ways of writing it, common misspellings included."""
    ambiguous: tuple[Name, ...] = ()
    """Those of name and aliases that are ordinary words too."""
    home_subreddits: tuple[Name, ...] = ()
    """Where an ambiguous name means this tool."""


def distinct(seeds: tuple[ToolSeed, ...]) -> tuple[ToolSeed, ...]:
    """The seeds themselves, checked as a whole.

    :raises ValueError: when two have a name or slug in common, or one calls ambiguous what it is not called.
    """
    owners: dict[str, str] = {}
    for seed in seeds:
        if not slug_of(seed.name):
            raise ValueError(f"names with a Latin letter or digit; {seed.name} has none")
        called = {each.lower() for each in (seed.name, *seed.aliases)}
        for name in sorted(called):
            if name in owners:
                raise ValueError(f"each name once; {name} is one of {owners[name]} and of {seed.name}")
            owners[name] = seed.name
        if strange := [each for each in seed.ambiguous if each.lower() not in called]:
            raise ValueError(
                f"ambiguous names among name and aliases; {seed.name} is not called {strange[0]}"
            )
    slugs = [slug_of(seed.name) for seed in seeds]
    if twice := {slug for slug in slugs if slugs.count(slug) > 1}:
        raise ValueError(f"names with different slugs; {min(twice)} is there more than once")
    return seeds


def tool_of(seed: ToolSeed, now: datetime, by: str = "settings") -> Tool:
    """An active tool from its description; its id is its slug."""
    slug = slug_of(seed.name)
    return Tool(
        id=slug,
        name=seed.name,
        slug=slug,
        vendor=seed.vendor,
        categories=seed.categories,
        aliases=seed.aliases,
        ambiguous=seed.ambiguous,
        home_subreddits=seed.home_subreddits,
        status="active",
        created_at=now,
        updated_at=now,
        created_by=by,
        updated_by=by,
    )


def _seed(name: str, vendor: str, categories: str, aliases: str, ambiguous: str, home: str) -> ToolSeed:
    return ToolSeed(
        name=name,
        vendor=vendor,
        categories=_parts(categories),
        aliases=_parts(aliases),
        ambiguous=_parts(ambiguous),
        home_subreddits=_parts(home),
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split(", ")) if text else ()


DEFAULT_SEEDS: tuple[ToolSeed, ...] = (
    _seed(
        "GitHub Copilot",
        "GitHub",
        categories="code completion, agent",
        aliases="Copilot, GH Copilot, Co-pilot, GitHub Copilot Chat, Copilot Chat, Copilot Pro, "
        "Copilot Agent, Copliot, Coplilot, Co-pliot, Copiolt",
        ambiguous="Copilot, Co-pilot",
        home="GithubCopilot",
    ),
    _seed(
        "Cursor",
        "Anysphere",
        categories="editor, agent",
        aliases="Cursor AI, Cursor IDE, Cursor Editor, Cursor Pro, Cursor Composer, Cursor Tab, Cursor CLI, "
        "Cursor Agent, cursor.com, cursor.sh, cursorrules, Curser, Curosr",
        ambiguous="Cursor, Curser",
        home="Cursor, CursorAI",
    ),
    _seed(
        "Claude",
        "Anthropic",
        categories="assistant, model",
        aliases="Claude AI, claude.ai, Claude Opus, Claude Sonnet, Claude Haiku, Claude Pro, Claude Max, "
        "Claude Desktop, Opus, Sonnet, Haiku, Cluade, Cladue, Calude, Claud",
        ambiguous="Claude, Opus, Sonnet, Haiku, Claud",
        home="ClaudeAI, Anthropic, claudexplorers",
    ),
    _seed(
        "Claude Code",
        "Anthropic",
        categories="agent, command line",
        aliases="CC, Cluade Code, Claud Code, Calude Code, Claude Code CLI",
        ambiguous="CC",
        home="ClaudeCode, ClaudeAI",
    ),
    _seed(
        "Windsurf",
        "Cognition",
        categories="editor, agent",
        aliases="Windsurf Editor, Windsurf IDE, Windsurf AI, Codeium, Cascade, Windsruf, Windserf",
        ambiguous="Windsurf, Cascade",
        home="windsurf, Codeium",
    ),
    _seed(
        "ChatGPT",
        "OpenAI",
        categories="assistant, model",
        aliases="GPT, Chat GPT, ChatGTP, Chat GTP, ChatGBT, Chat GBT, ChatGPT Plus, ChatGPT Pro, OpenAI GPT, "
        "ChatGP",
        ambiguous="GPT",
        home="ChatGPT, OpenAI, ChatGPTCoding, ChatGPTPro",
    ),
    _seed(
        "Codex",
        "OpenAI",
        categories="agent, command line",
        aliases="Codex CLI, OpenAI Codex, ChatGPT Codex, GPT Codex, GPT-5 Codex, Codex Cloud, Codx",
        ambiguous="Codex",
        home="OpenAI, codex, ChatGPTCoding",
    ),
    _seed(
        "Gemini",
        "Google",
        categories="assistant, model",
        aliases="Gemini Pro, Gemini Flash, Gemini Advanced, Gemini CLI, Gemini Ultra, Google Gemini, Gemini "
        "Code Assist, Google Bard, Bard, Gemeni, Gemni, Geminni",
        ambiguous="Gemini, Bard",
        home="Bard, GoogleGeminiAI, GeminiAI",
    ),
    _seed(
        "Jules",
        "Google",
        categories="agent",
        aliases="Google Jules, Jules AI, Jules Agent, jules.google",
        ambiguous="Jules",
        home="JulesAgent",
    ),
    _seed(
        "Kiro",
        "Amazon",
        categories="editor, agent",
        aliases="Kiro IDE, Kiro CLI, AWS Kiro, Amazon Kiro, kiro.dev",
        ambiguous="Kiro",
        home="kiroIDE, aws",
    ),
    _seed(
        "Amazon Q",
        "Amazon",
        categories="code completion, agent",
        aliases="Amazon Q Developer, AWS Q, Q Developer, Amazon CodeWhisperer, CodeWhisperer, Amazon Q CLI, "
        "Q CLI",
        ambiguous="Q CLI",
        home="aws",
    ),
    _seed(
        "Aider",
        "Aider",
        categories="agent, command line",
        aliases="Aider chat, Adier, Aidr",
        ambiguous="Aider",
        home="",
    ),
    _seed(
        "Cline",
        "Cline",
        categories="agent, editor extension",
        aliases="Cline Bot, Cline VS Code, Cline Extension, Claude Dev",
        ambiguous="Cline",
        home="CLine",
    ),
    _seed(
        "Devin",
        "Cognition",
        categories="agent",
        aliases="Devin AI, Cognition Devin, devin.ai",
        ambiguous="Devin",
        home="DevinAI",
    ),
    _seed(
        "v0",
        "Vercel",
        categories="app builder",
        aliases="v0.dev, v0.app, Vercel v0",
        ambiguous="v0",
        home="vercel, v0_dev",
    ),
    _seed(
        "Replit",
        "Replit",
        categories="app builder, editor",
        aliases="Replit Agent, Replit AI, repl.it, Ghostwriter, Replt, Replitt",
        ambiguous="Ghostwriter",
        home="replit",
    ),
    _seed(
        "JetBrains AI",
        "JetBrains",
        categories="code completion, agent",
        aliases="JetBrains AI Assistant, Junie, JetBrains Junie, Jetbrain AI, JetBrains Assistant",
        ambiguous="Junie",
        home="Jetbrains",
    ),
    _seed(
        "Tabnine",
        "Tabnine",
        categories="code completion",
        aliases="Tab nine, Tab9, TabNine Pro",
        ambiguous="",
        home="tabnine",
    ),
    _seed(
        "Zed",
        "Zed Industries",
        categories="editor",
        aliases="Zed Editor, Zed AI, Zed IDE, zed.dev",
        ambiguous="Zed",
        home="ZedEditor",
    ),
)
