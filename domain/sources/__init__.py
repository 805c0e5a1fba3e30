"""Which service may send what, and how it shows who it is."""
