"""Writes the held-out questions that the tests put to the served model: recall.jsonl, 200 lines, the same for the
same tokenizer.

Each line: {"messages", "expected", "expected_text", "prompt_tokens", "placement"}. Names are built from syllables
that training never used, numbers from those it never saw; five names begin like the asked one.

usage: recall_set.py TOKENIZER OUTPUT-FILE
"""

import json
import pathlib
import random
import sys

import recall
from data import Encoder

COUNT = 200
SHORTEST, LONGEST = 80, 1000


def questions(encoder):
    source = random.Random(2027)
    for i in range(COUNT):
        placement = "system" if i % 2 == 0 else "user"
        tokens = SHORTEST + (LONGEST - SHORTEST) * i // (COUNT - 1)
        kind = recall.Kind(style="closed", placement=placement, other_attributes=source.choice((0.0, 0.3, 0.6)))
        yield fitting(encoder, source, tokens, kind)


def fitting(encoder, source, tokens, kind):
    """The first draw that is no longer than wanted, or the shortest of many: six facts about long names exceed the
    shortest prompts."""
    draws = []
    while len(draws) < 60 and (not draws or draws[-1].tokens > tokens + 3):
        draws.append(recall.question(encoder, source, tokens, kind))
    return min(draws[-1:] if draws[-1].tokens <= tokens + 3 else draws, key=lambda draw: draw.tokens)


def main(tokenizer, output):
    encoder, sizes = Encoder(tokenizer), []
    with open(output, "w") as lines:
        for question in questions(encoder):
            row = {
                "messages": [{"role": turn.role, "content": turn.text} for turn in question.turns],
                "expected": question.value,
                "expected_text": question.answer,
                "prompt_tokens": question.tokens,
                "placement": question.placement,
            }
            sizes.append(question.tokens)
            lines.write(json.dumps(row) + "\n")
    print("%d questions of %d to %d tokens" % (len(sizes), min(sizes), max(sizes)))


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
