"""Figures for Prometheus."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Annotated

from aiohttp import hdrs, web
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from pydantic import InstanceOf, WithJsonSchema

from sentiment_service.api.cache import AnswerCache
from sentiment_service.api.metering import RequestMeter
from sentiment_service.api.routing import Routes
from sentiment_service.events import Events

routes = Routes(tag="System", prefix="")

Text = Annotated[InstanceOf[web.StreamResponse], WithJsonSchema({"type": "string"})]


class ApiCollector(Collector):
    """What the API itself counts."""

    def __init__(self, meter: RequestMeter, cache: AnswerCache, events: Events) -> None:
        self._meter = meter
        self._cache = cache
        self._events = events

    def collect(self) -> Iterable[Metric]:
        """The figures now."""
        yield from self._meter.collect()
        cache, events = self._cache, self._events
        yield CounterMetricFamily("answer_cache_hits", "Reads answered from memory.", cache.hits)
        yield CounterMetricFamily("answer_cache_misses", "Reads whose answer had to be made.", cache.misses)
        yield CounterMetricFamily("answer_cache_ahead", "Answers made before anybody asked.", cache.ahead)
        yield GaugeMetricFamily("answer_cache_bytes", "Memory that kept answers take at most.", cache.bytes)
        yield GaugeMetricFamily("answer_cache_answers", "Answers that are kept.", len(cache))
        yield GaugeMetricFamily("event_stream_listeners", "Open event streams.", events.listeners)
        yield CounterMetricFamily(
            "event_stream_resets", "Times a listener was told that it missed events.", events.missed
        )
        published = CounterMetricFamily("events_published", "Events by kind.", labels=["kind"])
        for kind, count in list(events.published.items()):
            published.add_metric([kind], count)
        yield published


class Exposition:
    """The figures of one application as text: a registry of its own, filled when it is first asked for.

    :param collectors: know the figures; asked in a thread, where reading files of the system may block.
    """

    def __init__(self, collectors: Sequence[Collector]) -> None:
        self._collectors = tuple(collectors)
        self._registry: CollectorRegistry | None = None
        self._turn = asyncio.Lock()

    async def text(self) -> bytes:
        """Prometheus' text format."""
        async with self._turn:
            return await asyncio.to_thread(self._generate)

    def _generate(self) -> bytes:
        if self._registry is None:
            registry = CollectorRegistry(auto_describe=False)
            ProcessCollector(registry=registry)
            for collector in self._collectors:
                registry.register(collector)
            self._registry = registry
        return generate_latest(self._registry)


EXPOSITION: web.AppKey[Exposition] = web.AppKey("api_exposition", Exposition)


@routes.get("/metrics", summary="Figures for Prometheus", media_type="text/plain", raw=True)
async def metrics(request: web.Request) -> Text:
    """Latency by route, loop lag, collections, Reddit, scoring, database, answers from memory, listeners."""
    headers = {hdrs.CONTENT_TYPE: CONTENT_TYPE_PLAIN_0_0_4, hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(body=await request.app[EXPOSITION].text(), headers=headers)
