"""Generated documents of facts with questions about them. Nothing is read from a corpus.

A document states facts, one sentence each ("The code of Zorvan is 4821."), in the system message or in the first user
message, and the questions follow as turns of a conversation. Attention looks only back, so the first question of a
conversation of many is exactly the single question that the model is measured on; the others make the same document
pay for many supervised answers.
"""

from dataclasses import dataclass

import names
import words

PREAMBLES = (
    "",
    "",
    "",
    "Facts: ",
    "Facts:\n",
    "You are a helpful assistant. ",
    "You are a helpful assistant.\n\n",
    "You are a helpful assistant. Use only these facts. ",
    "You are a helpful assistant. Use only these facts.\n",
    "Use only these facts. ",
    "Use only these facts:\n",
    "Here are the facts: ",
    "Read this document. ",
    "Document: ",
    "Answer the question with these facts. ",
)
SYSTEM_ALONE = (
    "You are a helpful assistant.",
    "You are a helpful assistant.",
    "Use only these facts.",
    "Answer the question.",
    "You answer the questions.",
)
JOINS = (
    ("", " "),
    ("", "\n"),
    ("", "\n\n"),
    ("", " "),
    ("", "\n\n"),
    ("Facts: ", " Question: "),
    ("Facts: ", "\nQuestion: "),
    ("Facts: ", "\n\nQuestion: "),
    ("Facts:\n", "\n\nQuestion: "),
    ("Facts:\n", "\n\n"),
    ("Facts: ", " "),
    ("Here are the facts: ", "\n\n"),
    ("Here are the facts:\n", "\nQuestion: "),
    ("Use only these facts. ", " "),
    ("Use only these facts:\n", "\n\n"),
    ("Read this document. ", " "),
    ("Document: ", "\nQuestion: "),
    ("", " Question: "),
    ("", "\n\nAnswer the question: "),
)
"""What stands before the facts and between them and the question when both are in the user's message."""
QUESTIONS = (
    ("What is the %s of %s?", 40),
    ("What's the %s of %s?", 2),
    ("what is the %s of %s?", 1),
    ("What is the %s of %s", 1),
    ("Tell me the %s of %s.", 3),
    ("Which %s does %s have?", 2),
    ("Please tell me the %s of %s.", 1),
    ("Do you know the %s of %s?", 1),
    ("Question: What is the %s of %s?", 1),
)
_QUESTION_TEXTS = [q for q, _ in QUESTIONS]
_QUESTION_WEIGHTS = [w for _, w in QUESTIONS]
_FILLER_WORDS = (
    [w for w in words.TEMPLATE_WORDS if w.isalpha() and w.islower()] + words.FOODS + words.ANIMALS + words.JOBS
)


@dataclass(frozen=True)
class Mix:
    """What a document and its questions may be; all are fractions of documents or of questions."""

    codes_only: float = 0.65
    """Documents whose facts all have one attribute, nearly always the code."""
    styles: tuple = (0.32, 0.24, 0.30, 0.14)
    """Weights of the name styles, in the order of names.STYLES."""
    clusters: float = 0.65
    """Documents with groups of names that share a beginning."""
    near_values: float = 0.45
    """Documents in which many codes differ in one digit."""
    filler: float = 0.1
    in_user: float = 0.5
    unknown: float = 0.05
    follow_up: float = 0.15
    repeats: float = 0.0
    """Rows that are a random token sequence said again and again: the first lesson, see data.py."""


@dataclass(frozen=True)
class Turn:
    role: str
    text: str
    kind: str = ""
    """For the assistant's turns: recall, unknown or follow-up."""


class Document:
    """The facts of one conversation, drawn at random."""

    def __init__(self, random, fact_count, mix, held_out=False):
        self.random, self.mix, self.held_out = random, mix, held_out
        self.style = random.choices(names.STYLES, mix.styles)[0]
        self.mixed_styles = random.random() < 0.2
        if random.random() < mix.codes_only:
            self.attributes = ["code" if random.random() < 0.9 else random.choice(("key", "room", "age", "code"))]
        else:
            every = list(words.ATTRIBUTES)
            self.attributes = random.sample(every, random.choice((2, 3, len(every), len(every))))
            if "code" not in self.attributes and random.random() < 0.5:
                self.attributes[0] = "code"
        self.code_digits = random.choices(((4,), (5,), (3,), (3, 4, 5), (6,)), (62, 12, 8, 14, 4))[0]
        self.near = random.random() < mix.near_values
        self._draw_names(fact_count)
        self._draw_facts(fact_count)

    def _draw_names(self, fact_count):
        random = self.random
        per_name = 1 if len(self.attributes) == 1 else random.choice((1, 1.3, 2, 3))
        wanted = max(1, int(fact_count / per_name))
        clustered = random.random() < self.mix.clusters
        self.names, self.crowded = {}, []
        while len(self.names) < wanted:
            style = random.choices(names.STYLES, self.mix.styles)[0] if self.mixed_styles else self.style
            parts = names.fresh(random, style, self.held_out)
            size = random.choice((0, 0, 1, 2, 4, 5, 5, 7)) if clustered else 0
            group = [parts]
            for _ in range(size):
                group.append(names.sibling(random, random.choice((parts, parts, group[-1])), style, self.held_out))
            self.crowded += [names.text(p) for p in group] if size else []
            for p in group:
                self.names.setdefault(names.text(p), p)
        self.names = dict(list(self.names.items())[:wanted])
        self.crowded = [n for n in self.crowded if n in self.names]

    def _draw_facts(self, fact_count):
        random, self.facts = self.random, {}
        known = list(self.names)
        for i in range(20 * fact_count):
            if len(self.facts) == fact_count:
                break
            name = known[i] if i < len(known) else random.choice(known)
            self.facts.setdefault((random.choice(self.attributes), name), None)
        order = list(self.facts)
        if random.random() < 0.8:
            random.shuffle(order)
        self.facts = {}
        for attribute, name in order:
            self.facts[attribute, name] = self._value(attribute)

    def _value(self, attribute):
        random, kind = self.random, words.ATTRIBUTES[attribute]
        if kind == words.NAME:
            return names.text(names.fresh(random, self.style, self.held_out))
        if isinstance(kind, list):
            return random.choice(kind)
        count = random.choice(self.code_digits) if attribute == "code" else kind
        while True:
            digits = [random.choice("0123456789") for _ in range(count)]
            if digits[0] == "0" and random.random() < 0.8:
                digits[0] = random.choice("123456789")
            if self.near and self.facts and random.random() < 0.6:
                other = list(random.choice(list(self.facts.values())))
                if len(other) == count and other[0].isdigit():
                    at = random.randrange(count)
                    other[at] = digits[at]
                    digits = other
            value = "".join(digits)
            if names.is_held_out_number(value) == self.held_out or (len(value) < 4):
                return value

    def text(self):
        random = self.random
        sentences = [fact(a, n, v) for (a, n), v in self.facts.items()]
        if random.random() < self.mix.filler:
            at_most = random.choice((1, 3, 12))
            for _ in range(min(at_most, len(sentences))):
                sentences.insert(random.randint(0, len(sentences)), filler(random))
        separator = random.choices((" ", "\n", "\n- ", "\n\n"), (70, 24, 4, 2))[0]
        return ("- " if separator == "\n- " else "") + separator.join(sentences)


