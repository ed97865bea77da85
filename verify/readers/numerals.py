"""Counting notes in letters and in Roman numerals, as documents do."""

_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


def roman(count: int) -> str:
    """Give a number in Roman numerals, in lower case."""
    text = ""
    for value, sign in _ROMAN:
        text += sign * (count // value)
        count %= value
    return text


def lettered(count: int, letters: str) -> str:
    """Give a number in letters that count up: a ... z, aa, ab ..."""
    text = ""
    while count:
        count, rest = divmod(count - 1, len(letters))
        text = letters[rest] + text
    return text
