#!/usr/bin/env python3
"""Writes the *.keras files beside it, which KerasFileTest reads: HDF5 as Keras writes it, by h5py 3.7.

Run it here: /usr/bin/python3 make_keras_fixtures.py
"""
import binascii
import zlib

import h5py
import numpy as np

CONVOLUTIONS = [("conv1_1", 4, 3), ("conv1_2", 4, 4), ("conv2_1", 5, 4), ("conv2_2", 5, 5), ("conv3_1", 6, 5)]


def values(name, *shape):
    """The formula of Fixtures.values."""
    i = np.arange(np.prod(shape), dtype=np.int64)
    numbers = (binascii.crc32(name.encode()) + i * 40503 & 4095) / 1024 - 2
    return numbers.astype(np.float32).reshape(shape)


def arrays(name, outputs, inputs):
    """A kernel [height][width][inputs][outputs] and a bias."""
    kernel = values(name + ".weight", outputs, inputs, 3, 3).transpose(2, 3, 1, 0)
    return np.ascontiguousarray(kernel), values(name + ".bias", outputs)


def block(name):
    return "block" + name[4] + "_conv" + name[6]


def save_layers(group, weight_names, **storage):
    """What save_weights of Keras 1 and 2 does; pools have no weights."""
    layers = []
    for name, outputs, inputs in CONVOLUTIONS:
        layer = block(name)
        layers.append(layer.encode())
        saved = group.create_group(layer)
        names = [n.format(layer) for n in weight_names]
        saved.attrs["weight_names"] = np.array([n.encode() for n in names])
        for n, array in zip(names, arrays(name, outputs, inputs)):
            saved.create_dataset(n, data=array, **(storage if array.ndim > 1 else {}))
        if name in ("conv1_2", "conv2_2") and not storage:
            pool = "block" + name[4] + "_pool"
            layers.append(pool.encode())
            group.create_group(pool).attrs["weight_names"] = np.array([], dtype="S1")
    group.attrs["layer_names"] = np.array(layers)
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = "2.4.0"


KERAS1 = ["{0}_W_1:0", "{0}_b_1:0"]
KERAS2 = ["{0}/kernel:0", "{0}/bias:0"]

with h5py.File("keras1.keras", "w", libver="earliest") as f:
    save_layers(f, KERAS1)

with h5py.File("keras2.keras", "w") as f:
    save_layers(f, KERAS2)

with h5py.File("keras2_model.keras", "w") as f:
    f.attrs["model_config"] = '{"class_name": "Functional"}'
    save_layers(f.create_group("model_weights"), KERAS2)
    state = f.create_group("optimizer_weights")
    state.attrs["weight_names"] = np.array([b"Adam/iter:0"])
    state.create_dataset("Adam/iter:0", data=np.int64(7))
    state.create_dataset("labels", data=["cat", "dog"], dtype=h5py.string_dtype())

with h5py.File("keras3.keras", "w") as f:
    f.create_group("_layer_checkpoint_dependencies")
    f.create_group("vars")
    layers = f.create_group("layers")
    for i in range(12):
        name, outputs, inputs = CONVOLUTIONS[min(i, 4)]
        layer = layers.create_group("conv2d" if i == 0 else "conv2d_%d" % i)
        for j, array in enumerate(arrays(name, outputs, inputs) if i < 5 else [values("more", 1)]):
            layer.create_dataset("vars/%d" % j, data=array)
    layers.create_group("max_pooling2d/vars")

