package dev.gramloom.network;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Kernel;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * A backend that computes nothing, at any size, and sees to it that whatever is read is what was
 * last written there. Its layout has gaps: channels come in sixteens.
 */
final class Witness implements InvocationHandler {
  /** A piece of memory. */
  private static final class Piece {
    private final long floats;
    private Tensor holder; // what was last written there

    Piece(long floats) {
      this.floats = floats;
    }
  }

  /** Told apart by identity: two views of one piece are two tensors. */
  private static final class Paper implements Tensor {
    private final Shape shape;
    private final Piece piece;

    Paper(Shape shape, Piece piece) {
      this.shape = shape;
      this.piece = piece;
    }

    @Override
    public Shape shape() {
      return shape;
    }

    @Override
    public float[] toArray() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private record Plain(Kernel kernel) implements Filters {
    @Override
    public void close() {}
  }

  private final List<Long> allocations = new ArrayList<>();
  private int views;

  /** The backend that is watched. */
  Backend backend() {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, this);
  }

  /** Floats of each tensor that was made, but for views. */
  List<Long> allocations() {
    return List.copyOf(allocations);
  }

  int views() {
    return views;
  }

  static long floats(Shape shape) {
    return (shape.channels() + 15L) / 16 * 16 * shape.pixels();
  }

  /** Fails unless the tensor's memory still holds it. */
  static void look(Tensor tensor) {
    assertSame(tensor, ((Paper) tensor).piece.holder, () -> tensor.shape() + " was overwritten");
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "floats" -> arguments[0] instanceof Shape shape ? floats(shape) : 0L;
      case "zeros", "upload" -> made((Shape) arguments[0]);
      case "view" -> view((Paper) arguments[0], (Shape) arguments[1]);
      case "filters" -> new Plain((Kernel) arguments[0]);
      default -> work(method.getName(), arguments);
    };
  }

  private Tensor made(Shape shape) {
    allocations.add(floats(shape));
    Piece piece = new Piece(floats(shape));
    Tensor tensor = new Paper(shape, piece);
    piece.holder = tensor;
    return tensor;
  }

  private Tensor view(Paper memory, Shape shape) {
    views++;
    assertTrue(floats(shape) <= memory.piece.floats, () -> shape + " in " + memory.shape);
    return new Paper(shape, memory.piece);
  }

  /** Inputs come first, the output last; an adjoint, and what adds, reads its output as well. */
  private Object work(String verb, Object[] arguments) {
    List<Paper> tensors = new ArrayList<>();
    for (Object argument : arguments) {
      assertNotNull(argument, () -> verb + " misses what it reads");
      if (argument instanceof Paper paper) {
        tensors.add(paper);
      }
    }
    Paper output = tensors.remove(tensors.size() - 1);
    for (Paper input : tensors) {
      look(input);
      assertNotSame(output.piece, input.piece, verb);
    }
    if (verb.startsWith("add") || verb.endsWith("Adjoint")) {
      look(output);
    }
    output.piece.holder = output;
    return null;
  }
}
