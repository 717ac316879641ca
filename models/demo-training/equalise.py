"""Moves scale between activations and weights, so that 8-bit integers round both less. The function computed stays
the same to the last bit.

A row of activations is quantised with one range, so one large channel costs all others precision. Each linear layer's
input has a producer that can be scaled channel by channel: the norm before it, the value projection (before the
output projection), the up projection (before the down projection). Dividing the producer's channel by s and
multiplying the consumers' column by s changes nothing but the ranges. With s = sqrt(largest activation / largest
weight) of the channel both ranges meet half-way (Xiao et al., "SmoothQuant", 2023, alpha 0.5). Here s is rounded to a
power of two, which bf16 and float32 carry without rounding.

usage: equalise.py CHECKPOINT-OR-MODEL-FOLDER TOKENIZER FOLDER
"""

import pathlib
import random
import sys

import torch

import recall
from data import Encoder
from export import export, load

CALIBRATION_QUESTIONS = 48
CALIBRATION_TOKENS = (120, 300, 600, 950)


def calibration(encoder):
    source = random.Random("equalise")
    for number in range(CALIBRATION_QUESTIONS):
        kind = recall.Kind(
            style=source.choice(("closed", "open", "token", "letters")), placement=source.choice(("system", "user"))
        )
        tokens = CALIBRATION_TOKENS[number % len(CALIBRATION_TOKENS)]
        yield torch.tensor([encoder.prompt(recall.question(encoder, source, tokens, kind).turns)])


@torch.no_grad()
def largest_inputs(model, encoder):
    """Linear layer -> the largest magnitude of each of its input channels."""
    largest, hooks = {}, []

    def watch(module, inputs):
        top = inputs[0].abs().flatten(0, -2).amax(0)
        largest[module] = torch.maximum(largest[module], top) if module in largest else top

    for module in model.modules():
        if isinstance(module, torch.nn.Linear):
            hooks.append(module.register_forward_pre_hook(watch))
    for ids in calibration(encoder):
        model(ids)
    for hook in hooks:
        hook.remove()
    return largest


def powers_of_two(activation, consumers):
    weight = torch.stack([linear.weight.abs().amax(0) for linear in consumers]).amax(0)
    scale = (activation.clamp(min=1e-6) / weight.clamp(min=1e-6)).sqrt()
    # Only the ratio of channels matters: centred, so that nothing leaves the range of bf16.
    scale = scale / scale.log().mean().exp()
    return torch.exp2(scale.log2().round())


@torch.no_grad()
def equalise(model, encoder):
    largest, shape = largest_inputs(model, encoder), model.shape
    group = shape.heads // shape.kv_heads
    for layer in model.layers:
        _through_norm(layer.attention_norm, (layer.query, layer.key, layer.value), largest)
        _through_norm(layer.mlp_norm, (layer.gate, layer.up), largest)
        scale = powers_of_two(largest[layer.down], (layer.down,))
        layer.up.weight /= scale[:, None]
        layer.down.weight *= scale
        # A value channel feeds the same channel of each query head of its group: they share one scale.
        by_head = lambda x: x.view(shape.kv_heads, group, shape.head_width).amax(1).flatten()
        scale = powers_of_two(by_head(largest[layer.output]), (_columns(by_head(layer.output.weight.abs().amax(0))),))
        layer.value.weight /= scale[:, None]
        layer.output.weight *= scale.view(shape.kv_heads, 1, -1).expand(-1, group, -1).flatten()
    _through_norm(model.norm, (model.head,), largest)


class _columns:
    """The largest magnitudes of a weight's columns, in the place of the weight."""

    def __init__(self, largest):
        self.weight = largest[None]


def _through_norm(norm, consumers, largest):
    scale = powers_of_two(largest[consumers[0]], consumers)
    norm.weight /= scale
    for linear in consumers:
        linear.weight *= scale


if __name__ == "__main__":
    network = load(sys.argv[1])
    equalise(network, Encoder(sys.argv[2]))
    export(network, pathlib.Path(sys.argv[3]))
