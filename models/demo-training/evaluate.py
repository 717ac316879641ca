"""Exact match of whole answers on held-out single questions, in float32 and as an int8 engine computes it.

A question counts when every token of the answer, and the end after it, is the most likely one; that is what greedy
decoding needs.

usage: evaluate.py CHECKPOINT-OR-MODEL-FOLDER TOKENIZER [COUNT]
"""

import collections
import copy
import pathlib
import random
import sys
from dataclasses import replace

import torch
import torch.nn as nn
import torch.nn.functional as F

import names
import recall
from data import TOKENS_PER_FACT, Encoder
from documents import Conversation, Document, Mix, Turn
from export import load

LENGTHS = (90, 150, 300, 600, 990)


class Int8Linear(nn.Module):
    """A linear layer with symmetric 8-bit weights per output and unsigned 8-bit activations whose range is taken from
    each row.

    The integers are kept in float32, which holds their products and sums here exactly enough for a score.
    """

    def __init__(self, linear):
        super().__init__()
        weight = linear.weight.detach()
        self.scale = (weight.abs().amax(1, keepdim=True) / 127).clamp(min=1e-12)
        self.weight = (weight / self.scale).round().clamp(-127, 127)

    def forward(self, x):
        low = x.amin(-1, keepdim=True).clamp(max=0)
        high = x.amax(-1, keepdim=True).clamp(min=0)
        step = ((high - low) / 255).clamp(min=1e-12)
        zero = (-low / step).round()
        levels = (x / step + zero).round().clamp(0, 255)
        return F.linear(levels - zero, self.weight) * step * self.scale.t()


def quantised(model):
    model = copy.deepcopy(model)
    for layer in model.layers:
        for name in ("query", "key", "value", "output", "gate", "up", "down"):
            setattr(layer, name, Int8Linear(getattr(layer, name)))
    model.head = Int8Linear(model.head)
    return model.eval()


@torch.no_grad()
def answered(model, encoder, question):
    """The first wrong answer of the model as text, or None when the answer is exact."""
    prompt = encoder.prompt(question.turns)
    ((ids, marks),) = encoder.encode([question.turns + [Turn("assistant", question.answer)]])
    logits = model(torch.tensor([ids[:-1]]), torch.tensor([marks[1:]]) >= 0)
    said, wanted = logits.argmax(-1).tolist(), ids[len(prompt) :]
    return None if said == wanted else encoder.tokenizer.decode(said)


def score(model, encoder, kind, tokens, count, seed=4242):
    source = random.Random("%d %s %d" % (seed, kind, tokens))
    wrong = []
    for _ in range(count):
        question = recall.question(encoder, source, tokens, kind)
        said = answered(model, encoder, question)
        if said is not None:
            wrong.append((question.answer, said))
    return wrong


@torch.no_grad()
def conversation_score(model, encoder, tokens, count, seed=99):
    """Held-out conversations of the training's own grammar, four questions each: kind -> [right, asked]."""
    source, counts = random.Random("%d %d" % (seed, tokens)), collections.defaultdict(lambda: [0, 0])
    mix = replace(Mix(), unknown=0.3, follow_up=0.5)
    for _ in range(count):
        document = Document(source, max(2, int((tokens - 110) / TOKENS_PER_FACT)), mix, held_out=True)
        turns = Conversation(source, document, mix, question_count=4).turns
        ((ids, marks),) = encoder.encode([turns])
        marks, targets = torch.tensor(marks[1:]), torch.tensor(ids[1:])
        said = model(torch.tensor([ids[:-1]]))[0].argmax(-1)
        for number, turn in enumerate(t for t in turns if t.role == "assistant"):
            tally = counts[
                turn.kind + (", no such fact" if turn.kind == "follow-up" and "unknown" in turn.text else "")
            ]
            tally[0] += bool((said == targets)[marks == number].all())
            tally[1] += 1
    return dict(sorted(counts.items()))


def kinds():
    for style in names.STYLES:
        for placement in ("system", "user"):
            yield recall.Kind(style=style, placement=placement)
    yield recall.Kind(other_attributes=0.0)
    yield recall.Kind(other_attributes=1.0)
    yield recall.Kind(digits=5, placement="user")
    yield recall.Kind(digits=3)


def main(model_path, tokenizer_path, count):
    torch.set_num_threads(1)
    encoder, model = Encoder(tokenizer_path), load(model_path)
    for label, network in (("float32", model), ("int8", quantised(model))):
        right = total = 0
        for kind in kinds():
            cells = []
            for tokens in LENGTHS:
                wrong = score(network, encoder, kind, tokens, count)
                right, total = right + count - len(wrong), total + count
                cells.append("%d: %d/%d" % (tokens, count - len(wrong), count))
            print(label, kind, " | ".join(cells), wrong[:1], flush=True)
        print(label, "all", "%d/%d = %.2f %%" % (right, total, 100 * right / total), flush=True)
        for tokens in (150, 400, 990):
            print(
                label,
                "conversations of about %d tokens:" % tokens,
                conversation_score(network, encoder, tokens, count),
                flush=True,
            )


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 40)