def fact(attribute, name, value):
    return "The %s of %s is %s." % (attribute, name, value)


def filler(random):
    """A sentence without meaning, of words from the vocabulary and of invented ones."""
    said = []
    for _ in range(random.randint(3, 14)):
        if random.random() < 0.6:
            said.append(random.choice(_FILLER_WORDS))
        else:
            said.append("".join(names.syllable(random, "closed", False) for _ in range(random.choice((1, 1, 2)))))
    return " ".join(said).capitalize() + random.choice("....!?")


class Conversation:
    """A document and questions about it, until about `tokens` tokens are reached or `question_count` questions
    asked."""

    TOKENS_PER_QUESTION = 24

    def __init__(self, random, document, mix, tokens=0, question_count=0, first_kind=""):
        self.random, self.document, self.mix = random, document, mix
        self.turns, self.last = [], None
        self.todo = []
        text = document.text()
        before, between = self._open(text)
        spent, asked = len(text) * 0.43 + 20, 0
        while asked < max(1, question_count) or (not question_count and spent < tokens * 1.05):
            question, answer, kind = self._ask(first_kind if asked == 0 else "")
            self.turns.append(Turn("user", before + between + question))
            self.turns.append(Turn("assistant", answer, kind))
            before, between = "", ""
            spent, asked = spent + self.TOKENS_PER_QUESTION, asked + 1

    def _open(self, text):
        """Puts the facts into the system message, or returns them as the beginning of the first question."""
        random = self.random
        if random.random() >= self.mix.in_user:
            ending = (
                ""
                if random.random() < 0.93
                else random.choice((" Answer the question.", "\n", " Use only these facts."))
            )
            self.turns.append(Turn("system", random.choice(PREAMBLES) + text + ending))
            return "", ""
        if random.random() < 0.4:
            alone = random.choice(SYSTEM_ALONE) if random.random() < 0.85 else filler(random)
            self.turns.append(Turn("system", alone))
        lead, between = random.choice(JOINS)
        return lead + text, between

    def _ask(self, forced):
        random, facts = self.random, self.document.facts
        unknown = forced == "unknown" or (not forced and random.random() < self.mix.unknown)
        if self.last and not forced and random.random() < self.mix.follow_up:
            attribute, name, question = self._follow_up(unknown)
            kind = "follow-up"
        else:
            attribute, name = self._unknown() if unknown else self._known()
            question = random.choices(_QUESTION_TEXTS, _QUESTION_WEIGHTS)[0] % (attribute, name)
            kind = "recall" if (attribute, name) in facts else "unknown"
        self.last = (attribute, name)
        return question, fact(attribute, name, facts.get((attribute, name), "unknown")), kind

    def _known(self):
        random, document = self.random, self.document
        if not self.todo:
            self.todo = list(document.facts)
            random.shuffle(self.todo)
            if document.crowded and self.last is None:
                crowded = set(document.crowded)
                self.todo.sort(key=lambda fact: fact[1] in crowded)
        return self.todo.pop()

    def _unknown(self):
        random, document = self.random, self.document
        while True:
            base = random.choice(list(document.names.values()))
            name = names.text(
                names.sibling(random, base, document.style, document.held_out)
                if random.random() < 0.5
                else names.fresh(random, document.style, document.held_out)
            )
            attribute = random.choice(document.attributes)
            if len(document.attributes) > 1 and random.random() < 0.5:
                name = random.choice(list(document.names))
            if (attribute, name) not in document.facts:
                return attribute, name

    def _follow_up(self, unknown):
        random, document = self.random, self.document
        attribute, name = self.last
        others = [n for n in document.names if (attribute, n) in document.facts and n != name]
        if len(document.attributes) == 1 or random.random() < 0.6:
            if unknown or not others:
                name = self._unknown()[1]
            else:
                name = random.choice(others)
            return attribute, name, random.choice(("And of %s?", "And %s?", "And the %s of %%s?" % attribute)) % name
        attribute = random.choice(document.attributes)
        return attribute, name, random.choice(("And the %s?", "What about the %s?")) % attribute
