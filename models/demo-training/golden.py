"""Writes what the reference tokenizer and chat template give for many texts, for the tests to compare with.

tokenizer-golden.jsonl.gz: {"text", "ids", "decoded", "decoded_all"}: the ids without added tokens, and the text of
those ids with the special tokens left out and with them kept. decode-golden.jsonl.gz: the same without "text", for
ids that no text gives. template-golden.jsonl.gz: {"messages", "add_generation_prompt", "text", "ids"}.

usage: golden.py MODEL-FOLDER OUTPUT-FOLDER
"""

import gzip
import json
import pathlib
import random
import sys

from tokenizers import Tokenizer
from transformers import AutoTokenizer

import names
from data import conversation
from documents import Mix

SPECIAL = [
    "<|begin|>",
    "<|pad|>",
    "<|end|>",
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
    "<|tool|>",
    "<tool_call>",
    "</tool_call>",
]

BY_HAND = [
    "",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\n\n\n",
    " \n \n ",
    "\r\n\r\n  x",
    "a",
    " a",
    "  a",
    "a ",
    "a  ",
    "a\n",
    "The code of Zorvan is 4821.",
    "What is the code of Zorvan?",
    "The code of Zorvan is unknown.",
    "Facts:\nThe age of Bob is 12.\n\nQuestion: What is the age of Bob?",
    "don't I'm we'll they've he'd it's you're IT'S WE'LL o'clock ''s",
    "'s 't 're 've 'm 'll 'd 'S 'T 'RE 'x",
    "0",
    "0123456789",
    "3.14159, 1,000,000 and -42",
    "²³½ Ⅷ ٣٤٥ 一二三 ①②",
    "1a2b3c 4 d5",
    "   leading and trailing   ",
    "tabs\tand\t\ttabs\t",
    "mixed \t \n \r\n whitespace \u00a0\u2003\u3000end",
    "zero\u200bwidth\u200djoiner\ufeffmark",
    "line\u2028separator\u2029paragraph\u0085next",
    "vertical\u000btab and form\u000cfeed",
    "\u0000",
    "\u0000\u0001\u0002\u0003\u0007\u001b[31m\u007f",
    "\u0080\u0090\u009f",
    "caf\u00e9 cafe\u0301 na\u00efve nai\u0308ve",
    "\u1e9e\u00df\u0130\u0131\u01c5\ufb01",
    "a\u0300\u0301\u0302\u0303b \u0301 \u0301\u0301",
    "हिन्दी में एक वाक्य",
    "ภาษาไทยไม่มีช่องว่าง",
    "שלום עולם, مرحبا بالعالم",
    "中文句子,没有空格。日本語の文章です。한국어 문장입니다.",
    "Привет, мир! Γειά σου Κόσμε! Բարեւ",
    "😀",
    "😀😃 👍🏽 👩‍👩‍👧‍👦 🇩🇪🇫🇷 ❤️ ☃\ufe0f",
    "x😀y 😀 z",
    "\U0001f469\u200d\U0001f680 flies \U0001f680\U0001f680",
    "\U00010348\U0001d54f\U0001d7d8\U0002070e",
    "\ufffd \uffff \ue000 \U0010ffff",
    "if (a <= b && c != d) { return x[i]++; } // why?",
    'def f(x: int) -> str:\n    return f"{x:>5}"\n',
    '<html><body class="a">&amp;</body></html>',
    '{"name": "get_code", "arguments": {"who": "Zorvan"}}',
    "SELECT * FROM t WHERE id = 'x' -- comment\n;",
    "https://example.org/a/b?c=d&e=%20#f",
    "C:\\Users\\me\\file.txt ~/.config/x_y-z",
    "!!! ??? ... --- ___ *** ### @@@ $$$ %%% ^^^",
    " !a ?b .c\n-d\n\n--e",
    "!\n",
    " !\r\n\r\nx",
    "a_b __init__ snake_case camelCase SCREAMING_CASE",
    "«quoted» „quoted“ “quoted” ‘quoted’ …—–",
    "∀x∈ℝ: x²≥0 ⇒ √x ≤ ∞ ± ≈",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "        eight spaces\n\t\ttwo tabs\n    four",
    "<|begin|>",
    "<|begin|><|system|>x<|end|>",
    "a <|end|> b",
    "a<|end|>b",
    "<|end|><|end|> <|end|>\n<|end|>",
    "<|END|> <|end |> <|end| >  <|en",
    "<|unknown|> <| user|>",
    "<|user|>What is <tool_call> and </tool_call>?<|end|>",
    "<<|end|>>",
    "<tool_call></tool_call><tool_call",
    " <|pad|> <|pad|>",
    "\u00e9<|end|>\u0301",
    "😀<|user|>😀",
]

