"""The human page of the API: rendered from the OpenAPI document, without scripts or foreign requests."""

import json
import shlex
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

from sentiment_service.api.admin_token import HEADER

Document = dict[str, Any]


def docs_page(document: Document, *, base_url: str, stylesheet: str, source: str) -> str:
    """The whole page.

    :param base_url: scheme, host and port that the curl examples use.
    :param stylesheet: address of the style sheet.
    :param source: address of the OpenAPI document.
    """
    info = document["info"]
    sections = "".join(_section(tag["name"], document, base_url) for tag in document["tags"])
    contents = "".join(
        f'<li><a href="#{escape(tag["name"])}">{escape(tag["name"])}</a></li>' for tag in document["tags"]
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(info["title"])} API</title><link rel="stylesheet" href="{escape(stylesheet)}">'
        '<link rel="icon" href="data:,"></head><body>'
        f"<header><h1>{escape(info['title'])} API <small>{escape(info['version'])}</small></h1>"
        f"<p>{_prose(info['summary'])} {_prose(info['description'])}</p>"
        f'<p>For machines: <a href="{escape(source)}">{escape(source)}</a></p>'
        f"<nav><ul>{contents}</ul></nav></header><main>{sections}</main></body></html>\n"
    )


def _section(tag: str, document: Document, base_url: str) -> str:
    calls = "".join(
        _call(method.upper(), path, operation, document, base_url)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if tag in operation["tags"]
    )
    return f'<section id="{escape(tag)}"><h2>{escape(tag)}</h2>{calls}</section>'


def _call(method: str, path: str, operation: Document, document: Document, base_url: str) -> str:
    return (
        f'<article id="{escape(operation["operationId"])}">'
        f'<h3><code><b class="{method.lower()}">{method}</b> {escape(path)}</code></h3>'
        f"<p><strong>{escape(operation['summary'])}.</strong> {_prose(operation['description'])}</p>"
        f"{_parameters(operation['parameters'])}"
        f"<pre><code>{escape(curl_example(method, path, operation, base_url))}</code></pre>"
        f"{_answers(operation, document)}</article>"
    )


def _parameters(parameters: list[Document]) -> str:
    if not parameters:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(item['name'])}</code></td><td>{escape(_range(item))}</td>"
        f"<td>{_prose(item['description'])}</td></tr>"
        for item in parameters
    )
    head = "<thead><tr><th>Parameter</th><th>Values</th><th></th></tr></thead>"
    return f"<table>{head}<tbody>{rows}</tbody></table>"


def _range(parameter: Document) -> str:
    schema = parameter["schema"]
    if "enum" in schema:
        text = ", ".join(schema["enum"])
    elif "minimum" in schema:
        text = f"{schema['minimum']} to {schema['maximum']}"
    else:
        text = "text"
    if parameter["required"]:
        return f"{text}; required"
    return f"{text}; {schema['default']} when not given" if "default" in schema else text


def curl_example(method: str, path: str, operation: Document, base_url: str) -> str:
    """A command that makes the call, with the example values of the document."""
    query = {}
    for parameter in operation["parameters"]:
        if "example" not in parameter:
            continue
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(str(parameter["example"])))
        else:
            query[parameter["name"]] = parameter["example"]
    words = ["curl", "--compressed"] if method == "GET" else ["curl", "-X", method]
    if "security" in operation:
        words += ["-H", f"{HEADER}: $ADMIN_TOKEN"]
    if "requestBody" in operation:
        body = json.dumps(operation["requestBody"]["content"]["application/json"]["example"])
        words += ["-H", "Content-Type: application/json", "-d", body]
    words.append(base_url + path + ("?" + urlencode(query) if query else ""))
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    """Quoted for a shell; a word with a variable is left open to it."""
    return f'"{word}"' if "$" in word else shlex.quote(word)


def _answers(operation: Document, document: Document) -> str:
    parts = []
    for status, response in operation["responses"].items():
        if "$ref" in response:
            response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        line = f"<code>{status}</code> {_prose(response['description'])}"
        parts.append(f"<li>{line}{_example(response, folded=status >= '300')}</li>")
    return f'<ul class="answers">{"".join(parts)}</ul>'


def _example(response: Document, *, folded: bool) -> str:
    for media_type, content in response.get("content", {}).items():
        if "example" in content and not folded:
            example = content["example"]
            text = example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)
            code = f"<pre><code>{escape(text)}</code></pre>"
            return f"<details><summary>{escape(media_type)}</summary>{code}</details>"
    return ""


def _prose(text: str) -> str:
    """Text in which words between backticks are code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))
