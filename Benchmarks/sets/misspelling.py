"""Misspelling a fifth of all words, the same way on every machine."""

from __future__ import annotations

import random
import re

NEIGHBOURS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl", "p": "ol",
    "a": "qsz", "s": "awdx", "d": "sefc", "f": "drgv", "g": "fthb", "h": "gyjn", "j": "hukm", "k": "jil", "l": "kop",
    "z": "asx", "x": "zsc", "c": "xdv", "v": "cfb", "b": "vgn", "n": "bhm", "m": "njk",
}
WORD = re.compile(r"[^\W\d_]+")
SHORTEST = 3


def misspell(texts: list[str], share: float = 0.2, seed: int = 20) -> list[str]:
    """The texts with `share` of all their words misspelt, each by one slip: a key beside the right one, two letters
    swapped, one left out or one doubled. Words under three letters stay, the longer ones make up for them."""
    source = random.Random(seed)
    places = [(number, found.span()) for number, text in enumerate(texts) for found in WORD.finditer(text)]
    long_enough = [place for place in places if place[1][1] - place[1][0] >= SHORTEST]
    count = min(len(long_enough), round(share * len(places)))
    chosen = sorted(source.sample(long_enough, count), reverse=True)
    result = list(texts)
    # From the back of each text, so that the places before stay true.
    for number, (start, end) in chosen:
        text = result[number]
        result[number] = text[:start] + _slip(text[start:end], source) + text[end:]
    return result


def _slip(word: str, source: random.Random) -> str:
    """One slip of the fingers; the result differs from the word."""
    for _ in range(20):
        place = source.randrange(len(word))
        letter = word[place]
        kind = source.choice(("neighbour", "swap", "drop", "double"))
        if kind == "neighbour" and letter.lower() in NEIGHBOURS:
            other = source.choice(NEIGHBOURS[letter.lower()])
            slipped = word[:place] + (other.upper() if letter.isupper() else other) + word[place + 1 :]
        elif kind == "swap" and place + 1 < len(word):
            slipped = word[:place] + word[place + 1] + letter + word[place + 2 :]
        elif kind == "drop":
            slipped = word[:place] + word[place + 1 :]
        else:
            slipped = word[:place] + letter + word[place:]
        if slipped != word:
            return slipped
    return word + word[-1]