ALPHABETS = {
    "ascii": [chr(c) for c in range(32, 127)],
    "letters": list("abcdefghijklmnopqrstuvwxyz     ABC"),
    "latin": [chr(c) for c in range(0xC0, 0x250)] + list("   abc"),
    "greek and cyrillic": [chr(c) for c in range(0x370, 0x530)] + list("    "),
    "marks": [chr(c) for c in range(0x300, 0x370)] + list("aeiou nm  "),
    "indic": [chr(c) for c in range(0x900, 0x97F)] + list("   "),
    "thai": [chr(c) for c in range(0xE01, 0xE3B)] + list(" "),
    "arabic and hebrew": [chr(c) for c in range(0x5D0, 0x5EB)] + [chr(c) for c in range(0x620, 0x66A)] + list("   "),
    "cjk": [chr(c) for c in range(0x4E00, 0x4F00)] + [chr(c) for c in range(0x3040, 0x3100)] + list("、。 "),
    "hangul": [chr(c) for c in range(0xAC00, 0xAD00)] + list("  "),
    "emoji": [chr(c) for c in range(0x1F300, 0x1F650)] + ["\u200d", "\ufe0f", " ", "a"],
    "symbols": [chr(c) for c in range(0x2000, 0x2070)] + [chr(c) for c in range(0x2190, 0x2300)] + list(" x"),
    "numbers": list("0123456789") + list("٠١٢٣²³¼½Ⅳ①") + list(" .,-x"),
    "white": list(" \t\n\r  \n") + ["\u00a0", "\u2003", "\u3000", "\u0085", "\u2028", "a", ".", "1"],
    "control": [chr(c) for c in range(0, 32)] + [chr(c) for c in range(127, 160)] + list("ab "),
    "punctuation": list("!?.,;:'\"()[]{}<>|/\\@#$%^&*-_=+~`") + list(" \nab"),
    "code": list("(){}[];:=+-*/<>!&|\"'\\_.,") + ["\n    ", " ", "if", "for", "x", "return", "0", "42", "\t"],
    "special": SPECIAL + ["<|", "|>", "<", ">", "end", " ", "a", "1", "\n", "é"],
    "contractions": ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'LL", "'", "a", "I", " ", "\u2019s", "é"],
    "any": [chr(c) for c in range(0x20, 0x3000) if not 0xD800 <= c < 0xE000],
    "far": [chr(c) for c in (0x10348, 0x1D54F, 0x1F9D1, 0x20000, 0x2A6D6, 0xE0041, 0xF0000, 0x10FFFD, 0xFFFD, 0xFEFF)]
    + list(" a"),
}


def texts(source):
    yield from BY_HAND
    for alphabet in ALPHABETS.values():
        for _ in range(24):
            yield "".join(source.choice(alphabet) for _ in range(source.randint(1, 40)))
    everything = list(ALPHABETS.values())
    for _ in range(80):
        yield "".join(source.choice(source.choice(everything)) for _ in range(source.randint(1, 60)))
    for _ in range(60):
        yield source.choice(conversation(source, source.choice((80, 150, 400)), Mix())).text
    for style in names.STYLES:
        for _ in range(15):
            yield source.choice(("", " ")) + names.text(names.fresh(source, style, held_out=True))


def conversations(source):
    short = (
        "",
        " ",
        "\n",
        "Hello",
        "  spaced  ",
        "a\n\nb",
        "Grüße, 世界! 😀",
        "x<|end|>y",
        "{{ bos_token }} {% if x %}",
        "'\"\\",
        "<b>&amp;</b>",
    )
    yield [{"role": "user", "content": ""}]
    yield [{"role": "system", "content": ""}, {"role": "user", "content": ""}]
    yield [{"role": "system", "content": "only a system message"}]
    yield [{"role": "user", "content": "one"}, {"role": "user", "content": "two"}]
    yield [
        {"role": "user", "content": "one"},
        {"role": "system", "content": "late"},
        {"role": "user", "content": "two"},
    ]
    for _ in range(45):
        messages = [{"role": "system", "content": source.choice(short)}] if source.random() < 0.5 else []
        for _ in range(source.randint(1, 4)):
            messages.append({"role": "user", "content": source.choice(short)})
            messages.append({"role": "assistant", "content": source.choice(short)})
        yield messages if source.random() < 0.3 else messages[:-1]
    for _ in range(50):
        turns = conversation(source, source.choice((100, 160, 300)), Mix())
        yield [{"role": t.role, "content": t.text} for t in turns[: source.choice((len(turns), len(turns) - 1))]]


def random_ids(source, tokenizer):
    """Ids that no text gives: cut characters, special tokens in the middle of words."""
    for _ in range(120):
        yield [source.randrange(tokenizer.get_vocab_size()) for _ in range(source.randint(1, 12))]
    for _ in range(40):
        yield [source.randrange(9 + 256) for _ in range(source.randint(1, 12))]


def decoded(tokenizer, ids):
    return {
        "ids": ids,
        "decoded": tokenizer.decode(ids, skip_special_tokens=True),
        "decoded_all": tokenizer.decode(ids, skip_special_tokens=False),
    }


def write(path, rows):
    # No time stamp in the archive, so the same rows give the same bytes.
    with open(path, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as archive:
        for row in rows:
            archive.write((json.dumps(row, ensure_ascii=True) + "\n").encode())
    print(path.name, len(rows), "rows")


def main(model, output):
    source = random.Random(20)
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    rows = []
    for text in dict.fromkeys(texts(source)):
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        rows.append({"text": text} | decoded(tokenizer, ids))
    write(output / "tokenizer-golden.jsonl.gz", rows)
    write(output / "decode-golden.jsonl.gz", [decoded(tokenizer, ids) for ids in random_ids(source, tokenizer)])
    template, rows = AutoTokenizer.from_pretrained(str(model)), []
    for messages in conversations(source):
        for generate in (False, True):
            text = template.apply_chat_template(messages, tokenize=False, add_generation_prompt=generate)
            ids = tokenizer.encode(text, add_special_tokens=False).ids
            rows.append({"messages": messages, "add_generation_prompt": generate, "text": text, "ids": ids})
    write(output / "template-golden.jsonl.gz", rows)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
