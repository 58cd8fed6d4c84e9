"""The figures of everything behind the API, for Prometheus; read when asked for, counted anyway."""

from collections.abc import Callable, Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from sentiment_service.histograms import Histogram
from sentiment_service.jobs.totals import CycleTotals
from sentiment_service.scoring.llm import LlmScorer
from sentiment_service.scoring.worker import ScoringWorker
from sentiment_service.sources.usage import Usage
from sentiment_service.store.stores import Store


class ServiceCollector(Collector):
    """What runs behind the API.

    Names and labels are fixed, so that no address, token or text can get among them.

    :param llm: what asks the language model; ``None`` when none is asked.
    :param usage: what requests to Reddit cost so far; ``None`` before it is connected.
    :param collecting: whether a cycle runs.
    :param connected: whether the last check of the database succeeded.
    """

    def __init__(
        self,
        *,
        store: Store,
        worker: ScoringWorker,
        llm: LlmScorer | None,
        totals: CycleTotals,
        lag: Histogram,
        usage: Callable[[], Usage | None],
        collecting: Callable[[], bool],
        connected: Callable[[], bool],
    ) -> None:
        self._store = store
        self._worker = worker
        self._llm = llm
        self._totals = totals
        self._lag = lag
        self._usage = usage
        self._collecting = collecting
        self._connected = connected

    def collect(self) -> Iterable[Metric]:
        """The figures now."""
        lag = HistogramMetricFamily("event_loop_lag_seconds", "How late the event loop woke a sleeper.")
        lag.add_metric([], self._lag.cumulative(), self._lag.sum)
        yield lag
        yield from self._of_cycles()
        yield from self._of_reddit()
        yield from self._of_scoring()
        if self._llm is not None:
            yield from _of_language_model(self._llm)
        yield from self._of_database()

    def _of_cycles(self) -> Iterable[Metric]:
        totals = self._totals
        durations = HistogramMetricFamily(
            "collection_duration_seconds", "Time that collections took, by how they ended.", labels=["status"]
        )
        for status, seconds in list(totals.durations.items()):
            durations.add_metric([status], seconds.cumulative(), seconds.sum)
        yield durations
        yield GaugeMetricFamily("collection_running", "Whether a collection runs.", self._collecting())
        items = CounterMetricFamily("items", "Items stored, by what became of them.", labels=["kind"])
        for kind, count in totals.items.items():
            items.add_metric([kind], count)
        yield items
        read = CounterMetricFamily("items_read", "Items that collections came across.", labels=["kind"])
        for kind, count in totals.read.items():
            read.add_metric([kind], count)
        yield read
        yield CounterMetricFamily(
            "collection_gaps", "Stretches of time that a listing did not reach back to.", totals.gaps
        )

    def _of_reddit(self) -> Iterable[Metric]:
        usage = self._usage() or Usage()
        yield CounterMetricFamily("reddit_requests", "Requests sent, each attempt counted.", usage.requests)
        yield CounterMetricFamily("reddit_retries", "Attempts beyond a request's first.", usage.retries)
        yield CounterMetricFamily(
            "reddit_throttled", "Answers 429, and requests held back for the rate limit.", usage.throttled
        )
        if usage.rate_limit_remaining is not None:
            yield GaugeMetricFamily(
                "reddit_rate_limit_remaining", "Requests left in the window.", usage.rate_limit_remaining
            )
        if usage.rate_limit_reset_s is not None:
            yield GaugeMetricFamily(
                "reddit_rate_limit_reset_seconds", "Time until it starts anew.", usage.rate_limit_reset_s
            )

    def _of_scoring(self) -> Iterable[Metric]:
        worker = self._worker
        yield CounterMetricFamily("scoring_texts", "Texts scored.", worker.scored)
        yield GaugeMetricFamily("scoring_queue_texts", "Texts waiting or being scored.", worker.queued)
        yield GaugeMetricFamily("scoring_worker_up", "Whether the scoring process runs.", worker.alive)

    def _of_database(self) -> Iterable[Metric]:
        database, version = self._store.database, self._store.state.watch.current
        seconds = HistogramMetricFamily(
            "database_operation_duration_seconds",
            "Time that operations took, each attempt counted.",
            labels=["operation"],
        )
        for operation, histogram in database.seconds.items():
            seconds.add_metric([operation], histogram.cumulative(), histogram.sum)
        yield seconds
        yield CounterMetricFamily("database_retries", "Operations repeated.", database.retries)
        yield CounterMetricFamily(
            "database_throttled", "Times the server asked to slow down.", database.throttled
        )
        yield GaugeMetricFamily("database_up", "Whether the last check succeeded.", self._connected())
        if version is not None:
            yield GaugeMetricFamily("data_version", "Counts every change of the data.", version.number)
            yield GaugeMetricFamily(
                "data_changed_timestamp_seconds",
                "When the data changed last, since the epoch.",
                version.changed_at.timestamp(),
            )


def _of_language_model(llm: LlmScorer) -> Iterable[Metric]:
    yield CounterMetricFamily("llm_requests", "Requests sent to the language model.", llm.requests)
    yield CounterMetricFamily("llm_texts", "Texts that the language model scored.", llm.scored)
    fallbacks = CounterMetricFamily(
        "llm_fallbacks",
        "Texts meant for the language model that kept the score they had, by why.",
        labels=["reason"],
    )
    for reason, count in list(llm.fallbacks.items()):
        fallbacks.add_metric([reason], count)
    yield fallbacks
    yield GaugeMetricFamily("llm_budget_left_texts", "Texts left of today's budget.", llm.left_today)
