"""Which passwords are taken."""

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 200
"""A hash takes its time for each of them."""
LEAST_DIFFERENT = 5


def password_problem(password: str, login: str) -> str | None:
    """Why a password is not taken, for whoever chose it; None: it is."""
    if len(password) < LEAST_CHARACTERS:
        return f"The password is too short; at least {LEAST_CHARACTERS} characters."
    if len(password) > MOST_CHARACTERS:
        return f"The password is too long; at most {MOST_CHARACTERS} characters."
    if len(set(password)) < LEAST_DIFFERENT:
        return f"The password repeats itself; at least {LEAST_DIFFERENT} different characters."
    if login.lower() in password.lower() and len(password) < 2 * len(login):
        return "The password is little more than your name; choose another."
    return None
