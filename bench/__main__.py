"""``python -m bench [PART …]``: see ``python -m bench --help``."""

import sys

from bench import (
    bare,
    beside,
    dashboard,
    endurance,
    exporting,
    first_run,
    growth,
    mention_sentiment,
    mentions,
    rates,
    rescoring,
    scoring,
    swarm,
)
from bench.command import main
from bench.options import Run

PARTS: dict[str, Run] = {
    "scoring": scoring.run,
    "mentions": mentions.run,
    "mention-sentiment": mention_sentiment.run,
    "bare": bare.run,
    "latency": rates.run,
    "locust": swarm.run,
    "endurance": endurance.run,
    "growth": growth.run,
    "reanalysis": rescoring.run,
    "export": exporting.run,
    "baseline": beside.run,
    "first-run": first_run.run,
    "dashboard": dashboard.run,
}
NEED_MORE = {"first-run", "dashboard", "reanalysis"}
USUAL = [name for name in PARTS if name not in NEED_MORE]

if __name__ == "__main__":
    sys.exit(main(PARTS, usual=USUAL))
