"""Who asks, and whether they may: sign-in, sessions, and the one check before every route."""
