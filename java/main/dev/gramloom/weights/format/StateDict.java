package dev.gramloom.weights.format;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The named tensors in what a PyTorch file describes: a dictionary of them, of dictionaries of
 * them, whose names are joined with dots, or a checkpoint that keeps such a dictionary beside other
 * things.
 */
final class StateDict {
  /** Where checkpoints keep the weights; the other arrays there are not weights of the network. */
  private static final List<String> CHECKPOINT_KEYS =
      List.of("state_dict", "model_state_dict", "model");

  // a dictionary may be held by many, and by itself: unfolded, it can be without end
  private static final int MOST_ENTRIES = 1 << 16;
  private static final int MOST_DEPTH = 16;
  private static final int LONGEST_NAME = 512;

  private final Map<String, TorchTensor> tensors = new LinkedHashMap<>();
  private int entries;

  private StateDict() {}

  /**
   * Name to tensor of floating-point numbers, in the file's order; tensors are not checked yet.
   *
   * @param content what the pickle describes
   * @throws IllegalArgumentException in words for people, if it is nothing of the kind
   */
  static Map<String, TorchTensor> of(Object content) {
    if (!(content instanceof Pickle.Dictionary top)) {
      throw new IllegalArgumentException("it holds no dictionary of arrays");
    }
    for (String key : CHECKPOINT_KEYS) {
      Map<String, TorchTensor> tensors = within(top.items.get(key));
      if (!tensors.isEmpty()) {
        return tensors;
      }
    }
    return within(top);
  }

  private static Map<String, TorchTensor> within(Object value) {
    StateDict dict = new StateDict();
    if (value instanceof Pickle.Dictionary dictionary) {
      dict.collect(dictionary, "", 0);
    }
    return dict.tensors;
  }

  private void collect(Pickle.Dictionary dictionary, String prefix, int depth) {
    if (depth == MOST_DEPTH) {
      throw new IllegalArgumentException(
          "its dictionaries lie more than " + MOST_DEPTH + " deep in each other");
    }
    for (Map.Entry<String, Object> entry : dictionary.items.entrySet()) {
      if (++entries > MOST_ENTRIES) {
        throw new IllegalArgumentException("it names more than " + MOST_ENTRIES + " things");
      }
      if (entry.getValue() instanceof Pickle.Dictionary inner) {
        collect(inner, name(prefix, entry.getKey()) + ".", depth + 1);
      } else if (entry.getValue() instanceof TorchTensor tensor
          && tensor.storage().type().element() != null) {
        add(name(prefix, entry.getKey()), tensor);
      }
    }
  }

  private void add(String name, TorchTensor tensor) {
    if (tensors.put(name, tensor) != null) {
      throw new IllegalArgumentException("two of its arrays are named " + name);
    }
  }

  private static String name(String prefix, String key) {
    if (prefix.length() + key.length() > LONGEST_NAME
        || key.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("an array in it has a name that is none");
    }
    return prefix + key;
  }
}
