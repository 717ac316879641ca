"""Writes tokenizer.json and tokenizer_config.json: byte-level BPE whose merges are ordered by hand, not counted from
text.

Every syllable of words.py and every word of the grammar is one token and every digit is a token of its own, so a name
is two or three tokens and a code is its digits. Any other text falls apart into shorter pieces and, at worst, into
bytes; nothing is ever unknown.

usage: tokenizer.py FOLDER
"""

import json
import pathlib
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers
from tokenizers.pre_tokenizers import ByteLevel

import words

SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SPECIAL = ["<|begin|>", "<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|tool|>"]
ADDED = ["<tool_call>", "</tool_call>"]
SPACE = "\u0120"
"""How the byte-level alphabet writes a leading space."""

CHAT_TEMPLATE = (
    "{{ bos_token }}"
    "{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ '<|system|>' + message['content'] + '<|end|>' }}"
    "{% elif message['role'] == 'user' %}{{ '<|user|>' + message['content'] + '<|end|>' }}"
    "{% elif message['role'] == 'assistant' %}{{ '<|assistant|>' + message['content'] + '<|end|>' }}"
    "{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)


class Merges:
    """The ordered merges and the vocabulary that grows with them."""

    def __init__(self):
        self.order = []
        self.known = set()
        self.vocabulary = {}
        for token in SPECIAL + ADDED + sorted(ByteLevel.alphabet()):
            self.vocabulary[token] = len(self.vocabulary)

    def add(self, left, right):
        if (left, right) in self.known:
            return
        self.known.add((left, right))
        self.order.append((left, right))
        self.vocabulary.setdefault(left + right, len(self.vocabulary))

    def split(self, word):
        """The pieces of a word under the merges so far."""
        rank = {merge: i for i, merge in enumerate(self.order)}
        pieces = list(word)
        while True:
            ranked = [(rank[pair], i) for i, pair in enumerate(zip(pieces, pieces[1:])) if pair in rank]
            if not ranked:
                return pieces
            _, i = min(ranked)
            pieces[i : i + 2] = [pieces[i] + pieces[i + 1]]

    def add_word(self, word):
        """Joins the present pieces from the left, so that earlier merges keep their meaning."""
        pieces = self.split(word)
        while len(pieces) > 1:
            self.add(pieces[0], pieces[1])
            pieces = [pieces[0] + pieces[1]] + pieces[2:]
        if self.split(word) != [word]:
            raise ValueError(f"an earlier merge keeps {word!r} from being one token: {self.split(word)}")


def syllable_merges(merges):
    for s in words.LATER_OPEN:
        merges.add(s[0], s[1])
    for s in words.LATER_CLOSED:
        merges.add(s[:2], s[2])
    for s in words.FIRST_OPEN:
        merges.add(SPACE, s[0])
    for s in words.FIRST_OPEN:
        merges.add(SPACE + s[0], s[1])
    for s in words.FIRST_CLOSED:
        merges.add(SPACE + s[:2], s[2])
    for s in words.FIRST_OPEN:
        merges.add(s[0], s[1])
    for s in words.FIRST_CLOSED:
        merges.add(s[:2], s[2])


def word_merges(merges):
    plain = words.TEMPLATE_WORDS + words.COLOURS + words.ANIMALS + words.JOBS + words.FOODS + list(words.ATTRIBUTES)
    whole = []
    for word in plain:
        whole += [word, SPACE + word] if word[0].isalpha() else [word]
    for name in words.TOOLS + words.ARGUMENTS:
        head, *tail = name.split("_")
        whole += [head, SPACE + head] + ["_" + part for part in tail]
    whole += ['{"', '":', SPACE + '"', '",', SPACE + '{"', '"}}', '"}', ".", '?"', '".', '("', '")', SPACE + "(", "),"]
    whole += [").", '."', '"?', '"\u010a']
    for word in whole:
        merges.add_word(word)


def build():
    merges = Merges()
    syllable_merges(merges)
    word_merges(merges)
    tokenizer = Tokenizer(models.BPE(vocab=merges.vocabulary, merges=merges.order, byte_fallback=False, fuse_unk=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), "isolated", invert=False),
            ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel(add_prefix_space=False, trim_offsets=True, use_regex=True)
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in SPECIAL])
    tokenizer.add_tokens([AddedToken(t, special=False, normalized=False) for t in ADDED])
    return tokenizer


def config():
    return {
        "add_bos_token": False,
        "add_prefix_space": False,
        "bos_token": "<|begin|>",
        "eos_token": "<|end|>",
        "pad_token": "<|pad|>",
        "chat_template": CHAT_TEMPLATE,
        "clean_up_tokenization_spaces": False,
        "model_max_length": 4096,
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": None,
    }


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    build().save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(config(), indent=1) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
