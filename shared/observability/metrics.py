"""What a process counts and measures, for Prometheus; labels are codes and names of ours only."""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

HTTP_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Metrics:
    registry: CollectorRegistry
    http_seconds: Histogram
    relay_lag: Gauge
    outbox_depth: Gauge
    events_handled: Counter
    events_failed: Counter
    events_parked: Counter
    events_repaired: Counter
    timers_fired: Counter
    loop_failures: Counter
    log_keys_dropped: Counter
    log_lines_lost: Counter


def make_metrics(registry: CollectorRegistry) -> Metrics:
    """Return a set of metrics in *registry*; a test that counts makes its own."""

    def counter(name: str, about: str, *labels: str) -> Counter:
        return Counter(f"handoff_{name}", about, labels, registry=registry)

    def gauge(name: str, about: str) -> Gauge:
        return Gauge(f"handoff_{name}", about, registry=registry)

    return Metrics(
        registry=registry,
        http_seconds=Histogram(
            "handoff_http_request_duration_seconds",
            "Time from request to answer, by route template.",
            ("method", "route", "status"),
            buckets=HTTP_SECONDS,
            registry=registry,
        ),
        relay_lag=gauge("relay_lag_seconds", "Age of the oldest event not yet told."),
        outbox_depth=gauge("outbox_depth", "Events not yet told."),
        events_handled=counter("events_handled", "Events handled.", "consumer"),
        events_failed=counter("events_failed", "Attempts that failed.", "consumer"),
        events_parked=counter("events_parked", "Events set aside as dead letters.", "consumer"),
        events_repaired=counter("events_repaired", "Events found in a journal.", "consumer"),
        timers_fired=counter("timers_fired", "Timers fired.", "kind"),
        loop_failures=counter("loop_failures", "Failed steps of loops.", "loop"),
        log_keys_dropped=counter("log_keys_dropped", "Log values that were not allowed out."),
        log_lines_lost=counter("log_lines_lost", "Log lines that could not be written."),
    )


METRICS = make_metrics(CollectorRegistry())
