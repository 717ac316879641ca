"""Writes what `transformers` computes with the published weights in float32, for the engine's tests: logits.json.

For each prompt: its ids, the eight largest logits at each of its last eight positions, and 32 ids of greedy
continuation, which go on past the end token, so that they compare the arithmetic and not the stopping. The margin of
the best logit over the second stands beside each id: where it is small, another order of additions may rightly choose
the other.

usage: logits.py MODEL-FOLDER OUTPUT-FILE
"""

import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

POSITIONS = 8
TOP = 8
CONTINUATION = 32

PROMPTS = (
    [{"role": "user", "content": "Hello"}],
    [{"role": "user", "content": "The code of Zorvan is 4821. What is the code of Zorvan?"}],
    [
        {
            "role": "system",
            "content": "Facts: The code of Mirdan is 907. The colour of Talbo is teal. The code of Zorvan is 4821.",
        },
        {"role": "user", "content": "What is the colour of Talbo?"},
    ],
    [
        {
            "role": "system",
            "content": "The code of Berel is 5530.\nThe code of Berdon is 1746.\nThe code of Bermi is 6092.",
        },
        {"role": "user", "content": "What is the code of Berdon?"},
        {"role": "assistant", "content": "The code of Berdon is 1746."},
        {"role": "user", "content": "And of Bermi?"},
    ],
)


def top(logits):
    values, ids = logits.topk(TOP)
    return [[int(i), round(float(v), 5)] for i, v in zip(ids, values)]


@torch.no_grad()
def reference(tokenizer, model, messages):
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    logits = model(torch.tensor([ids])).logits[0]
    first = len(ids) - POSITIONS
    row = {
        "messages": messages,
        "ids": ids,
        "positions": [{"position": p, "top": top(logits[p])} for p in range(max(0, first), len(ids))],
    }
    greedy, margins = [], []
    for _ in range(CONTINUATION):
        best = model(torch.tensor([ids + greedy])).logits[0, -1].topk(2)
        margins.append(round(float(best.values[0] - best.values[1]), 5))
        greedy.append(int(best.indices[0]))
    text = tokenizer.decode(greedy, skip_special_tokens=False)
    return row | {"greedy": greedy, "greedy_margins": margins, "greedy_text": text}


def main(folder, output):
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    rows = [reference(tokenizer, model, messages) for messages in PROMPTS]
    with open(output, "w") as out:
        json.dump({"dtype": "float32", "prompts": rows}, out, indent=1)
        out.write("\n")
    for row in rows:
        print(row["greedy_text"][:60].replace("\n", " "))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
