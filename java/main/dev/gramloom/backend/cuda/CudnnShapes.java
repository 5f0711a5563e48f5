package dev.gramloom.backend.cuda;

import dev.gramloom.backend.Precision;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;

/**
 * What cuDNN must know of a convolution: planar, cross-correlation of stride 1, no border of its
 * own. Kept as long as the process: a few hundred bytes of the heap for each shape.
 *
 * @param input [C][H][W], the border included
 * @param filters [K][C][size][size]
 * @param output [K][H − size + 1][W − size + 1]
 * @param convolution how they meet
 */
record CudnnShapes(
    cudnnTensorDescriptor input,
    cudnnFilterDescriptor filters,
    cudnnTensorDescriptor output,
    cudnnConvolutionDescriptor convolution) {
  /**
   * @param height of the input, the border included, as is the width
   */
  static CudnnShapes of(
      Precision precision, int inputs, int outputs, int size, int height, int width) {
    int type =
        precision == Precision.BF16
            ? cudnnDataType.CUDNN_DATA_BFLOAT16
            : cudnnDataType.CUDNN_DATA_FLOAT;
    int math =
        precision == Precision.FP32
            ? cudnnMathType.CUDNN_FMA_MATH
            : cudnnMathType.CUDNN_TENSOR_OP_MATH;
    return new CudnnShapes(
        tensor(type, inputs, height, width),
        filters(type, inputs, outputs, size),
        tensor(type, outputs, height - size + 1, width - size + 1),
        crossCorrelation(math));
  }

  private static cudnnTensorDescriptor tensor(int type, int channels, int height, int width) {
    cudnnTensorDescriptor tensor = new cudnnTensorDescriptor();
    Cudnn.check("describe a tensor", JCudnn.cudnnCreateTensorDescriptor(tensor));
    Cudnn.check(
        "describe a tensor",
        JCudnn.cudnnSetTensor4dDescriptor(
            tensor, cudnnTensorFormat.CUDNN_TENSOR_NCHW, type, 1, channels, height, width));
    return tensor;
  }

  private static cudnnFilterDescriptor filters(int type, int inputs, int outputs, int size) {
    cudnnFilterDescriptor filters = new cudnnFilterDescriptor();
    Cudnn.check("describe filters", JCudnn.cudnnCreateFilterDescriptor(filters));
    Cudnn.check(
        "describe filters",
        JCudnn.cudnnSetFilter4dDescriptor(
            filters, type, cudnnTensorFormat.CUDNN_TENSOR_NCHW, outputs, inputs, size, size));
    return filters;
  }

  /** With sums in float32, and products as the math type allows. */
  private static cudnnConvolutionDescriptor crossCorrelation(int math) {
    cudnnConvolutionDescriptor convolution = new cudnnConvolutionDescriptor();
    Cudnn.check("describe a convolution", JCudnn.cudnnCreateConvolutionDescriptor(convolution));
    Cudnn.check(
        "describe a convolution",
        JCudnn.cudnnSetConvolution2dDescriptor(
            convolution,
            0,
            0,
            1,
            1,
            1,
            1,
            cudnnConvolutionMode.CUDNN_CROSS_CORRELATION,
            cudnnDataType.CUDNN_DATA_FLOAT));
    Cudnn.check("choose the precision", JCudnn.cudnnSetConvolutionMathType(convolution, math));
    return convolution;
  }
}
