package dev.gramloom.backend.cuda;

import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;

/**
 * What cuDNN must know of a convolution: float32, planar, cross-correlation of stride 1, no border
 * of its own. Kept as long as the process: a few hundred bytes of the heap for each shape.
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
  static CudnnShapes of(int inputs, int outputs, int size, int height, int width) {
    return new CudnnShapes(
        tensor(inputs, height, width),
        filters(inputs, outputs, size),
        tensor(outputs, height - size + 1, width - size + 1),
        crossCorrelation());
  }

  private static cudnnTensorDescriptor tensor(int channels, int height, int width) {
    cudnnTensorDescriptor tensor = new cudnnTensorDescriptor();
    Cudnn.check("describe a tensor", JCudnn.cudnnCreateTensorDescriptor(tensor));
    Cudnn.check(
        "describe a tensor",
        JCudnn.cudnnSetTensor4dDescriptor(
            tensor,
            cudnnTensorFormat.CUDNN_TENSOR_NCHW,
            cudnnDataType.CUDNN_DATA_FLOAT,
            1,
            channels,
            height,
            width));
    return tensor;
  }

  private static cudnnFilterDescriptor filters(int inputs, int outputs, int size) {
    cudnnFilterDescriptor filters = new cudnnFilterDescriptor();
    Cudnn.check("describe filters", JCudnn.cudnnCreateFilterDescriptor(filters));
    Cudnn.check(
        "describe filters",
        JCudnn.cudnnSetFilter4dDescriptor(
            filters,
            cudnnDataType.CUDNN_DATA_FLOAT,
            cudnnTensorFormat.CUDNN_TENSOR_NCHW,
            outputs,
            inputs,
            size,
            size));
    return filters;
  }

  /** With products in float32: tensor cores would round what they read. */
  private static cudnnConvolutionDescriptor crossCorrelation() {
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
    Cudnn.check(
        "choose float32",
        JCudnn.cudnnSetConvolutionMathType(convolution, cudnnMathType.CUDNN_FMA_MATH));
    return convolution;
  }
}
