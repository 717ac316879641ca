"""The stages of the training, in their order: each starts from the checkpoint of the one before."""

from dataclasses import dataclass, replace

from documents import Mix

BROAD = Mix(
    codes_only=0.15,
    styles=(0.75, 0.08, 0.12, 0.05),
    clusters=0.2,
    near_values=0.0,
    filler=0.0,
    in_user=0.2,
    unknown=0.12,
    follow_up=0.2,
)


@dataclass(frozen=True)
class Stage:
    cpu_minutes: float
    lengths: tuple
    """Tokens of a row; each step draws one."""
    tokens_per_step: int
    mix: Mix
    muon_rate: float = 0.006
    adam_rate: float = 1e-3
    embedding_rate: float = 1e-2
    warm_up_steps: int = 20
    decay: bool = False
    """Whether the rates fall linearly to zero over the stage."""
    context_weight: float = 0.02
    """Weight of a token outside the answers, against 1 for one inside."""
    first_answer_weight: float = 1.0
    average_steps: int = 150
    bf16: bool = True


STAGES = {
    # No length is learned from shorter ones, so the rows grow early and long ones stay to the end.
    "begin": Stage(4, (112,), 2688, replace(BROAD, repeats=0.2), context_weight=0.03),
    "grow": Stage(8, (256, 256, 640), 2560, replace(BROAD, repeats=0.03), context_weight=0.03),
    "broad": Stage(60, (1152, 512, 640, 256), 4608, BROAD, 0.005, 8e-4, 6e-3, decay=True),
    # Outside the answers there is nothing left to learn, and the loss there, several times larger, would only add
    # noise to every step.
    "recall": Stage(
        50,
        (1152, 1152, 1152, 640, 640, 384, 256, 144),
        4608,
        Mix(),
        muon_rate=0.003,
        adam_rate=7e-4,
        embedding_rate=4e-3,
        warm_up_steps=40,
        decay=True,
        context_weight=0.0,
        first_answer_weight=3.0,
    ),
    # What is still missed then are names of many tokens, whose beginning lies far back when the last digit is due.
    "polish": Stage(
        17,
        (1152, 1152, 640, 640, 384, 256),
        4608,
        Mix(
            codes_only=0.75,
            styles=(0.12, 0.2, 0.45, 0.23),
            clusters=0.75,
            near_values=0.5,
            unknown=0.04,
            follow_up=0.1,
        ),
        muon_rate=0.002,
        adam_rate=4e-4,
        embedding_rate=2.5e-3,
        warm_up_steps=40,
        decay=True,
        context_weight=0.0,
        first_answer_weight=3.0,
    ),
    # The last misses are digits taken from another code with the same beginning: codes alone, most of them alike, at
    # small rates.
    "settle": Stage(
        11,
        (1152, 1152, 640, 640, 384),
        4608,
        Mix(
            codes_only=0.9,
            styles=(0.2, 0.25, 0.4, 0.15),
            clusters=0.8,
            near_values=0.7,
            filler=0.05,
            unknown=0.03,
            follow_up=0.05,
        ),
        muon_rate=0.0015,
        adam_rate=3e-4,
        embedding_rate=2e-3,
        warm_up_steps=40,
        decay=True,
        context_weight=0.0,
        first_answer_weight=4.0,
    ),
}
