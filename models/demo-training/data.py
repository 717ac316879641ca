"""Turns conversations into rows of token ids with a mark on the answers."""

from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from documents import Conversation, Document

TOKENS_PER_FACT = 12.6
FEW_FACTS_UP_TO = 400
"""Rows of at most so many tokens may hold a handful of facts and many questions about them."""
_NOT_AN_ANSWER = -1


@dataclass(frozen=True)
class Batch:
    inputs: np.ndarray
    targets: np.ndarray
    answers: np.ndarray
    """The number of the answer a target belongs to, or -1."""
    padding: np.ndarray


class Encoder:
    def __init__(self, path):
        self.tokenizer = Tokenizer.from_file(str(path))
        self.size = self.tokenizer.get_vocab_size()
        self.begin, self.pad, self.end = (self.tokenizer.token_to_id("<|%s|>" % t) for t in ("begin", "pad", "end"))
        self.roles = {r: self.tokenizer.token_to_id("<|%s|>" % r) for r in ("system", "user", "assistant")}
        # Bytes and special tokens stay out of the random sequences of the first lesson.
        self.repeatable = np.arange(9 + 256, self.size)

    def encode(self, conversations):
        """For each conversation its ids and, beside each id, the number of the answer it belongs to."""
        flat = [turn.text for turns in conversations for turn in turns]
        encoded = iter(self.tokenizer.encode_batch(flat, add_special_tokens=False))
        rows = []
        for turns in conversations:
            ids, marks, answers = [self.begin], [_NOT_AN_ANSWER], 0
            for turn in turns:
                body = next(encoded).ids + [self.end]
                ids += [self.roles[turn.role]] + body
                mark = _NOT_AN_ANSWER
                if turn.role == "assistant":
                    mark, answers = answers, answers + 1
                marks += [_NOT_AN_ANSWER] + [mark] * len(body)
            rows.append((ids, marks))
        return rows

    def prompt(self, turns):
        """The ids of the turns and of the mark that the assistant speaks next: what the chat template gives."""
        ((ids, _),) = self.encode([turns])
        return ids + [self.roles["assistant"]]


def conversation(random, tokens, mix):
    share = random.choice((0.25, 0.4, 0.55, 0.7, 0.86))
    count = max(2, int(tokens * share / TOKENS_PER_FACT))
    if tokens <= FEW_FACTS_UP_TO and random.random() < 0.2:
        count = random.randint(1, 8)
    return Conversation(random, Document(random, count, mix), mix, tokens=tokens).turns


def batch(encoder, random, rows, tokens, mix):
    encoded = encoder.encode([conversation(random, tokens, mix) for _ in range(rows)])
    ids = np.full((rows, tokens + 1), encoder.pad, dtype=np.int64)
    marks = np.full((rows, tokens + 1), _NOT_AN_ANSWER, dtype=np.int64)
    for row, (row_ids, row_marks) in enumerate(encoded):
        if random.random() < mix.repeats:
            ids[row], marks[row] = _repeated(encoder, random, tokens)
            continue
        size = min(len(row_ids), tokens + 1)
        ids[row, :size], marks[row, :size] = row_ids[:size], row_marks[:size]
    return Batch(ids[:, :-1], ids[:, 1:], marks[:, 1:], ids[:, 1:] == encoder.pad)


def _repeated(encoder, random, tokens):
    """A random sequence said over and over: every token after the first round is one that induction can answer."""
    period = random.randint(6, tokens // 2)
    sequence = np.random.RandomState(random.getrandbits(32)).choice(encoder.repeatable, period)
    ids = np.concatenate([[encoder.begin], np.tile(sequence, tokens // period + 1)])[: tokens + 1]
    marks = np.full(tokens + 1, _NOT_AN_ANSWER)
    marks[period + 2 :] = 1
    return ids, marks
