// The mean of each channel, and what is added to each.
//
//   Arrays      x [C][M], M pixels
//   Launch      256 threads a block
//   Repeatable  yes: the slices of a channel are summed in their order, in double
#include "common.cuh"

// partials [C][slices]: block (s, c) sums pixels s * slice ... of channel c.
extern "C" __global__ void channel_sums(const float* __restrict__ x, int pixels, int slice,
                                        double* __restrict__ partials) {
  __shared__ double warps[32];
  const float* plane = x + (size_t)blockIdx.y * pixels;
  const int begin = blockIdx.x * slice;
  const int end = min(pixels, begin + slice);
  double sum = 0;
  for (int p = begin + threadIdx.x; p < end; p += blockDim.x) sum += plane[p];
  sum = block_sum(sum, warps);
  if (threadIdx.x == 0) partials[(size_t)blockIdx.y * gridDim.x + blockIdx.x] = sum;
}

// means [C], one thread a channel.
extern "C" __global__ void channel_means(const double* __restrict__ partials, int slices, int channels, int pixels,
                                         float* __restrict__ means) {
  const int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= channels) return;
  double sum = 0;
  for (int s = 0; s < slices; ++s) sum += partials[(size_t)c * slices + s];
  means[c] = (float)(sum / pixels);
}

// sum [C][M] += factor * v [C] at every pixel; grid (any, C).
extern "C" __global__ void add_per_channel(float factor, const float* __restrict__ v, float* __restrict__ sum,
                                           unsigned pixels) {
  const float value = factor * v[blockIdx.y];
  float* plane = sum + (size_t)blockIdx.y * pixels;
  for (size_t p = thread_index(); p < pixels; p += thread_count()) plane[p] += value;
}
