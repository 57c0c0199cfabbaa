"""Figures of our own HTTP side for Prometheus; one registry for each application, so that tests stay apart."""

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.exposition import generate_latest


class HttpMetrics:
    """How many requests, how long they took (seconds), by method, route template and status."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "mxm_http_request_seconds",
            "Time to answer a request, in seconds.",
            ["method", "route", "status"],
            registry=self.registry,
            buckets=(0.005, 0.02, 0.1, 0.5, 2, 10, 60),
        )

        self._series: dict[tuple[str, str, int], Histogram] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note one answered request. `route` is the template, never the path: paths would be without number."""
        key = (method if method in _METHODS else "OTHER", route, status)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = self._seconds.labels(key[0], route, str(status))
        series.observe(seconds)

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self.registry)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
