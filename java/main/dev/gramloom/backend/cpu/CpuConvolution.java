package dev.gramloom.backend.cpu;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Kernel;
import dev.gramloom.tensor.Edges;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Convolutions both ways, each by the fastest {@link ConvolutionMethod}. A kernel is packed once
 * for all pictures and scales.
 */
final class CpuConvolution {
  private final Workers workers;

  /** Of kernels that somebody holds, while memory lasts. */
  private final Map<Kernel, SoftReference<CpuFilters>> packed = new WeakHashMap<>();

  private float[] padded = new float[0]; // a gradient before its border is folded back

  CpuConvolution(Workers workers) {
    this.workers = workers;
  }

  Filters filters(Kernel kernel) {
    SoftReference<CpuFilters> known = packed.get(kernel);
    CpuFilters filters = known == null ? null : known.get();
    if (filters == null) {
      filters = new CpuFilters(kernel, workers);
      packed.put(kernel, new SoftReference<>(filters));
    }
    return filters;
  }

  /** y = activation(W ⋆ x + b). */
  void forward(CpuTensor x, CpuFilters filters, Edges edges, Activation activation, CpuTensor y) {
    ConvolutionMethod method = ConvolutionMethod.forward(filters.kernel(), activation, x.shape());
    switch (method) {
      case FILTER -> filters.filter().forward(x, edges, y);
      case PICTURE ->
          new PictureConvolution(workers, filters.picture(), edges, x).forward(activation, y);
      case DIRECT -> new DirectConvolution(workers, filters, edges, x).forward(x, activation, y);
      default ->
          WinogradConvolution.forward(
              workers,
              method.transform(),
              filters.winograd(),
              filters.kernel().bias(),
              new Patches(x, null, edges),
              activation,
              y);
    }
  }

  /** dX += adjoint of {@link #forward} of dY, where its output was y. */
  void adjoint(
      CpuTensor y,
      CpuTensor dY,
      CpuFilters filters,
      Edges edges,
      Activation activation,
      CpuTensor dX) {
    ConvolutionMethod method = ConvolutionMethod.adjoint(filters.kernel(), activation, dX.shape());
    switch (method) {
      case FILTER -> {
        int size = new PictureBorder(dX, edges, filters.kernel().radius()).size();
        filters.filter().adjoint(dY, edges, padded(size), dX);
      }
      case PICTURE -> {
        var convolution = new PictureConvolution(workers, filters.picture(), edges, dX);
        convolution.adjoint(y, dY, activation, padded(convolution.paddedSize()));
      }
      case DIRECT -> {
        var convolution = new DirectConvolution(workers, filters, edges, dX);
        convolution.adjoint(y, dY, activation, padded(convolution.paddedSize()), dX);
      }
      default -> {
        CpuTensor output = activation == Activation.NONE ? null : y;
        Patches patches = new Patches(dY, output, Border.beyond(edges));
        WinogradConvolution.adjoint(
            workers, method.transform(), filters.winogradAdjoint(), patches, edges, dX);
      }
    }
  }

  private float[] padded(int size) {
    if (padded.length < size) {
      padded = new float[size];
    }
    return padded;
  }
}
