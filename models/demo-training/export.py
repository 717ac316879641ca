"""Reads checkpoints and writes them as a Hugging Face Llama folder in bf16.

usage: export.py CHECKPOINT FOLDER
"""

import json
import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file

from model import Llama, Shape

OUTER = {
    "embedding.weight": "model.embed_tokens.weight",
    "norm.weight": "model.norm.weight",
    "head.weight": "lm_head.weight",
}
INNER = {
    "attention_norm": "input_layernorm",
    "mlp_norm": "post_attention_layernorm",
    "query": "self_attn.q_proj",
    "key": "self_attn.k_proj",
    "value": "self_attn.v_proj",
    "output": "self_attn.o_proj",
    "gate": "mlp.gate_proj",
    "up": "mlp.up_proj",
    "down": "mlp.down_proj",
}
POSITIONS = 4096


def published_names(layers):
    """Our name of each tensor -> the name in the published format."""
    pairs = dict(OUTER)
    for i in range(layers):
        for ours, theirs in INNER.items():
            pairs["layers.%d.%s.weight" % (i, ours)] = "model.layers.%d.%s.weight" % (i, theirs)
    return pairs


def save_checkpoint(model, path):
    torch.save({"shape": model.shape.__dict__, "weights": model.state_dict()}, path)


def load(path):
    """A model from a checkpoint file or from a published folder."""
    path = pathlib.Path(path)
    if path.is_dir():
        config = json.loads((path / "config.json").read_text())
        model = Llama(
            Shape(
                vocabulary=config["vocab_size"],
                width=config["hidden_size"],
                layers=config["num_hidden_layers"],
                heads=config["num_attention_heads"],
                kv_heads=config["num_key_value_heads"],
                hidden=config["intermediate_size"],
                rope_theta=config["rope_theta"],
            )
        )
        tensors = load_file(path / "model.safetensors")
        weights = {a: tensors[b].float() for a, b in published_names(model.shape.layers).items()}
    else:
        checkpoint = torch.load(path)
        model, weights = Llama(Shape(**checkpoint["shape"])), checkpoint["weights"]
    model.load_state_dict(weights)
    return model.eval()


def config(shape):
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": shape.width,
        "intermediate_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "head_dim": shape.head_width,
        "vocab_size": shape.vocabulary,
        "rms_norm_eps": 1e-5,
        "rope_theta": shape.rope_theta,
        "rope_scaling": None,
        "max_position_embeddings": POSITIONS,
        "hidden_act": "silu",
        "tie_word_embeddings": False,
        "attention_bias": False,
        "mlp_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": 0,
        "eos_token_id": 2,
        "pad_token_id": 1,
        "initializer_range": 0.02,
        "use_cache": True,
        "torch_dtype": "bfloat16",
    }


GENERATION = {"bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 1, "do_sample": False, "max_new_tokens": 64}


def export(model, folder):
    folder.mkdir(parents=True, exist_ok=True)
    state = model.state_dict()
    tensors = {
        theirs: state[ours].to(torch.bfloat16).contiguous().clone()
        for ours, theirs in published_names(model.shape.layers).items()
    }
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    for name, content in (("config.json", config(model.shape)), ("generation_config.json", GENERATION)):
        (folder / name).write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    export(load(sys.argv[1]), pathlib.Path(sys.argv[2]))
