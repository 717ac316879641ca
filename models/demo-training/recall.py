"""The measured task: one question right after a document, about a name and a number that training never saw.

The asked name stands anywhere in the document, among five others that begin like it, and the rest of the document is
facts about other names, until the prompt has about the wanted number of tokens.
"""

from dataclasses import dataclass

import names
import words
from documents import Turn, fact

SYSTEM_LEADS = ("", "Facts: ", "You are a helpful assistant. Use only these facts. ", "Use only these facts:\n")
USER_JOINS = (("", " "), ("", "\n"), ("", "\n\n"), ("Facts: ", " Question: "), ("Facts:\n", "\n\nQuestion: "))
DISTRACTORS = 5


@dataclass(frozen=True)
class Question:
    turns: list
    value: str
    answer: str
    placement: str
    tokens: int


@dataclass(frozen=True)
class Kind:
    """What the names and the other facts of a question are drawn from."""

    style: str = "closed"
    placement: str = "system"
    other_attributes: float = 0.2
    """Fraction of the other facts that are about something else than a code."""
    digits: int = 4


def question(encoder, random, tokens, kind):
    asked, sentences = _crowd(random, kind)
    turns = _turns(random, sentences, asked, kind)
    size = len(encoder.prompt(turns))
    seen = set(asked)
    while True:
        extra = _other_fact(random, kind, seen)
        longer = sentences[:]
        longer.insert(random.randint(0, len(longer)), extra)
        added = len(encoder.tokenizer.encode(" " + extra, add_special_tokens=False).ids)
        if size + added > tokens:
            break
        sentences, size = longer, size + added
    turns = _turns(random, sentences, asked, kind)
    name, value = asked[0], asked[1]
    return Question(turns, value, fact("code", name, value), kind.placement, len(encoder.prompt(turns)))


def _number(random, count):
    while True:
        digits = str(random.randint(10 ** (count - 1), 10**count - 1))
        if names.is_held_out_number(digits) or count < 4:
            return digits


def _crowd(random, kind):
    """The asked name with its value, and the sentences about it and the five names that begin like it."""
    parts = names.fresh(random, kind.style, held_out=True)
    crowd = {names.text(parts): None}
    while len(crowd) <= DISTRACTORS:
        crowd[names.text(names.sibling(random, parts, kind.style, held_out=True, prefix_only=True))] = None
    values = {name: _number(random, kind.digits) for name in crowd}
    sentences = [fact("code", name, value) for name, value in values.items()]
    random.shuffle(sentences)
    name = names.text(parts)
    return (name, values[name]), sentences


def _other_fact(random, kind, seen):
    name = names.text(names.fresh(random, kind.style, held_out=True))
    if random.random() >= kind.other_attributes:
        return fact("code", name, _number(random, kind.digits))
    attribute = random.choice([a for a, of in words.ATTRIBUTES.items() if isinstance(of, list)])
    return fact(attribute, name, random.choice(words.ATTRIBUTES[attribute]))


def _turns(random, sentences, asked, kind):
    text = " ".join(sentences)
    asks = "What is the code of %s?" % asked[0]
    if kind.placement == "system":
        return [Turn("system", random.choice(SYSTEM_LEADS) + text), Turn("user", asks)]
    before, between = random.choice(USER_JOINS)
    user = Turn("user", before + text + between + asks)
    return [user] if random.random() < 0.5 else [Turn("system", "You are a helpful assistant."), user]
