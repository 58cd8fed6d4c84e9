"""Examples made from a schema, so that documentation cannot disagree with the types."""

from typing import Any

Schema = dict[str, Any]

_KNOWN_NAMES: dict[str, Any] = {
    "id": "t3_1oz8b2q",
    "post_id": "t3_1oz8b2q",
    "post_ids": ["t3_1oz8b2q"],
    "parent_id": "t3_1oz8b2q",
    "subreddit": "ClaudeAI",
    "subreddits": ["ClaudeAI"],
    "subreddits_processed": ["ClaudeAI"],
    "author": "an_author",
    "scorer": "textblob@0.19",
    "scorers": ["textblob@0.19"],
    "keywords": ["rate", "limit"],
    "tools": [],
    "url": "https://www.reddit.com/r/ClaudeAI/comments/1oz8b2q/",
    "permalink": "https://www.reddit.com/r/ClaudeAI/comments/1oz8b2q/",
    "request_id": "0b5c3f0e9d6b4a7f8c1d2e3f4a5b6c7d",
    "next_cursor": "q1bKXyQ0",
    "tool_id": "cursor",
    "tool_name": "Cursor",
    "tool_slug": "cursor",
    "tool_a_id": "cursor",
    "tool_b_id": "github-copilot",
    "primary_tool_id": "claude",
    "target_tool_id": "claude",
    "source_tool_ids": ["claude-code"],
    "title": "Rate limits again",
    "excerpt": "Rate limits again, twice this week",
    "reddit_url": "https://www.reddit.com/r/ClaudeAI/comments/1oz8b2q/",
    "type": "about:blank",
    "status": "ok",
}

TEXT_EXAMPLES: dict[str, str] = {
    "text/csv": "id,subreddit,title,upvotes\r\nt3_1oz8b2q,ClaudeAI,Rate limits again,12\r\n",
    "application/x-ndjson": '{"id":"t3_1oz8b2q","subreddit":"ClaudeAI","title":"Rate limits again"}\n',
    "text/event-stream": 'id: 7\nevent: data.updated\ndata: {"version":7}\n\n',
    "text/plain": "ok\n",
    "text/html": "<!doctype html>\n",
    "text/css": "body { margin: 0 }\n",
}
"""The beginnings of answers that are no JSON, by media type."""


def example_of(schema: Schema, components: dict[str, Schema], name: str = "") -> Any:
    """A value that fits a schema.

    :param components: what ``$ref`` refers to.
    :param name: of the field, for a telling value where the schema has none.
    """
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rpartition("/")[2]], components, name)
    if "examples" in schema:
        return schema["examples"][0]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], components, name)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    words = schema.get("items", schema) if schema.get("type") == "array" else schema
    if name in _KNOWN_NAMES and (words.get("type") == "string" or not words):
        return _KNOWN_NAMES[name]
    return _by_type(schema, components, name)


def _by_type(schema: Schema, components: dict[str, Schema], name: str) -> Any:
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {})
            return {key: example_of(field, components, key) for key, field in fields.items()}
        case "array":
            members = schema.get("prefixItems") or [schema.get("items", {})]
            return [example_of(member, components, name) for member in members]
        case "string":
            return "2026-11-23T16:00:00Z" if schema.get("format") == "date-time" else name.replace("_", " ")
        case "integer":
            return max(schema.get("minimum", 0), 12)
        case "number":
            return 0.25
        case "boolean":
            return False
        case kind:
            raise TypeError(f"no example for {kind!r} in {name!r}")
