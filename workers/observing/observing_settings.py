"""Settings of what a process shows of itself."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings

Port = Annotated[int, Field(ge=1, le=65535)]


class ObservingSettings(BaseSettings):
    """Metrics, traces and logs."""

    metrics_port: Port | None = None
    """Port on which a worker shows metrics to Prometheus; none: it shows and measures none."""
    metrics_host: str = "127.0.0.1"
    """Address on which it does. Whoever reaches it may read them: they hold no ids, and no number of a programme."""
    tracing: bool = False
    """Send traces over OTLP, as the variables `OTEL_*` of OpenTelemetry say; needs `binome[tracing]`."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console"] = "json"
