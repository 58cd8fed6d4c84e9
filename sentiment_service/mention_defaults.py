"""What decides whether an ambiguous name means the tool, and what it is set to by default."""

from pydantic import BaseModel, ConfigDict, Field


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


DEFAULT_CONTEXT_WORDS = _words(
    "agent agentic agents ai anthropic api app assistant autocomplete backend benchmark benchmarks bug "
    "bugs cancelled chat chatbot cli code codebase coder coders coding commit compaction completion "
    "completions context credits debug dev developer developers devs diff editor editors extension "
    "feature features fork frontend github google hallucinate hallucinated hallucinates hallucinating "
    "hallucination hallucinations ide ides intellij java javascript jetbrains limits llm llms mcp "
    "microsoft model models npm openai openrouter paper plan plugin pr pricing programmer programming "
    "prompt prompted prompting prompts prs pycharm python quota rate react refactor refactored "
    "refactoring release repo repos rust script server software subscribed subscription switched "
    "switching team terminal tests ticket tickets token tokens tool tools typescript unsubscribed usage "
    "vibe vibecoded vibecoding vscode workflow worktree"
)

DEFAULT_ALONE: dict[str, float] = {
    "claude": 0.4,
    "gemini": 0.35,
    "gpt": 0.4,
    "copilot": 0.35,
    "windsurf": 0.3,
    "cline": 0.3,
    "aider": 0.3,
    "kiro": 0.35,
    "codex": 0.3,
    "cc": 0.1,
    "v0": 0.15,
    "zed": 0.15,
    "cascade": 0.1,
    "haiku": 0.15,
}

DEFAULT_RELATED_SUBREDDITS: tuple[str, ...] = (
    "ClaudeAI",
    "ClaudeCode",
    "Anthropic",
    "Cursor",
    "CursorAI",
    "windsurf",
    "Codeium",
    "GithubCopilot",
    "OpenAI",
    "codex",
    "ChatGPT",
    "ChatGPTCoding",
    "ChatGPTPro",
    "Bard",
    "GoogleGeminiAI",
    "JulesAgent",
    "kiroIDE",
    "CLine",
    "RooCode",
    "vibecoding",
    "singularity",
    "artificial",
    "LocalLLaMA",
    "AI_Agents",
)

