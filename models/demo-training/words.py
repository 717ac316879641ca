"""The closed word lists behind the tokenizer and the generated documents.

Every syllable and every word here becomes one token (see tokenizer.py). The sampled lists are drawn with a fixed
seed, because the vocabulary, and with it every weight of the model, depends on their order.
"""

import random

VOWELS = "aeiou"
FIRST_ONSETS = "BDFGHJKLMNPRSTVWYZ"
LATER_ONSETS = "bdfgklmnprstvz"
FIRST_CODAS = "nrls"
LATER_CODAS = "nrlsmx"

_random = random.Random(7)
FIRST_OPEN = [onset + vowel for onset in FIRST_ONSETS for vowel in VOWELS]
FIRST_CLOSED = sorted(_random.sample([o + v + c for o in FIRST_ONSETS for v in VOWELS for c in FIRST_CODAS], 110))
LATER_OPEN = [onset + vowel for onset in LATER_ONSETS for vowel in VOWELS]
LATER_CLOSED = sorted(_random.sample([o + v + c for o in LATER_ONSETS for v in VOWELS for c in LATER_CODAS], 130))
FIRST_CLOSED += [s for s in ["Zor", "Tal", "Mar", "Ber"] if s not in FIRST_CLOSED]
LATER_CLOSED += [s for s in ["van", "rel", "don", "dan", "mor"] if s not in LATER_CLOSED]

COLOURS = (
    "red blue green teal amber black white grey pink brown "
    "purple orange silver golden violet crimson ivory scarlet olive navy"
).split()
ANIMALS = (
    "cat dog fox owl bear wolf horse goat otter raven crab snake eagle rabbit badger heron tiger camel lizard swan"
).split()
JOBS = (
    "baker pilot nurse farmer painter singer tailor miner judge sailor "
    "weaver doctor teacher guard cook clerk mason hunter poet smith"
).split()
FOODS = (
    "bread soup rice apple plum honey cheese beans pasta fish cake corn pear lemon nuts melon stew salad berry tea"
).split()

NAME = "name"
"""Marks an attribute whose value is another name; a number is a count of digits; a list is the closed set of values."""
ATTRIBUTES = {
    "code": 4,
    "room": 3,
    "age": 2,
    "colour": COLOURS,
    "animal": ANIMALS,
    "job": JOBS,
    "food": FOODS,
    "city": NAME,
    "friend": NAME,
    "key": 5,
}

# Words that the vocabulary holds for tool calls. The model is not trained to call tools; the ids of all later tokens
# depend on them.
TOOLS = (
    "find search open check call track order get_code get_city get_weather send_mail lookup book_room read_file"
).split()
ARGUMENTS = "name city who query item code key path target text".split()

TEMPLATE_WORDS = """The the of is What Tell me which Which does have Give And and And the Facts Document Question
unknown not known in document I do Repeat list this these Please please Use use tool Tool takes for with to What's
plus minus equals Answer answer question result The result was You are a helpful assistant Read Use only these facts .
: , ? ! " ' ( ) { } [ ] name arguments Do you know Say say it again Thanks thank Hello hello Hi hi How can help today
Goodbye bye an tools following below about there be will from on at by or if no yes Yes No Sorry sorry Here here
here's that All all has had""".split()
