"""The tools that the generated world talks about, how people spell them, and where they are at home."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool and how people write its name."""

    name: str
    spellings: tuple[str, ...]
    """Other ways of writing it, misspellings included; the name itself is used most."""
    liking: float
    """Part of what has a mood that is positive, apart from events."""


TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool("Cursor", ("cursor", "Cursor AI", "Curser", "CURSOR"), 0.55),
        Tool("Claude Code", ("claude code", "CC", "ClaudeCode", "Claude code"), 0.66),
        Tool("Claude", ("claude", "Sonnet", "Opus", "Cluade"), 0.62),
        Tool("GitHub Copilot", ("Copilot", "copilot", "GH Copilot", "Github CoPilot", "co-pilot"), 0.46),
        Tool("Windsurf", ("windsurf", "Cascade", "WindSurf"), 0.48),
        Tool("ChatGPT", ("chatgpt", "GPT", "Chat GPT", "chat gpt", "ChatGTP"), 0.50),
        Tool("Codex", ("codex", "Codex CLI", "OpenAI Codex"), 0.58),
        Tool("Gemini", ("gemini", "Gemini Pro", "Bard", "Gemeni"), 0.54),
        Tool("Jules", ("jules", "Google Jules"), 0.52),
        Tool("Kiro", ("kiro", "Kiro IDE"), 0.53),
        Tool("Amazon Q", ("Amazon Q Developer", "amazon q", "AWS Q"), 0.36),
        Tool("Aider", ("aider", "Aider chat"), 0.64),
        Tool("Cline", ("cline", "Cline (VS Code)"), 0.60),
        Tool("Devin", ("devin", "Devin AI"), 0.40),
        Tool("v0", ("v0.dev", "V0"), 0.52),
        Tool("Replit", ("replit", "Replit Agent"), 0.42),
        Tool("JetBrains AI", ("Jetbrains AI", "JetBrains AI Assistant", "Junie"), 0.44),
        Tool("Tabnine", ("tabnine", "TabNine"), 0.40),
        Tool("Zed", ("zed", "Zed editor"), 0.66),
    )
}

_EVERYWHERE = (
    "Cursor",
    "Claude Code",
    "GitHub Copilot",
    "ChatGPT",
    "Gemini",
    "Codex",
    "Windsurf",
    "Cline",
    "Aider",
)

_AT_HOME: dict[str, tuple[str, ...]] = {
    "cursor": ("Cursor",) * 12 + _EVERYWHERE,
    "bard": ("Gemini",) * 14 + ("Jules", "ChatGPT", "Claude"),
    "githubcopilot": ("GitHub Copilot",) * 12 + _EVERYWHERE,
    "claudeai": ("Claude",) * 8 + ("Claude Code",) * 8 + _EVERYWHERE,
    "windsurf": ("Windsurf",) * 12 + _EVERYWHERE,
    "chatgptcoding": ("ChatGPT",) * 5 + ("Codex",) * 4 + _EVERYWHERE,
    "vibecoding": ("v0", "Replit", "Cursor", "Claude Code", "Devin", *_EVERYWHERE),
    "aws": ("Amazon Q",) * 6 + ("Kiro", "Kiro", "Claude", "GitHub Copilot"),
    "programming": ("GitHub Copilot", "ChatGPT", "JetBrains AI", "Tabnine", "Zed", "Claude", "Cursor"),
    "machinelearning": ("ChatGPT", "Claude", "Gemini", "GitHub Copilot"),
    "artificial": ("ChatGPT", "Gemini", "Claude", "Devin"),
    "openai": ("ChatGPT",) * 8 + ("Codex",) * 5 + ("Claude", "Gemini"),
    "kiroide": ("Kiro",) * 12 + ("Amazon Q", "Cursor", "Claude Code"),
    "julesagent": ("Jules",) * 12 + ("Codex", "Claude Code", "Gemini"),
}


def talked_about(community: str) -> tuple[str, ...]:
    """Names of the tools that come up in a subreddit, the more often the more they come up."""
    return _AT_HOME.get(community.lower(), _EVERYWHERE)
