"""What tools can check of the whole: lint, format, types, import contracts, the docs' completeness."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sentiment_service.config import keys

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["lint-imports"],
    ],
    ids=" ".join,
)
@pytest.mark.timeout(300)
def test_the_tools_find_nothing(command: list[str]) -> None:
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_tells_of_every_setting() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [key for key in keys() if f"`{key}`" not in readme] == []


def test_ci_runs_the_test_command_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    found = re.search(r"<!-- newcomer: test -->\n```bash\n(.*?)```", readme, re.DOTALL)
    assert found is not None
    assert found.group(1) in (ROOT / ".ci" / "run").read_text()
