#!/usr/bin/env python3
"""Checks a running server with OpenAI's own Python client.

    python3 -m venv VENV && VENV/bin/pip install openai
    VENV/bin/python interop/openai_python.py --base-url http://127.0.0.1:8000/v1 [--api-key KEY] [--expect TEXT]

Exit code 0 when every check passed, 1 when one failed, 2 when the client is not installed. One line for each check on
standard error; with --json one document on standard output.
"""

import argparse
import json
import sys

try:
    import openai
except ImportError:
    print("the Python package 'openai' is not installed: pip install openai", file=sys.stderr)
    sys.exit(2)

QUESTION = [
    {"role": "system", "content": "The code of Zorvan is 4821. The code of Balmek is 1177."},
    {"role": "user", "content": "What is the code of Zorvan?"},
]


class Checks:
    def __init__(self, client, model, expect):
        self.client = client
        self.model = model
        self.expect = expect

    def models(self):
        names = [model.id for model in self.client.models.list()]
        assert self.model in names, names
        assert self.client.models.retrieve(self.model).id == self.model

    def chat(self):
        answer = self._chat()
        message = answer.choices[0].message
        assert message.role == "assistant" and message.content, answer
        assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens, answer.usage
        assert not self.expect or self.expect in message.content, message.content

    def chat_stream(self):
        whole = self._chat().choices[0]
        chunks = list(self._chat(stream=True, stream_options={"include_usage": True}))
        assert chunks[0].choices[0].delta.role == "assistant", chunks[0]
        text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
        reasons = [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason]
        assert text == whole.message.content, (text, whole.message.content)
        assert reasons == [whole.finish_reason], reasons
        assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens > 0, chunks[-1]

    def cached_prefix(self):
        long = [{"role": "user", "content": "A sentence that comes again. " * 20}]
        self._chat(messages=long, max_tokens=1)
        again = self._chat(messages=long, max_tokens=1)
        assert again.usage.prompt_tokens_details.cached_tokens > 0, again.usage

    def chat_logprobs(self):
        answer = self._chat(logprobs=True, top_logprobs=3, max_tokens=4)
        tokens = answer.choices[0].logprobs.content
        assert len(tokens) == answer.usage.completion_tokens, answer
        assert all(len(t.top_logprobs) == 3 and t.logprob <= 0 for t in tokens), tokens

    def completions(self):
        answer = self.client.completions.create(
            model=self.model, prompt=["a", "b"], max_tokens=3, temperature=0, logprobs=2
        )
        assert [c.index for c in answer.choices] == [0, 1], answer
        assert all(len(c.logprobs.tokens) <= 3 for c in answer.choices), answer
        ids = self.client.completions.create(model=self.model, prompt=[5, 6, 7], max_tokens=2, temperature=0)
        assert ids.usage.prompt_tokens == 3, ids.usage

    def completion_stream(self):
        arguments = dict(model=self.model, prompt="Once", max_tokens=8, temperature=0, extra_body={"ignore_eos": True})
        whole = self.client.completions.create(**arguments)
        text = "".join(c.choices[0].text for c in self.client.completions.create(stream=True, **arguments))
        assert text == whole.choices[0].text, (text, whole)

    def seeds(self):
        first, second = (self._chat(temperature=1.0, seed=7, max_tokens=8) for _ in range(2))
        assert first.choices[0].message.content == second.choices[0].message.content, (first, second)

    def unknown_model(self):
        self._refused(openai.NotFoundError, "model_not_found", model="no-such-model")

    def bad_value(self):
        error = self._refused(openai.BadRequestError, "invalid_value", temperature=-1)
        assert error.param == "temperature", error

    def context_too_long(self):
        self._refused(
            openai.BadRequestError,
            "context_length_exceeded",
            messages=[{"role": "user", "content": "one two three " * 20_000}],
        )

    def not_implemented(self):
        tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
        error = self._refused(openai.InternalServerError, "not_implemented", tools=[tool])
        assert error.status_code == 501 and error.param == "tools", error

    def _chat(self, **more):
        arguments = dict(model=self.model, messages=QUESTION, max_tokens=16, temperature=0)
        arguments.update(more)
        return self.client.chat.completions.create(**arguments)

    def _refused(self, kind, code, **more):
        try:
            self._chat(**more)
        except kind as error:
            assert error.code == code, error
            return error
        raise AssertionError(f"{kind.__name__} expected")


def main():
    parser = argparse.ArgumentParser(description="Checks a running server with OpenAI's Python client.")
    parser.add_argument("--base-url", default="http://127.0.0.1:8000/v1")
    parser.add_argument("--api-key", default="none")
    parser.add_argument("--expect", default="", help="text that the answer to the bundled question must contain")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    client = openai.OpenAI(base_url=options.base_url, api_key=options.api_key, max_retries=0, timeout=120)
    model = client.models.list().data[0].id
    checks = Checks(client, model, options.expect)
    results = []
    for name in [n for n in vars(Checks) if not n.startswith("_")]:
        try:
            getattr(checks, name)()
            results.append({"check": name, "passed": True})
            print(f"ok    {name}", file=sys.stderr)
        except (AssertionError, openai.OpenAIError) as failure:
            results.append({"check": name, "passed": False, "failure": str(failure)})
            print(f"FAIL  {name}: {failure}", file=sys.stderr)
    passed = all(result["passed"] for result in results)
    if options.json:
        print(json.dumps({"client": "openai-python " + openai.__version__, "passed": passed, "checks": results}))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
