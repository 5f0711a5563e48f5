package dev.gramloom.network;

import dev.gramloom.backend.Backend;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Memory that tensors take turns in. A walk that asks for the same shapes in the same order each
 * time allocates nothing after the first.
 */
final class TensorPool implements AutoCloseable {
  private final Backend backend;
  private final TreeMap<Long, Deque<Tensor>> free = new TreeMap<>(); // by floats
  private final Map<Tensor, Tensor> memories = new IdentityHashMap<>(); // of those handed out

  TensorPool(Backend backend) {
    this.backend = backend;
  }

  /** A tensor of any content, in the smallest free memory that holds it. */
  Tensor acquire(Shape shape) {
    Map.Entry<Long, Deque<Tensor>> fitting = free.ceilingEntry(shape.size());
    Tensor memory;
    if (fitting == null) {
      memory = backend.zeros(shape);
    } else {
      memory = fitting.getValue().pop();
      if (fitting.getValue().isEmpty()) {
        free.remove(fitting.getKey());
      }
    }
    Tensor tensor = memory.shape().equals(shape) ? memory : backend.view(memory, shape);
    memories.put(tensor, memory);
    return tensor;
  }

  /** Gives a tensor's memory to the next who asks. */
  void release(Tensor tensor) {
    Tensor memory = memories.remove(tensor);
    free.computeIfAbsent(memory.shape().size(), size -> new ArrayDeque<>()).push(memory);
  }

  @Override
  public void close() {
    memories.values().forEach(Tensor::close);
    free.values().forEach(memories -> memories.forEach(Tensor::close));
    memories.clear();
    free.clear();
  }
}
