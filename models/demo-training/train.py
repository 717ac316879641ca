"""Trains one stage of the curriculum and writes a checkpoint.

usage: train.py STAGE TOKENIZER OUTPUT [--from CHECKPOINT] [--cpu-minutes M] [--threads N] [--seed S]
"""

import argparse
import collections
import copy
import math
import pathlib
import random
import time

import torch
import torch.nn.functional as F

import evaluate
import recall
from curriculum import STAGES
from data import Encoder, batch
from export import load, save_checkpoint
from model import Llama, Shape, initialise

MOMENTUM = 0.95
CONTEXT_SAMPLE_FRACTION = 0.25
"""Of the tokens outside answers so many, drawn at random, carry a loss: their logits cost most and teach least."""


def orthogonalised(gradient):
    """The nearest (semi-)orthogonal matrices, by five steps of a Newton-Schulz iteration."""
    x = gradient / (gradient.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    tall = x.size(-2) > x.size(-1)
    if tall:
        x = x.mT
    for _ in range(5):
        a = x @ x.mT
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
    return x.mT if tall else x


class Muon:
    """Momentum whose steps are orthogonalised; for the matrices inside the layers. Equal shapes are stepped
    together."""

    DECAY = 0.01

    def __init__(self, matrices):
        self.groups = collections.defaultdict(list)
        for matrix in matrices:
            self.groups[tuple(matrix.shape)].append(matrix)
        self.momentum = {shape: torch.zeros((len(group),) + shape) for shape, group in self.groups.items()}

    @torch.no_grad()
    def step(self, rate):
        for shape, group in self.groups.items():
            gradient = torch.stack([matrix.grad for matrix in group])
            momentum = self.momentum[shape].mul_(MOMENTUM).add_(gradient, alpha=1 - MOMENTUM)
            ahead = gradient.mul(1 - MOMENTUM).add_(momentum, alpha=MOMENTUM)
            update = orthogonalised(ahead) * (0.2 * math.sqrt(max(shape)))
            for matrix, change in zip(group, update):
                matrix.mul_(1 - rate * self.DECAY).add_(change, alpha=-rate)


class Optimiser:
    def __init__(self, model, stage):
        self.stage = stage
        inside = {id(p) for layer in model.layers for p in layer.parameters() if p.ndim == 2}
        self.muon = Muon([p for p in model.parameters() if id(p) in inside])
        self.others = [p for p in model.parameters() if id(p) not in inside]
        embedding = model.embedding.weight
        self.adam = torch.optim.AdamW(
            [
                {"params": [p for p in self.others if p is not embedding], "base": stage.adam_rate},
                {"params": [embedding], "base": stage.embedding_rate},
            ],
            betas=(0.9, 0.98),
            weight_decay=0.0,
            eps=1e-9,
        )

    def step(self, scale):
        torch.nn.utils.clip_grad_norm_(self.others, 1.0)
        for group in self.adam.param_groups:
            group["lr"] = group["base"] * scale
        self.adam.step()
        self.muon.step(self.stage.muon_rate * scale)


class Average:
    """The running mean of the weights over the last few hundred steps: it is what the checkpoints and the scores are
    taken from.

    A step of Muon has the same size however small the gradient is, so the weights themselves jitter until the rates
    have fallen.
    """

    def __init__(self, model, horizon_steps):
        self.model, self.horizon_steps, self.steps = copy.deepcopy(model).eval(), horizon_steps, 0

    @torch.no_grad()
    def add(self, model):
        self.steps += 1
        share = 1 / min(self.steps, self.horizon_steps)
        torch._foreach_lerp_(list(self.model.parameters()), list(model.parameters()), share)


def answer_loss(model, rows, encoder, stage):
    """Mean loss over answer tokens, those of the first answer counting more, plus a little of the loss elsewhere."""
    targets, marks = torch.from_numpy(rows.targets), torch.from_numpy(rows.answers)
    is_answer = marks >= 0
    weight = is_answer.float() + (marks == 0).float() * (stage.first_answer_weight - 1)
    others = (
        torch.full_like(is_answer, stage.context_weight > 0)
        & ~is_answer
        & ~torch.from_numpy(rows.padding)
        & (torch.rand(targets.shape) < CONTEXT_SAMPLE_FRACTION)
    )
    weight = weight + others.float() * stage.context_weight / CONTEXT_SAMPLE_FRACTION
    chosen = weight > 0
    with torch.autocast("cpu", torch.bfloat16, enabled=stage.bf16):
        logits = model(torch.from_numpy(rows.inputs), chosen)
    loss = F.cross_entropy(logits.float(), targets[chosen], reduction="none")
    total = (weight * is_answer.float()).sum().clamp(min=1)
    mean = (loss.detach() * is_answer[chosen].float()).sum() / is_answer.sum().clamp(min=1)
    return (loss * weight[chosen]).sum() / total, float(mean)


def rate_scale(stage, step, progress):
    warm = min(1.0, (step + 1) / stage.warm_up_steps)
    return warm * (max(0.02, 1 - progress) if stage.decay else 1.0)


def held_out_score(model, encoder, count):
    cells = []
    for placement, style in (("system", "closed"), ("user", "open"), ("system", "token"), ("user", "letters")):
        kind = recall.Kind(style=style, placement=placement)
        wrong = sum(len(evaluate.score(model, encoder, kind, tokens, count, seed=1)) for tokens in (90, 300, 990))
        cells.append("%s %d/%d" % (style, 3 * count - wrong, 3 * count))
    return ", ".join(cells)


def train(stage, encoder, model, output, minutes, source):
    optimiser, average = Optimiser(model, stage), Average(model, stage.average_steps)
    model.train()
    started, step, tokens, losses = time.process_time(), 0, 0, []
    while True:
        spent = (time.process_time() - started) / 60
        if spent >= minutes:
            break
        length = source.choice(stage.lengths)
        rows = batch(encoder, source, max(1, stage.tokens_per_step // length), length, stage.mix)
        loss, mean = answer_loss(model, rows, encoder, stage)
        model.zero_grad(set_to_none=True)
        loss.backward()
        scale = rate_scale(stage, step, spent / minutes)
        optimiser.step(scale)
        average.add(model)
        step, tokens = step + 1, tokens + rows.inputs.size
        losses.append(mean)
        if step % 50 == 0:
            print(
                "step %d, %.1f cpu-minutes, %.2f M tokens, answer loss %.4f, rate %.2f"
                % (step, spent, tokens / 1e6, sum(losses) / len(losses), scale),
                flush=True,
            )
            losses = []
        if step % 250 == 0:
            save_checkpoint(average.model, output)
            print("held out:", held_out_score(average.model, encoder, 12), flush=True)
    save_checkpoint(average.model, output)
    print("done: %d steps, %.1f cpu-minutes; held out: %s" % (step, spent, held_out_score(average.model, encoder, 20)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("stage", choices=list(STAGES))
    parser.add_argument("tokenizer")
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--from", dest="start")
    parser.add_argument("--cpu-minutes", type=float)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    stage, encoder = STAGES[options.stage], Encoder(options.tokenizer)
    if options.start:
        model = load(options.start)
    else:
        model = Llama(Shape(encoder.size))
        initialise(model)
    minutes = options.cpu_minutes or stage.cpu_minutes
    print(
        "stage %s, %d parameters, %.1f cpu-minutes"
        % (options.stage, sum(p.numel() for p in model.parameters()), minutes)
    )
    train(stage, encoder, model, options.output, minutes, random.Random(options.seed))


if __name__ == "__main__":
    main()
