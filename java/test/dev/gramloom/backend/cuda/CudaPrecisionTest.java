package dev.gramloom.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Backends;
import dev.gramloom.backend.Backends.Resources;
import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.Precision;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolutions with rounded factors are off by what rounding does, and by no more. */
@OnCuda
@Tag("verbs")
class CudaPrecisionTest {
  private static final Shape SHAPE = new Shape(5, 13, 17);
  private static final double EXACT = 1e-6;

  private record Results(float[] y, float[] dX) {}

  private static Results convolved(
      Precision precision, Kernel kernel, Activation activation, int run) {
    try (CudaBackend cuda = new CudaBackend(0, precision)) {
      Shape output = SHAPE.withChannels(activation.channels(kernel.outputs()));
      Tensor x = TestBackends.random(cuda, SHAPE, 1);
      Tensor y = TestBackends.random(cuda, output, 2);
      Tensor dX = TestBackends.random(cuda, SHAPE, 3);
      Filters filters = cuda.filters(kernel);
      for (int i = 0; i <= run; i++) {
        cuda.convolve(x, filters, Edges.WRAP, activation, y);
        cuda.fill(0, dX);
        Tensor slope = TestBackends.random(cuda, output, 4); // used up
        cuda.convolveAdjoint(y, slope, filters, Edges.WRAP, activation, dX);
      }
      return new Results(y.toArray(), dX.toArray());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TF32, 3, RELU, 5e-5, 1e-3",
    "TF32, 1, NONE, 5e-5, 1e-3",
    "BF16, 3, RELU, 5e-4, 8e-3",
    "BF16, 3, RECTIFY, 5e-4, 8e-3",
    "BF16, 1, NONE, 5e-4, 8e-3",
    "BF16, 5, NONE, 5e-4, 8e-3"
  })
  void roundedFactorsShowWithinTheirBounds(
      Precision precision, int size, Activation activation, double least, double most) {
    assumeTrue(Cudnn.problem().isEmpty(), "tensor cores are cuDNN's");
    Kernel kernel = TestBackends.kernel(7, 5, size, 6);
    Results exact = convolved(Precision.FP32, kernel, activation, 0);
    Results rounded = convolved(precision, kernel, activation, 0);
    double forward = TestBackends.relativeError(rounded.y, exact.y);
    double back = TestBackends.relativeError(rounded.dX, exact.dX);
    assertTrue(forward > least && forward < most, () -> "forward " + forward);
    // where rounding turns a sign, an activation lets through what it held back
    assertTrue(back > least && back < 10 * most, () -> "back " + back);
    Results again = convolved(precision, kernel, activation, 1);
    assertArrayEquals(rounded.y, again.y);
    assertArrayEquals(rounded.dX, again.dX);
  }

  /** With the matrix as it is, or transposed. */
  private static float[] product(Precision precision, boolean transposed, boolean centred) {
    try (CudaBackend cuda = new CudaBackend(0, precision)) {
      Tensor matrix =
          TestBackends.random(cuda, transposed ? Shape.matrix(5, 7) : Shape.matrix(7, 5), 1);
      Tensor centre = centred ? cuda.zeros(Shape.matrix(1, 5)) : null;
      Tensor sum = cuda.zeros(SHAPE.withChannels(7));
      cuda.addProduct(0.5f, matrix, transposed, TestBackends.random(cuda, SHAPE, 2), centre, sum);
      return sum.toArray();
    }
  }

  @ParameterizedTest
  @CsvSource({"FP32, 0, 1e-6", "TF32, 5e-5, 1e-3", "BF16, 5e-4, 8e-3"})
  void plainProductsAreRoundedAsAskedFor(Precision precision, double least, double most) {
    assumeTrue(Cublas.problem().isEmpty(), "tensor cores are cuBLAS's");
    for (boolean transposed : new boolean[] {false, true}) {
      float[] exact = product(Precision.FP32, transposed, true);
      double off = TestBackends.relativeError(product(precision, transposed, false), exact);
      assertTrue(off >= least && off < most, () -> "off by " + off);
      // with a centre it is no plain product
      assertArrayEquals(exact, product(precision, transposed, true));
    }
  }

  @Test
  void filtersThatAreMostlyZerosStayExact() {
    assumeTrue(Cudnn.problem().isEmpty(), "tensor cores are cuDNN's");
    float[] weights = new float[7 * 5 * 9];
    for (int i = 0; i < weights.length; i += 3) {
      weights[i] = (float) Math.sin(i);
    }
    Kernel sparse = new Kernel(7, 5, 3, weights, new float[7]);
    Results exact = convolved(Precision.FP32, sparse, Activation.NONE, 0);
    Results asked = convolved(Precision.BF16, sparse, Activation.NONE, 0);
    assertTrue(TestBackends.relativeError(asked.y, exact.y) < EXACT);
    assertTrue(TestBackends.relativeError(asked.dX, exact.dX) < EXACT);
  }

  @Test
  void withoutCudnnOnlyFloat32IsThere() {
    assumeTrue(Cudnn.problem().isPresent(), "cuDNN is there");
    for (Precision precision : List.of(Precision.TF32, Precision.BF16)) {
      Failure refused = assertThrows(Failure.class, () -> new CudaBackend(0, precision).close());
      assertEquals(ExitCode.UNAVAILABLE, refused.exitCode());
      String said = refused.getMessage();
      assertTrue(said.contains("no --precision " + precision + " here: no libcudnn.so.9"), said);
    }
    assertDescribed(
        "convolutions by Gramloom's own kernels in fp32 (no libcudnn.so.9; install cuDNN 9, or name its folder in GRAMLOOM_CUDA_PATH)");
  }

  @Test
  void withoutCublasItsRemedyIsNamed() {
    assumeTrue(Cublas.problem().isPresent(), "cuBLAS is there");
    assertDescribed(
        "products by Gramloom's own kernels in fp32 (no libcublas.so.12 or libcublas.so.13; install cuBLAS 12 or 13, or name its folder in GRAMLOOM_CUDA_PATH)");
  }

  private static void assertDescribed(String words) {
    String description = Backends.choose("cuda", new Resources(1, 0)).description();
    assertTrue(description.contains(words), description);
  }

  @Test
  void autoSaysWhatItTook() {
    assumeTrue(Cudnn.problem().isEmpty(), "without cuDNN there is no choice");
    String description = Backends.choose("cuda", new Resources(1, 0)).description();
    assertTrue(
        description.matches(
            ".*convolutions by cuDNN \\S+ in fp32; products by cuBLAS \\S+ in fp32 .*"),
        description);
  }
}
