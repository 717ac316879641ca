# Writes tiny random Llama folders and what transformers computes for them.
import torch, json, os, sys
from transformers import LlamaConfig, LlamaForCausalLM
torch.set_num_threads(1)
out=sys.argv[1]
def make(name, seed, dtype, **kw):
    torch.manual_seed(seed)
    c=LlamaConfig(vocab_size=97, max_position_embeddings=256, rms_norm_eps=1e-5, initializer_range=0.15, bos_token_id=0, eos_token_id=2, **kw)
    m=LlamaForCausalLM(c)
    for p in m.parameters():
        if p.dim()==1: p.data=1+0.2*torch.randn_like(p)
    m=m.to(dtype); d=os.path.join(out,name); m.save_pretrained(d)
    m=LlamaForCausalLM.from_pretrained(d,dtype=torch.float32,attn_implementation="eager").eval()
    ids=torch.randint(0,97,(1,40)); 
    with torch.no_grad(): l=m(ids).logits[0]
    rows=[0,1,17,39]
    json.dump(dict(tokens=ids[0].tolist(), rows=rows, logits=[[float("%.7g"%x) for x in l[r].tolist()] for r in rows]), open(os.path.join(d,"golden.json"),"w"))
    print(name,l.abs().max(),os.listdir(d),os.path.getsize(d+"/model.safetensors"))
make("gqa-f32",1,torch.float32,hidden_size=32,intermediate_size=48,num_hidden_layers=2,num_attention_heads=4,num_key_value_heads=2,tie_word_embeddings=False,rope_theta=10000.0)
make("tied-bf16",2,torch.bfloat16,hidden_size=48,intermediate_size=56,num_hidden_layers=2,num_attention_heads=3,num_key_value_heads=1,head_dim=24,tie_word_embeddings=True,rope_theta=500000.0)
make("mha-f16",3,torch.float16,hidden_size=24,intermediate_size=40,num_hidden_layers=3,num_attention_heads=2,num_key_value_heads=2,head_dim=18,tie_word_embeddings=False,rope_theta=10000.0)
