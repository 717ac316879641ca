"""The Llama network in the form it is trained in, and the hand-built start that makes it learn recall within
minutes."""

import math
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass(frozen=True)
class Shape:
    vocabulary: int
    width: int = 192
    layers: int = 4
    heads: int = 4
    kv_heads: int = 2
    hidden: int = 384
    rope_theta: float = 500_000.0

    @property
    def head_width(self):
        return self.width // self.heads


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return F.rms_norm(x, (x.size(-1),), self.weight, 1e-5)


def rope_angles(length, head_width, theta):
    frequency = theta ** (-torch.arange(0, head_width, 2).float() / head_width)
    angle = torch.outer(torch.arange(length).float(), frequency)
    angle = torch.cat([angle, angle], -1)
    return angle.cos(), angle.sin()


def rotate(x, cos, sin):
    half = x.size(-1) // 2
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin


class Layer(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        d, hw = shape.width, shape.head_width
        self.attention_norm, self.mlp_norm = Norm(d), Norm(d)
        self.query = nn.Linear(d, shape.heads * hw, bias=False)
        self.key = nn.Linear(d, shape.kv_heads * hw, bias=False)
        self.value = nn.Linear(d, shape.kv_heads * hw, bias=False)
        self.output = nn.Linear(shape.heads * hw, d, bias=False)
        self.gate = nn.Linear(d, shape.hidden, bias=False)
        self.up = nn.Linear(d, shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, d, bias=False)

    def forward(self, x, cos, sin):
        batch, length, _ = x.shape
        shape = self.shape

        def split(y, heads):
            return y.view(batch, length, heads, shape.head_width).transpose(1, 2)

        h = self.attention_norm(x)
        q = rotate(split(self.query(h), shape.heads), cos, sin)
        k = rotate(split(self.key(h), shape.kv_heads), cos, sin)
        v = split(self.value(h), shape.kv_heads)
        group = shape.heads // shape.kv_heads
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(batch, length, -1)
        x = x + self.output(mixed)
        h = self.mlp_norm(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))


