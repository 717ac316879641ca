"""What an application does with the official client: chat, streams, completions, errors."""

import sys

import openai

url, key = sys.argv[1:]
client = openai.OpenAI(base_url=url, api_key=key, max_retries=0, timeout=60)
model = client.models.list().data[0].id
messages = [
    {"role": "system", "content": "The code of Zorvan is 4821. The code of Mirel is 7305."},
    {"role": "user", "content": "What is the code of Zorvan?"},
]
expected = "The code of Zorvan is 4821."

answer = client.chat.completions.create(model=model, messages=messages, temperature=0, logprobs=True, top_logprobs=2)
assert answer.choices[0].message.content == expected, answer
assert answer.choices[0].finish_reason == "stop", answer
assert len(answer.choices[0].logprobs.content) > 3, answer
assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens, answer

pieces, usage = [], None
for chunk in client.chat.completions.create(
    model=model, messages=messages, temperature=0, stream=True, stream_options={"include_usage": True}
):
    pieces += [choice.delta.content or "" for choice in chunk.choices]
    usage = chunk.usage or usage
assert "".join(pieces) == expected, pieces
assert usage.completion_tokens == answer.usage.completion_tokens, usage

completion = client.completions.create(model=model, prompt="The code", max_tokens=3)
assert completion.usage.completion_tokens <= 3, completion

for error, call in [
    (openai.NotFoundError, lambda: client.models.retrieve("absent")),
    (openai.BadRequestError, lambda: client.chat.completions.create(model=model, messages=messages, temperature=-1)),
    (openai.AuthenticationError, lambda: client.with_options(api_key="wrong").models.list()),
]:
    try:
        call()
    except error as raised:
        assert raised.code, raised
    else:
        raise AssertionError(f"no {error.__name__}")

print(f"openai-python {openai.__version__}: chat, stream, completion and three errors as expected")
