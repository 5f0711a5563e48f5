package dev.gramloom.weights.format;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of Python's pickle machine that state dicts are written for. It makes numbers, texts,
 * tuples, lists and dictionaries; whatever else a pickle asks for goes to {@link TorchObjects},
 * which knows a handful of names and refuses the rest. No name from a file ever reaches a class
 * loader.
 *
 * <p>Values: null, Boolean, Long, BigInteger (beyond 64 bits), Double, String, byte[], Object[] (a
 * tuple), {@link Sequence}, {@link Dictionary}, and what {@link TorchObjects} gives. All compare by
 * identity or are leaves, and nothing here descends into them: a list that holds itself, or tuples
 * of tuples that unfold to more than the memory, cost no more than the bytes that made them.
 *
 * <p>Source: Python's Lib/pickletools.py, protocols 2 to 4.
 */
final class Pickle {
  /** A Python list; it may hold itself. */
  static final class Sequence {
    final List<Object> items = new ArrayList<>();
  }

  /** A Python dict as far as its keys are texts: others cannot name a weight and are dropped. */
  static final class Dictionary {
    final Map<String, Object> items = new LinkedHashMap<>();

    void put(Object key, Object value) {
      if (key instanceof String name) {
        items.put(name, value);
      }
    }
  }

  // bounds memory, at some hundred bytes each; an array takes about thirty
  private static final int MOST_INSTRUCTIONS = 1 << 19;

  private final PickleInput in;
  private final TorchObjects objects;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>(); // heights of the stack
  private final Map<Long, Object> memo = new HashMap<>();

  private Pickle(PickleInput in, TorchObjects objects) {
    this.in = in;
    this.objects = objects;
  }

  /**
   * The value that the next pickle describes; reads up to its end and no further.
   *
   * @throws IOException if the bytes cannot be had
   * @throws IllegalArgumentException in words for people, if it is no pickle or asks for what we do
   *     not do
   */
  static Object read(PickleInput in, TorchObjects objects) throws IOException {
    Pickle pickle = new Pickle(in, objects);
    for (int i = 0; i < MOST_INSTRUCTIONS; i++) {
      long at = in.position();
      Opcode opcode = Opcode.of((int) in.unsigned(1), at);
      if (opcode == Opcode.STOP) {
        return pickle.pop();
      }
      if (!pickle.leaf(opcode) && !pickle.container(opcode) && !pickle.object(opcode)) {
        throw new IllegalArgumentException(
            "its pickle uses " + opcode + " at byte " + at + ", which Gramloom never does");
      }
    }
    throw new IllegalArgumentException(
        "its pickle takes more than " + MOST_INSTRUCTIONS + " instructions");
  }

  /** Numbers and texts; false if the instruction is about something else. */
  private boolean leaf(Opcode opcode) throws IOException {
    switch (opcode) {
      case NONE -> stack.add(null);
      case NEWTRUE -> stack.add(true);
      case NEWFALSE -> stack.add(false);
      case BININT -> stack.add((long) (int) in.unsigned(4));
      case BININT1 -> stack.add(in.unsigned(1));
      case BININT2 -> stack.add(in.unsigned(2));
      case LONG1 -> {
        BigInteger value = in.signed(in.unsigned(1));
        stack.add(value.bitLength() < Long.SIZE ? (Object) value.longValue() : value);
      }
      case BINFLOAT -> stack.add(Double.longBitsToDouble(new BigInteger(in.bytes(8)).longValue()));
      case BINUNICODE -> stack.add(in.text(in.unsigned(4)));
      case SHORT_BINUNICODE, SHORT_BINSTRING -> stack.add(in.text(in.unsigned(1)));
      case BINSTRING -> stack.add(in.text((int) in.unsigned(4)));
      case BINBYTES -> stack.add(in.bytes(in.unsigned(4)));
      case SHORT_BINBYTES -> stack.add(in.bytes(in.unsigned(1)));
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Tuples, lists and dictionaries; false if the instruction is about something else. */
  private boolean container(Opcode opcode) {
    switch (opcode) {
      case MARK -> marks.add(stack.size());
      case EMPTY_TUPLE -> stack.add(new Object[0]);
      case TUPLE1 -> stack.add(pop(1));
      case TUPLE2 -> stack.add(pop(2));
      case TUPLE3 -> stack.add(pop(3));
      case TUPLE -> stack.add(popToMark());
      case EMPTY_LIST -> stack.add(new Sequence());
      case APPEND -> append(pop(1));
      case APPENDS -> append(popToMark());
      case EMPTY_DICT -> stack.add(new Dictionary());
      case SETITEM -> put(pop(2));
      case SETITEMS -> put(popToMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Everything by name or by number; false if the instruction is about something else. */
  private boolean object(Opcode opcode) throws IOException {
    switch (opcode) {
      case PROTO -> in.bytes(1);
      case FRAME -> in.bytes(8); // only groups what follows
      case BINPUT -> memo.put(in.unsigned(1), top());
      case LONG_BINPUT -> memo.put(in.unsigned(4), top());
      case MEMOIZE -> memo.put((long) memo.size(), top());
      case BINGET -> stack.add(remembered(in.unsigned(1)));
      case LONG_BINGET -> stack.add(remembered(in.unsigned(4)));
      case GLOBAL -> {
        String module = in.line();
        stack.add(objects.global(module, in.line()));
      }
      case STACK_GLOBAL -> {
        Object[] names = pop(2);
        stack.add(objects.global(text(names[0]), text(names[1])));
      }
      case REDUCE -> {
        Object[] call = pop(2);
        stack.add(objects.call(call[0], call[1]));
      }
      case BUILD -> {
        Object state = pop();
        objects.build(top(), state);
      }
      case BINPERSID -> stack.add(objects.persistent(pop()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void append(Object[] items) {
    if (!(top() instanceof Sequence sequence)) {
      throw broken("appends to what is no list");
    }
    sequence.items.addAll(Arrays.asList(items));
  }

  private void put(Object[] items) {
    if (!(top() instanceof Dictionary dictionary) || items.length % 2 != 0) {
      throw broken("sets items of what is no dict");
    }
    for (int i = 0; i < items.length; i += 2) {
      dictionary.put(items[i], items[i + 1]);
    }
  }

  private Object remembered(long key) {
    if (!memo.containsKey(key)) {
      throw broken("recalls what it never noted");
    }
    return memo.get(key);
  }

  private String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw broken("names something without a text");
  }

  private Object top() {
    Object[] top = pop(1);
    stack.add(top[0]);
    return top[0];
  }

  private Object pop() {
    return pop(1)[0];
  }

  /** The topmost values, the deepest first; never beyond the last mark. */
  private Object[] pop(int count) {
    int floor = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    if (stack.size() - count < floor) {
      throw broken("takes what is not there");
    }
    List<Object> top = stack.subList(stack.size() - count, stack.size());
    Object[] values = top.toArray();
    top.clear();
    return values;
  }

  private Object[] popToMark() {
    if (marks.isEmpty()) {
      throw broken("goes back to a mark that is not there");
    }
    Object[] values = pop(stack.size() - marks.get(marks.size() - 1));
    marks.remove(marks.size() - 1);
    return values;
  }

  private IllegalArgumentException broken(String what) {
    return new IllegalArgumentException("its pickle " + what + " before byte " + in.position());
  }
}