for name, libver in (("packed.keras", "earliest"), ("packed_latest.keras", "latest")):
    with h5py.File(name, "w", libver=libver) as f:
        save_layers(f, KERAS1, chunks=(2, 3, 2, 3), compression="gzip", shuffle=True)
        whole = values("whole", 6, 7)
        if libver == "latest":  # five more ways to find a chunk
            f.create_dataset("chunked", data=whole, chunks=(4, 2))
            f.create_dataset("single", data=whole, chunks=(6, 7), compression="gzip")
            f.create_dataset("growing", data=whole, chunks=(4, 2), maxshape=(None, 7))
            f.create_dataset("growing_both", data=whole, chunks=(4, 2), maxshape=(None, None), compression="gzip")
            plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            plan.set_chunk((4, 2))
            plan.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
            space = h5py.h5s.create_simple((6, 7))
            early = h5py.h5d.create(f.id, b"early", h5py.h5t.IEEE_F32LE, space, plan)
            early.write(h5py.h5s.ALL, h5py.h5s.ALL, whole)
        noise = np.random.default_rng(1).integers(0, 256, 64, dtype=np.uint8)
        noise[3::4] = 0x40  # no NaN; still too rough for gzip, which leaves such a chunk alone
        f.create_dataset("incompressible", data=noise.view("<f4"), chunks=(4,), compression="gzip")
        f.create_dataset("incompressible_plain", data=noise.view("<f4"))

with h5py.File("latest.keras", "w", libver="latest") as f:
    save_layers(f, KERAS2)
    dense = f.create_group("dense")
    for i in range(20):
        dense.create_dataset("array_%d" % i, data=values("array_%d" % i, 2))

with h5py.File("types.keras", "w") as f:
    for kind in ("<f8", ">f8", "<f4", ">f4", "<f2", ">f2"):
        f.create_dataset(kind[1:] + ("_little" if kind[0] == "<" else "_big"), data=values("types", 3, 5).astype(kind))
    f.create_dataset("scalar", data=np.float32(0.5))
    f.create_dataset("none", shape=(0, 3), dtype="f4")
    f.create_dataset("empty", data=h5py.Empty("f4"))
    f.create_dataset("whole_numbers", data=np.arange(3))
    f.create_dataset("pairs", data=np.zeros(2, dtype=[("a", "f4"), ("b", "f4")]))
    f.create_dataset("complex", data=np.zeros(2, dtype="c8"))
    layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple((3, 5))
    compact = h5py.h5d.create(f.id, b"compact", h5py.h5t.IEEE_F32LE, space, layout)
    compact.write(h5py.h5s.ALL, h5py.h5s.ALL, values("types", 3, 5))

# What is not to be followed, or not to be believed.
for libver in ("earliest", "latest"):
    with h5py.File("loop_%s.keras" % libver, "w", libver=libver) as f:
        f.create_dataset("kernel", data=values("kernel", 4))
        a = f.create_group("a")
        a["self"] = a
        a["root"] = f["/"]
        a["again"] = f["kernel"]
        b = a.create_group("b")
        b["up"] = a
        f["soft"] = h5py.SoftLink("/soft")
        f["softer"] = h5py.SoftLink("/softest")
        f["softest"] = h5py.SoftLink("/softer")
        f["kernel_soft"] = h5py.SoftLink("/kernel")
        f["outside"] = h5py.ExternalLink("keras1.keras", "/block1_conv1")

with h5py.File("deep.keras", "w", libver="latest") as f:
    group = f
    for i in range(40):
        group = group.create_group("g")
    group.create_dataset("kernel", data=values("kernel", 4))

with h5py.File("huge.keras", "w", libver="latest") as f:
    f.create_dataset("never_written", shape=(1 << 20, 1 << 20), dtype="f4", chunks=(1024, 1024))
    f.create_dataset("large", shape=(1 << 12, 1 << 12), dtype="f4", chunks=(1024, 1024))
    f.create_dataset("large_chunk", shape=(1 << 10,), dtype="f4", chunks=(1 << 28,), maxshape=(None,))
    f.create_dataset("small_chunks", shape=(1 << 10,) * 2, dtype="f4", chunks=(1, 1))
    f.create_dataset("partly", data=values("partly", 4), chunks=(2,), maxshape=(None,))
    f["partly"].resize((8,))
    bomb = f.create_dataset("bomb", shape=(16,), dtype="f4", chunks=(16,), compression="gzip")
    bomb.id.write_direct_chunk((0,), zlib.compress(bytes(1 << 23), 9))
    bomb = f.create_dataset("short", shape=(16,), dtype="f4", chunks=(16,), compression="gzip")
    bomb.id.write_direct_chunk((0,), zlib.compress(bytes(63), 9))
    f.create_dataset("lzf", data=values("lzf", 64) * 0, compression="lzf")
