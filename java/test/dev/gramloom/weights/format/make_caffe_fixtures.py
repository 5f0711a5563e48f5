"""Writes the Caffe models that CaffeModelTest reads: /usr/bin/python3 make_caffe_fixtures.py

Google's encoder (python3-protobuf 4.21) writes them, from those parts of BVLC/caffe's caffe.proto
that weights need. The values are those of Fixtures.values.
"""

import os
import zlib

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

HERE = os.path.dirname(os.path.abspath(__file__))
CONVOLUTIONS = {
    "conv1_1": (4, 3),
    "conv1_2": (4, 4),
    "conv2_1": (5, 4),
    "conv2_2": (5, 5),
    "conv3_1": (6, 5),
}

ONE, MANY = 1, 3  # labels of descriptor_pb2.FieldDescriptorProto
DOUBLE, FLOAT, INT64, INT32, BOOL, TEXT, MESSAGE = 1, 2, 3, 5, 8, 9, 11

# message: {field: (number, label, type, message type, packed)}
SCHEMA = {
    "BlobShape": {"dim": (1, MANY, INT64, None, True)},
    "BlobProto": {
        "num": (1, ONE, INT32, None, None),
        "channels": (2, ONE, INT32, None, None),
        "height": (3, ONE, INT32, None, None),
        "width": (4, ONE, INT32, None, None),
        "data": (5, MANY, FLOAT, None, True),
        "diff": (6, MANY, FLOAT, None, True),
        "shape": (7, ONE, MESSAGE, "BlobShape", None),
        "double_data": (8, MANY, DOUBLE, None, True),
    },
    "V1LayerParameter": {
        "bottom": (2, MANY, TEXT, None, None),
        "top": (3, MANY, TEXT, None, None),
        "name": (4, ONE, TEXT, None, None),
        "type": (5, ONE, INT32, None, None),  # an enum in Caffe, encoded alike
        "blobs": (6, MANY, MESSAGE, "BlobProto", None),
        "blobs_lr": (7, MANY, FLOAT, None, False),
    },
    "LayerParameter": {
        "name": (1, ONE, TEXT, None, None),
        "type": (2, ONE, TEXT, None, None),
        "bottom": (3, MANY, TEXT, None, None),
        "top": (4, MANY, TEXT, None, None),
        "loss_weight": (5, MANY, FLOAT, None, False),
        "blobs": (7, MANY, MESSAGE, "BlobProto", None),
        "phase": (10, ONE, INT32, None, None),
    },
    "NetParameter": {
        "name": (1, ONE, TEXT, None, None),
        "layers": (2, MANY, MESSAGE, "V1LayerParameter", None),
        "input": (3, MANY, TEXT, None, None),
        "input_dim": (4, MANY, INT32, None, False),
        "force_backward": (5, ONE, BOOL, None, None),
        "layer": (100, MANY, MESSAGE, "LayerParameter", None),
    },
}


def messages(data_is_packed):
    """The message classes by name; data unpacked as encoders before 2.3 could only have it."""
    file = descriptor_pb2.FileDescriptorProto(name="caffe.proto", package="caffe")
    for name, fields in SCHEMA.items():
        message = file.message_type.add(name=name)
        for field, (number, label, kind, other, packed) in fields.items():
            added = message.field.add(name=field, number=number, label=label, type=kind)
            if other:
                added.type_name = ".caffe." + other
            if packed is not None:
                added.options.packed = packed and (data_is_packed or field == "diff")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.MessageFactory(pool).GetPrototype, pool


def values(name, count):
    return [((zlib.crc32(name.encode()) + 40503 * i) & 4095) / 1024.0 - 2 for i in range(count)]


def fill(blob, name, shape, old, doubles):
    count = 1
    for size in shape:
        count *= size
    (blob.double_data if doubles else blob.data).extend(values(name, count))
    if old:
        four = [1] * (4 - len(shape)) + shape
        blob.num, blob.channels, blob.height, blob.width = four
    else:
        blob.shape.dim.extend(shape)


def write(file, old, packed=True, doubles=False):
    prototype, pool = messages(packed)
    net = prototype(pool.FindMessageTypeByName("caffe.NetParameter"))(name="a small VGG")
    if old:
        net.input.append("data")
        net.input_dim.extend([1, 3, 224, 224])
    else:
        net.layer.add(name="input", type="Input", top=["data"])
    bottom = "data"
    for name, (outputs, inputs) in CONVOLUTIONS.items():
        layer = (net.layers if old else net.layer).add(name=name, bottom=[bottom], top=[name])
        layer.type = 4 if old else "Convolution"
        if old:
            layer.blobs_lr.extend([1, 2])
        fill(layer.blobs.add(), name + ".weight", [outputs, inputs, 3, 3], old, doubles)
        fill(layer.blobs.add(), name + ".bias", [outputs], old, doubles)
        if name == "conv1_1":
            layer.blobs[1].diff.extend([0.5] * outputs)
        relu = (net.layers if old else net.layer).add(name="relu_" + name, bottom=[name])
        relu.top.append(name)
        relu.type = 18 if old else "ReLU"
        bottom = name
    with open(os.path.join(HERE, file), "wb") as out:
        out.write(net.SerializeToString(deterministic=True))


write("old-layers.caffemodel", old=True)
write("present-layers.caffemodel", old=False)
write("unpacked.caffemodel", old=True, packed=False)
write("doubles.caffemodel", old=False, doubles=True)