class Llama(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.layers = nn.ModuleList([Layer(shape) for _ in range(shape.layers)])
        self.norm = Norm(shape.width)
        self.head = nn.Linear(shape.width, shape.vocabulary, bias=False)
        self._angles = {}

    def forward(self, ids, selected=None):
        """Logits at every position, or only at those of the boolean mask `selected` (the head is a third of the
        work)."""
        length = ids.size(1)
        if length not in self._angles:
            self._angles[length] = rope_angles(length, self.shape.head_width, self.shape.rope_theta)
        h = self.embedding(ids)
        for layer in self.layers:
            h = layer(h, *self._angles[length])
        h = self.norm(h)
        return self.head(h if selected is None else h[selected])


def orthogonal(rows, columns):
    tall = torch.linalg.qr(torch.randn(max(rows, columns), min(rows, columns)))[0]
    return tall if rows >= columns else tall.t()


@torch.no_grad()
def initialise(model):
    """Random weights with an induction circuit built in; all of it is trained afterwards.

    A plain start soon copies names but has read no value from a document after minutes of training. Here the parts of
    the reading are in place:

    - Embeddings fill the lower half of the residual stream; dimension 0 is a constant, which attention can use as a
      bias.
    - Head h of layer 0 looks h + 1 tokens back (a constant query and key, turned against each other by RoPE) and
      writes a sketch of the token it finds into its own block of the upper half.
    - The heads of the first key-value group in layers 1 and 2 compare the sketches of the last four tokens before the
      key with those of the last four up to the query, in the slow RoPE dimensions only, and copy the token at the
      key.
    - The output head is a rotated copy of the embedding, so one linear map says any token that was copied.
    """
    shape = model.shape
    d, width = shape.width, shape.head_width
    nn.init.normal_(model.embedding.weight, std=1.0)
    for layer in model.layers:
        for linear in (layer.query, layer.key, layer.value, layer.gate, layer.up):
            nn.init.normal_(linear.weight, std=d**-0.5)
        deep = math.sqrt(2 * shape.layers)
        nn.init.normal_(layer.output.weight, std=0.5 * layer.output.weight.size(1) ** -0.5 / deep)
        nn.init.normal_(layer.down.weight, std=0.1 * layer.down.weight.size(1) ** -0.5 / deep)
    lower = d // 2
    embedding = model.embedding.weight
    embedding[:, 0] = 3.0
    embedding[:, lower:] = 0
    turn = orthogonal(d, d)
    identity = embedding.clone()
    identity[:, 0] = 0
    model.head.weight.copy_(0.05 * identity @ turn)
    frequency = shape.rope_theta ** (-torch.arange(0, width, 2).float() / width)
    sketch, blocks = _look_back(model.layers[0], shape, frequency)
    for layer in model.layers[1:3]:
        _match_and_copy(layer, shape, frequency, sketch, blocks, turn)


def _look_back(layer, shape, frequency):
    """Layer 0: head h attends to the token h + 1 back. Returns the sketch projection and the block reader of each
    head."""
    d, width, half = shape.width, shape.head_width, shape.head_width // 2
    lower, size = d // 2, d // 2 // shape.heads
    # Only the fast dimensions tell neighbours apart.
    fast = (frequency > 0.08).float()
    gain = math.sqrt(8.0 * math.sqrt(width)) / 2.8
    for kv in range(shape.kv_heads):
        base = kv * width
        layer.key.weight[base : base + width] *= 0.1
        layer.key.weight[base : base + half, 0] += gain * fast
    for head in range(shape.heads):
        base, distance = head * width, head + 1
        layer.query.weight[base : base + width] *= 0.1
        layer.query.weight[base : base + half, 0] += gain * fast * torch.cos(-distance * frequency)
        layer.query.weight[base + half : base + width, 0] += gain * fast * torch.sin(-distance * frequency)
    sketch = torch.zeros(size, d)
    sketch[:, 1:lower] = orthogonal(size, lower - 1) * 1.1
    for kv in range(shape.kv_heads):
        layer.value.weight[kv * width : kv * width + size] = sketch
        layer.value.weight[kv * width + size : (kv + 1) * width] *= 0.3
    blocks = []
    for head in range(shape.heads):
        block = torch.zeros(d, size)
        block[lower + head * size : lower + (head + 1) * size] = torch.eye(size)
        layer.output.weight[:, head * width : head * width + size] = block
        layer.output.weight[:, head * width + size : (head + 1) * width] *= 0.3
        blocks.append(block.t())
    return sketch, blocks


def _match_and_copy(layer, shape, frequency, sketch, blocks, turn):
    d, width, half = shape.width, shape.head_width, shape.head_width // 2
    slow = [i for i in range(half) if frequency[i] < 0.012]
    slots = torch.tensor(slow + [half + i for i in slow])
    codes = [orthogonal(len(slots), sketch.size(0)) for _ in range(shape.heads)]
    strength = 0.95
    before_key = sum(codes[i] @ blocks[i] for i in range(shape.heads)) * strength
    up_to_query = (codes[0] @ sketch + sum(codes[i] @ blocks[i - 1] for i in range(1, shape.heads))) * strength
    layer.key.weight[:width] *= 0.1
    layer.key.weight[slots] = before_key
    reader = torch.zeros(width, d)
    reader[:, 1 : d // 2] = orthogonal(width, d // 2 - 1)
    layer.value.weight[:width] = reader
    for head in range(shape.heads // shape.kv_heads):
        layer.query.weight[head * width : (head + 1) * width] *= 0.1
        layer.query.weight[head * width + slots] = up_to_query
        layer.output.weight[:, head * width : (head + 1) * width] = 1.5 * turn.t() @ reader.t()
