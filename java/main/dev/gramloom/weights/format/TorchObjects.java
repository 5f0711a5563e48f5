package dev.gramloom.weights.format;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All that a PyTorch pickle may ask for by name: ordered dictionaries, storages, tensors and
 * parameters. The names select from this list and are never looked up anywhere else.
 *
 * <p>Source: PyTorch's torch/_utils.py and torch/serialization.py.
 */
final class TorchObjects {
  /** The functions that may be called. */
  private enum Function {
    ORDERED_DICT,
    REBUILD_TENSOR,
    REBUILD_PARAMETER
  }

  private static final Map<String, Object> GLOBALS = new HashMap<>();

  static {
    GLOBALS.put("collections.OrderedDict", Function.ORDERED_DICT);
    GLOBALS.put("torch._utils._rebuild_tensor", Function.REBUILD_TENSOR);
    GLOBALS.put("torch._utils._rebuild_tensor_v2", Function.REBUILD_TENSOR);
    GLOBALS.put("torch._utils._rebuild_parameter", Function.REBUILD_PARAMETER);
    for (TorchStorage.Type type : TorchStorage.Type.values()) {
      GLOBALS.put(type.globalName(), type);
    }
  }

  private static final int MOST_CALLS = 1 << 17; // pairs of a dictionary counted too
  private static final int MOST_DIMENSIONS = 64; // PyTorch's limit
  private static final int LONGEST_NAME = 100; // that a message repeats

  private final Map<String, TorchStorage> storages = new LinkedHashMap<>();
  private int calls;

  /** The storages that were asked for, by key; each as a whole. */
  Map<String, TorchStorage> storages() {
    return storages;
  }

  /**
   * What a name stands for.
   *
   * @throws IllegalArgumentException if it is not one of ours
   */
  Object global(String module, String name) {
    String full = module + "." + name;
    Object known = GLOBALS.get(full);
    if (known == null) {
      boolean fits = full.length() <= LONGEST_NAME;
      String shown = fits ? full : full.substring(0, LONGEST_NAME) + "...";
      throw new IllegalArgumentException("it asks to run " + shown + ", which Gramloom never does");
    }
    return known;
  }

  /**
   * What a function gives.
   *
   * @throws IllegalArgumentException if it is none, or not for these arguments
   */
  Object call(Object function, Object arguments) {
    spend(1);
    if (function instanceof Function known && arguments instanceof Object[] values) {
      return switch (known) {
        case ORDERED_DICT -> orderedDict(values);
        case REBUILD_TENSOR -> tensor(values);
        case REBUILD_PARAMETER -> parameter(values);
      };
    }
    throw new IllegalArgumentException("its pickle calls what is no function");
  }

  /**
   * Gives an object its attributes. A state dict has some, versions of its modules, that do not
   * concern us.
   *
   * @throws IllegalArgumentException if the object should have none
   */
  void build(Object target, Object state) {
    if (!(target instanceof Pickle.Dictionary) || !(state instanceof Pickle.Dictionary)) {
      throw new IllegalArgumentException("its pickle sets attributes of what has none");
    }
  }

  /**
   * The storage of ('storage', type, key, location, count), and in legacy files a last item that is
   * None or (key, offset, count) of a part of it.
   *
   * @throws IllegalArgumentException if it is something else
   */
  TorchStorage persistent(Object id) {
    if (id instanceof Object[] values
        && (values.length == 5 || values.length == 6)
        && "storage".equals(values[0])
        && values[1] instanceof TorchStorage.Type type
        && values[2] instanceof String key) {
      TorchStorage storage = new TorchStorage(type, key, 0, whole(values[4]));
      TorchStorage first = storages.putIfAbsent(key, storage);
      if (first != null && !first.equals(storage)) {
        throw new IllegalArgumentException("it declares storage " + key + " in two ways");
      }
      Object part = values.length == 6 ? values[5] : null;
      if (part == null) {
        return storages.get(key);
      }
      if (part instanceof Object[] items && items.length == 3) {
        return storage.part(whole(items[1]), whole(items[2]));
      }
    }
    throw new IllegalArgumentException("its pickle refers to what is no storage");
  }

  /** Python 3 makes an empty one and sets its items; Python 2 hands over a list of pairs. */
  private Pickle.Dictionary orderedDict(Object[] arguments) {
    Pickle.Dictionary dictionary = new Pickle.Dictionary();
    if (arguments.length == 0) {
      return dictionary;
    }
    if (arguments.length != 1 || !(arguments[0] instanceof Pickle.Sequence pairs)) {
      throw new IllegalArgumentException("its pickle makes a dictionary of what is no list");
    }
    spend(pairs.items.size());
    for (Object pair : pairs.items) {
      if (pair instanceof Pickle.Sequence list && list.items.size() == 2) {
        dictionary.put(list.items.get(0), list.items.get(1));
      } else if (pair instanceof Object[] tuple && tuple.length == 2) {
        dictionary.put(tuple[0], tuple[1]);
      } else {
        throw new IllegalArgumentException("its pickle makes a dictionary of what are no pairs");
      }
    }
    return dictionary;
  }

  /** From (storage, offset, size, stride); what follows is about training. */
  private static TorchTensor tensor(Object[] arguments) {
    if (arguments.length < 4
        || !(arguments[0] instanceof TorchStorage storage)
        || !(arguments[2] instanceof Object[] size)
        || !(arguments[3] instanceof Object[] stride)) {
      throw new IllegalArgumentException("its pickle makes an array of what is none");
    }
    return new TorchTensor(storage, whole(arguments[1]), wholes(size), wholes(stride));
  }

  /** From (tensor, requires_grad, hooks): the tensor. */
  private static TorchTensor parameter(Object[] arguments) {
    if (arguments.length > 0 && arguments[0] instanceof TorchTensor tensor) {
      return tensor;
    }
    throw new IllegalArgumentException("its pickle makes a parameter of what is no array");
  }

  private static long whole(Object value) {
    if (value instanceof Long number) {
      return number;
    }
    throw new IllegalArgumentException("its pickle counts with what is no number");
  }

  private static long[] wholes(Object[] values) {
    if (values.length > MOST_DIMENSIONS) {
      throw new IllegalArgumentException("it has an array of " + values.length + " dimensions");
    }
    long[] numbers = new long[values.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = whole(values[i]);
    }
    return numbers;
  }

  /** A short pickle could have the same long list copied again and again. */
  private void spend(int count) {
    calls += count;
    if (calls > MOST_CALLS) {
      throw new IllegalArgumentException("its pickle makes more than " + MOST_CALLS + " objects");
    }
  }
}