DEFAULT_MISLEADING: dict[str, tuple[str, ...]] = {
    "copilot": (
        *(
            "pilot",
            "pilots",
            "flight",
            "flying",
            "plane",
            "cockpit",
            "aircraft",
            "captain",
            "airline",
            "boeing",
        ),
        *("landing", "takeoff", "rally", "passenger", "passenger seat", "helicopter", "airbus"),
        *("microsoft copilot", "ms copilot", "m365 copilot", "copilot studio", "windows copilot", "notepad"),
        *("copilot search", "bing", "excel", "outlook", "office", "m365"),
    ),
    "co-pilot": (
        "pilot",
        "flight",
        "plane",
        "cockpit",
        "aircraft",
        "captain",
        "airline",
        "rally",
        "helicopter",
    ),
    "cursor": (
        *("mouse", "pointer", "blinking", "caret", "hover", "hovering", "sql", "postgres", "fetch", "css"),
        *("cursor position", "cursor movement", "cursor moves", "cursor disappears"),
        *("text cursor", "custom cursor", "database cursor", "pagination", "paginate", "pymongo", "psycopg2"),
        *(
            "dynamodb",
            "keyset",
            "vim",
            "hjkl",
            "terminal cursor",
            "cursor key",
            "cursor keys",
            "trackpad",
            "touchpad",
            "multi cursor",
        ),
    ),
    "claude": (
        *(
            "monet",
            "debussy",
            "jean claude",
            "claude giroux",
            "uncle",
            "painter",
            "claude shannon",
            "grandpa",
        ),
        *("claude makelele", "van damme", "claude rains", "st claude", "saint claude", "my friend claude"),
        *("my cat claude", "my dog claude", "claude juncker", "claude puel", "gta", "pope", "claude speed"),
    ),
    "claude code": ("let claude code", "letting claude code", "have claude code", "watch claude code"),
    "opus": ("magnum", "dei", "penguin", "codec", "mp3", "flac", "kbps", "op", "symphony", "bloom county"),
    "sonnet": ("shakespeare", "poem", "poems", "petrarch", "iambic", "poetry", "sonnet 18", "poet"),
    "haiku": ("poem", "poems", "poetry", "syllables", "syllable", "haiku os", "haikubot", "beos", "poet"),
    "windsurf": ("sail", "sailing", "beach", "lake", "kitesurf", "surf", "waves", "wind", "paddle", "kite"),
    "cascade": (
        *("cascade delete", "on delete cascade", "delete cascade", "css", "mountains", "waterfall"),
        *(
            "foreign key",
            "cascade of",
            "cascade effect",
            "a cascade",
            "hops",
            "washington",
            "style",
            "styles",
        ),
    ),
    "codex": (
        *(
            "astartes",
            "warhammer",
            "40k",
            "leonardo",
            "manuscript",
            "gigas",
            "space marines",
            "lore",
            "dragon age",
        ),
        *("mass effect", "medieval", "codex sinaiticus", "codex seraphinianus", "army", "points"),
    ),
    "gemini": (
        *("zodiac", "horoscope", "astrology", "libra", "taurus", "scorpio", "winklevoss", "nasa", "apollo"),
        *("leo", "sagittarius", "gemini moon", "gemini rising", "gemini sun", "gemini man", "gemini woman"),
        *(
            "constellation",
            "gemini earn",
            "spacecraft",
            "rendezvous",
            "astronaut",
            "stars",
            "born",
            "telescope",
            "exchange",
            "coinbase",
            "bitcoin",
        ),
    ),
    "bard": (
        *("bard college", "bardic", "dnd", "d&d", "wizard", "paladin", "shakespeare", "spell", "5e", "bg3"),
        *(
            "cleric",
            "rogue",
            "charisma",
            "lute",
            "the bard of",
            "league",
            "adc",
            "party",
            "campaign",
            "dragon",
            "dm",
        ),
    ),
    "jules": (
        *("verne", "pulp fiction", "samuel", "uncle", "koundé", "kounde", "bianchi", "vincent", "rimet"),
        *("my friend jules", "my daughter jules", "euphoria", "leagues", "mascara", "skins", "rue"),
    ),
    "devin": (
        *("booker", "townsend", "cousin", "brother", "nunes", "haney", "suns", "nba", "my friend devin"),
        *("my buddy devin", "roommate", "coworker", "album", "grusin", "devin hester", "boxing", "wedding"),
    ),
    "zed": (
        *("pulp fiction", "zed's dead", "zeds dead", "league", "lol", "yasuo", "shaw", "champion", "midlane"),
        *("mid", "ult", "ahri", "talon", "akali", "zed nelson", "a to zed", "to zed", "shadow", "shadows"),
        *("alphabet", "pronounced", "pronounce", "letter", "zee", "chopper"),
    ),
    "aider": (
        *("vous", "peut", "peux", "pour", "besoin", "pouvez", "moi", "d'aider", "m'aider", "t'aider", "les"),
        *("est", "une", "je", "foreign aider", "first aider", "band aider"),
    ),
    "cline": (
        *("clinal", "gene", "species", "patsy", "population", "populations", "hybrid", "allele", "latitude"),
        *("frequency", "genetic", "ecology", "crazy", "country singer", "temperature"),
    ),
    "cc": (
        *(
            "email",
            "emails",
            "cc me",
            "cc my",
            "cc your",
            "credit card",
            "bcc",
            "cc'd",
            "engine",
            "subtitles",
        ),
        *(
            "captions",
            "cc by",
            "motorcycle",
            "bike",
            "cc license",
            "creative commons",
            "sims",
            "gcc",
            "makefile",
        ),
        *("stun", "combo", "crowd control", "500 cc", "hr", "manager", "card", "debt", "apr"),
    ),
    "v0": (
        *("velocity", "initial velocity", "m/s", "acceleration", "projectile", "endpoint", "api v0"),
        *("voltage", "v1", "v0 draft", "a v0", "the v0", "our v0", "v0 version", "physics"),
    ),
    "gpt": ("partition", "mbr", "uefi", "disk", "disks", "partitions", "bios"),
    "kiro": ("godfall", "anime", "manga", "kirov", "mr kiro"),
    "ghostwriter": ("novel", "book", "memoir", "author", "rapper", "lyrics", "autobiography", "speech"),
    "junie": ("b jones", "junie b", "birthday", "grandma", "my daughter"),
}


class Evidence(BaseModel):
    """How much each sign says that an ambiguous name means the tool; their sum is the confidence."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    alone: float = Field(0.2, ge=0, le=1, description="the name by itself, unless tools.alone says otherwise")
    home_subreddit: float = Field(0.45, ge=0, le=1, description="in a home subreddit of the tool")
    related_subreddit: float = Field(0.3, ge=0, le=1, description="in one of tools.related_subreddits")
    clear_mention: float = Field(
        0.25, ge=0, le=1, description="this tool is mentioned beyond doubt anywhere, or another one nearby"
    )
    company: float = Field(0.15, ge=0, le=1, description="a name of another tool is nearby")
    listed: float = Field(
        0.25, ge=0, le=1, description="a name of another tool is right beside it: X, Y; X vs Y; from X to Y"
    )
    context_word: float = Field(
        0.15, ge=0, le=1, description="a context word is nearby; a second one says as much again"
    )
    capital: float = Field(
        0.15, ge=0, le=1, description="a capital that comes from no sentence's beginning, headline or surname"
    )
    version: float = Field(0.35, ge=0, le=1, description="a version follows, as in Gemini 2.5")
    article: float = Field(0.2, ge=0, le=1, description="a, an or the before it in lower case; taken off")
    misleading: float = Field(0.6, ge=0, le=1, description="a misleading word is nearby; taken off")
