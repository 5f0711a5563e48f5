"""Writes the *.torch files beside it with PyTorch (1.13 was used) and checks them with it.

Run: python3 make_torch_fixtures.py. Storages are named by their addresses in legacy files, so
that those differ from run to run.
"""

import os
import struct
import zlib
from collections import OrderedDict

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
CONVOLUTIONS = [
    ("conv1_1", 4, 3),
    ("conv1_2", 4, 4),
    ("conv2_1", 5, 4),
    ("conv2_2", 5, 5),
    ("conv3_1", 6, 5),
]


def values(name, *shape):
    """The same formula as Fixtures.values."""
    count = 1
    for size in shape:
        count *= size
    crc = zlib.crc32(name.encode())
    numbers = [((crc + i * 40503) & 4095) / 1024 - 2 for i in range(count)]
    return torch.tensor(numbers, dtype=torch.float32).reshape(shape)


def network():
    """The convolutions as torchvision keeps a VGG: features.0, 2 | 5, 7 | 10."""
    layers = []
    for name, outputs, inputs in CONVOLUTIONS:
        if name.endswith("_1") and layers:
            layers.append(torch.nn.MaxPool2d(2))
        convolution = torch.nn.Conv2d(inputs, outputs, 3)
        convolution.weight.data = values(name + ".weight", outputs, inputs, 3, 3)
        convolution.bias.data = values(name + ".bias", outputs)
        layers += [convolution, torch.nn.ReLU()]
    return torch.nn.Sequential(OrderedDict(features=torch.nn.Sequential(*layers)))


def save(name, value, **how):
    """Both formats; the names must not end in .pth."""
    zipped = os.path.join(HERE, name + "-zip.torch")
    legacy = os.path.join(HERE, name + "-legacy.torch")
    torch.save(value, zipped, **how)
    torch.save(value, legacy, _use_new_zipfile_serialization=False)
    torch.load(zipped)
    torch.load(legacy)


def views():
    """Tensors of one storage, laid out in every way."""
    base = values("views", 200)
    return {
        "whole": base,
        "tail": base[50:110].view(4, 5, 3),
        "transposed": base[110:150].view(8, 5).t(),
        "permuted": base[20:80].view(3, 4, 5).permute(2, 0, 1),
        "strided": base[1::3],
        "expanded": base[7:9].view(2, 1).expand(2, 3),
        "scalar": base[9],
        "empty": base[:0],
        "parameter": torch.nn.Parameter(base[100:106].view(2, 3)),
        "counts": torch.arange(5),
        "flags": torch.tensor([True, False]),
    }


def checkpoint():
    """What a training script leaves."""
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    return {
        "epoch": 3,
        "arch": "vgg19",
        "best_acc1": torch.tensor(0.5),
        "seen": 2**40,
        "more": -(2**70),
        "state_dict": model.state_dict(),
        "optimizer": optimizer.state_dict(),
    }


def nested():
    """Dictionaries in dictionaries, and things that are no tensors."""
    return {
        "encoder": {"first": {"weight": values("nested", 2, 3)}, "note": "text", 7: [1, 2.5, None]},
        "bias": values("bias", 3),
        "shape": (1, (2, [3])),
    }


class Pickler2:
    """Opcodes as Python 2's cPickle writes them at protocol 2."""

    def __init__(self):
        self.out = b"\x80\x02"

    def text(self, text):
        self.out += b"U" + bytes([len(text)]) + text.encode()
        return self

    def name(self, module, name):
        self.out += b"c" + module.encode() + b"\n" + name.encode() + b"\n"
        return self

    def number(self, number):
        if number < 256:
            self.out += b"K" + bytes([number])
        elif number < 65536:
            self.out += b"M" + struct.pack("<H", number)
        else:
            self.out += b"J" + struct.pack("<i", number)
        return self

    def long(self, number):
        self.out += b"\x8a\x01" + bytes([number])
        return self

    def put(self, *opcodes):
        for opcode in opcodes:
            self.out += opcode
        return self

    def done(self):
        return self.out + b"."


def bethge():
    """As Bethge's vgg_conv.pth: legacy, float64, Python 2, no _v2, keys not in layer order."""
    tensors = []
    for name, outputs, inputs in CONVOLUTIONS:
        tensors.append((name + ".weight", values(name + ".weight", outputs, inputs, 3, 3)))
        tensors.append((name + ".bias", values(name + ".bias", outputs)))
    storages = {}
    pickle = Pickler2().name("collections", "OrderedDict").put(b"q\x01]q\x02(")
    for i, (name, tensor) in enumerate(tensors):
        key = str(99000000 - 1000000 * i if i % 2 else 140000000 + i)
        storages[key] = tensor.double()
        pickle.put(b"]q\x03(").text(name).name("torch._utils", "_rebuild_tensor").put(b"((")
        pickle.text("storage").name("torch", "DoubleStorage").text(key).text("cpu")
        pickle.number(tensor.numel()).put(b"Ntq\x04QK\x00")
        for numbers in (tensor.shape, tensor.stride()):
            pickle.put(b"(")
            for number in numbers:
                pickle.long(number)
            pickle.put(b"t")
        pickle.put(b"tRe")
    pickle.put(b"e\x85Rr\x00\x01\x00\x00")
    keys = Pickler2().put(b"]q\x01(")
    for key in sorted(storages):
        keys.text(key)
    keys.put(b"e")
    info = Pickler2().put(b"}q\x01(").text("type_sizes").put(b"}q\x02(")
    info.text("int").number(4).text("long").number(4).text("short").number(2).put(b"u")
    info.text("protocol_version").number(1001).text("little_endian").put(b"\x88u")
    path = os.path.join(HERE, "bethge.torch")
    with open(path, "wb") as out:
        out.write(b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.")
        out.write(Pickler2().number(1001).done())
        out.write(info.done() + pickle.done() + keys.done())
        for key in sorted(storages):
            out.write(struct.pack("<q", storages[key].numel()))
            out.write(storages[key].numpy().astype("<f8").tobytes())
    loaded = torch.load(path)
    assert list(loaded) == [name for name, _ in tensors]
    for name, tensor in tensors:
        assert torch.equal(loaded[name], tensor.double()), name


def main():
    save("float", network().state_dict())
    save("double", network().double().state_dict())
    save("half", network().half().state_dict())
    save("bfloat16", network().bfloat16().state_dict())
    save("views", views())
    save("checkpoint", checkpoint())
    save("nested", nested(), pickle_protocol=4)
    bethge()


if __name__ == "__main__":
    main()
