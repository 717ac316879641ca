"""Invented names, in four styles, with a split between those that training may use and those kept for measuring.

A name is a list of parts (syllables, or runs of letters). Two splits keep the measured names unseen: whole names by
their hash, and, in the style with the most syllables ("closed"), one syllable in eight, which no training name of
that style is built from.
"""

import functools
import hashlib

import words

FIRST = words.FIRST_OPEN + words.FIRST_CLOSED
LATER = words.LATER_OPEN + words.LATER_CLOSED
ONSETS = (
    "b c d f g h j k l m n p r s t v w y z b d f g k l m n p r s t v z "
    "br bl cr cl dr fr fl gr gl kr kl pr pl sh sk sl sm sn sp st str sw th tr ch tw vr zh qu x kh"
).split()
VOWELS = "a e i o u a e i o u a e i o u ae ai au ea ei ia ie io oa oo ou ue y".split()
CODAS = "n r l s m x k t d p b g f th sh ck nd nt rk rn st ng ld ss z v".split()
UNFIT = frozenset(("shit", "cum", "tit", "kok", "fag", "nig", "poo"))
"""Syllables that nobody wants to read in a test file."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
STYLES = ("token", "open", "closed", "letters")
_TOKEN_SYLLABLES = frozenset(s.lower() for s in FIRST + LATER)


def bucket(text, count):
    """A number below count that depends on the text alone."""
    return int(hashlib.md5(text.encode()).hexdigest()[:8], 16) % count


def is_held_out(name):
    return bucket(name, 10) == 0


@functools.cache
def is_held_out_syllable(syllable):
    return syllable not in _TOKEN_SYLLABLES and bucket("s" + syllable, 8) == 0


def is_held_out_number(digits):
    """Short numbers are all seen in training: there are too few of them to keep any back."""
    return len(digits) >= 4 and bucket("n" + digits, 10) == 0


def syllable(random, style, held_out):
    while True:
        s = random.choice(ONSETS if random.random() < 0.93 else [""]) + random.choice(VOWELS)
        if style == "closed" and random.random() < 0.6:
            s += random.choice(CODAS)
        if style == "open" and len(s) != 2:
            continue
        if s not in UNFIT and (style == "open" or is_held_out_syllable(s) == held_out):
            return s


def part(random, style, first, held_out):
    """One part of a name. Only the closed style has held-out parts; in the others the whole name alone is split."""
    if style == "token":
        return random.choice(FIRST if first else LATER).lower()
    if style == "letters":
        return "".join(random.choice(LETTERS) for _ in range(random.choice((1, 2, 2, 3))))
    return syllable(random, style, held_out)


def count_of_parts(random, style):
    if style == "letters":
        return random.choice((2, 3, 4))
    return random.choice((2, 2, 2, 3, 3, 4)) if style == "open" else random.choice((2, 2, 2, 3, 3))


def text(parts):
    return "".join(parts).capitalize()


def fresh(random, style, held_out=False):
    while True:
        parts = [part(random, style, i == 0, held_out) for i in range(count_of_parts(random, style))]
        name = text(parts)
        if 3 <= len(name) <= 14 and is_held_out(name) == held_out:
            return parts


def sibling(random, parts, style, held_out=False, prefix_only=False):
    """Another name that is easily taken for this one: mostly one that begins with the same one or two parts."""
    while True:
        u = 0 if prefix_only else random.random()
        if u < 0.75:
            keep = random.randint(1, max(1, min(2, len(parts) - 1)))
            extra = random.choice((1, 1, 2)) if keep == 1 else 1
            other = parts[:keep] + [part(random, style, False, held_out) for _ in range(extra)]
        elif u < 0.84:
            longer = random.random() < 0.5 or len(parts) == 2
            other = parts + [part(random, style, False, held_out)] if longer else parts[:-1]
        elif u < 0.94:
            letters = list("".join(parts))
            letters[random.randrange(len(letters))] = random.choice(LETTERS)
            other = ["".join(letters)]
        else:
            other = [part(random, style, True, held_out)] + parts[1:]
        name = text(other)
        if name != text(parts) and 3 <= len(name) <= 15 and is_held_out(name) == held_out:
            return other
