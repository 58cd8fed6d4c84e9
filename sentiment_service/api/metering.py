"""Counting requests and their time, by route, method and status."""

from collections.abc import Iterable
from time import perf_counter

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric

from sentiment_service.api.problems import REQUEST_ID_HEADER, Handler, answer_to, request_id_of
from sentiment_service.histograms import Histogram

UNMATCHED = "unmatched"
"""Route of requests to addresses that do not exist, so that addresses clients invent make no labels."""


class RequestMeter:
    """Times every request but streams, which last as long as their listener likes."""

    def __init__(self) -> None:
        self.answered = 0
        """Requests so far, streams left out."""
        self.in_flight = 0
        self._by_labels: dict[tuple[str, str, str], Histogram] = {}
        self._by_route: dict[tuple[web.AbstractRoute, int], Histogram] = {}

    def middleware(self) -> Middleware:
        """Turns every error into problem details, gives every response its request's id, and times it all.

        It is the only middleware, because each one costs every request. A stream has begun before it comes
        by here, so it gives the id itself.
        """
        by_route = self._by_route

        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            began = perf_counter()
            self.in_flight += 1
            try:
                response = await handler(request)
            except Exception as error:  # noqa: BLE001 (the error middleware's broad catch: it logs or raises)
                response = answer_to(request, error)
            finally:
                self.in_flight -= 1
            if not response.prepared:
                response.headers[REQUEST_ID_HEADER] = request_id_of(request)
                self.answered += 1
                route = request.match_info.route
                seconds = by_route.get((route, response.status)) or self._histogram(request, route, response)
                seconds.observe(perf_counter() - began)
            return response

        return middleware

    def _histogram(
        self, request: web.Request, route: web.AbstractRoute, response: web.StreamResponse
    ) -> Histogram:
        method = request.method if request.method in hdrs.METH_ALL else "other"
        if route.resource is None:  # made anew for every request
            return self._by_labels.setdefault((UNMATCHED, method, str(response.status)), Histogram())
        labels = (route.resource.canonical, method, str(response.status))
        found = self._by_labels.setdefault(labels, Histogram())
        self._by_route[route, response.status] = found
        return found

    def collect(self) -> Iterable[Metric]:
        """What was counted."""
        seconds = HistogramMetricFamily(
            "http_request_duration_seconds",
            "Time from a request's arrival until its answer is ready.",
            labels=["route", "method", "status"],
        )
        for labels, histogram in list(self._by_labels.items()):
            seconds.add_metric(list(labels), histogram.cumulative(), histogram.sum)
        yield seconds
        yield GaugeMetricFamily(
            "http_requests_in_flight", "Requests being answered, event streams included.", self.in_flight
        )
