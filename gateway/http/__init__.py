"""What holds for every request and response: limits, headers, who may, refusals, unknown addresses."""
