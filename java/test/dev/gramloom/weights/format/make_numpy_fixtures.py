"""Writes the NumPy files that NumpyFileTest reads: /usr/bin/python3 make_numpy_fixtures.py

Made with NumPy 1.24. The values are those of Fixtures.values.
"""

import io
import os
import zipfile
import zlib

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
CONVOLUTIONS = {
    "conv1_1": (4, 3),
    "conv1_2": (4, 4),
    "conv2_1": (5, 4),
    "conv2_2": (5, 5),
    "conv3_1": (6, 5),
}


def values(name, *shape):
    count = int(np.prod(shape))
    numbers = (zlib.crc32(name.encode()) + 40503 * np.arange(count, dtype=np.int64)) & 4095
    return (numbers / 1024.0 - 2).reshape(shape)


def network():
    for name, (outputs, inputs) in CONVOLUTIONS.items():
        yield name + ".weight", values(name + ".weight", outputs, inputs, 3, 3)
        yield name + ".bias", values(name + ".bias", outputs)


def archive(name, save, arrays):
    data = io.BytesIO()  # given a path, savez would append .npz
    save(data, **arrays)
    with open(os.path.join(HERE, name), "wb") as out:
        out.write(data.getvalue())


def entry(out, name, array, version):
    data = io.BytesIO()
    np.lib.format.write_array(data, array, version=version)
    out.writestr(zipfile.ZipInfo(name + ".npy"), data.getvalue())


def main():
    stored = {name: array.astype("<f4") for name, array in network()}
    stored["epoch"] = np.int64(90)
    stored["done"] = np.array([True, False])
    stored["classes"] = np.array(["cat", "dog"])
    archive("stored.numpy-archive", np.savez, stored)

    small = {name: array.astype("<f2") for name, array in network()}
    small["mean"] = np.array(123.75, "<f4")
    small["empty"] = np.zeros((0, 3), "<f4")
    archive("half-compressed.numpy-archive", np.savez_compressed, small)

    turned = {name: np.asfortranarray(array.astype(">f8")) for name, array in network()}
    archive("big-endian-fortran.numpy-archive", np.savez_compressed, turned)

    hwio = {}
    for name, array in network():
        key = name.replace(".weight", "_W").replace(".bias", "_b")
        hwio[key] = (array.transpose(2, 3, 1, 0) if array.ndim == 4 else array).astype(">f4")
    archive("hwio.numpy-archive", np.savez_compressed, hwio)

    with zipfile.ZipFile(os.path.join(HERE, "versions.numpy-archive"), "w") as out:
        for version in (1, 2, 3):
            name = "version%d" % version
            entry(out, name, values(name, 2, 3).astype("<f4"), (version, 0))

    pickled = np.array({"conv1_1": [np.zeros((3, 3), "f4"), np.zeros(3, "f4")]}, dtype=object)
    with open(os.path.join(HERE, "pickled.numpy-array"), "wb") as out:
        np.save(out, pickled, allow_pickle=True)
    archive("pickled.numpy-archive", np.savez, {"a": np.zeros(2, "f4"), "b": pickled})


main()
