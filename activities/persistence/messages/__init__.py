"""Events that come in, notices that go out, and messages that no workflow could read."""
