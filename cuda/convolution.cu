// Our own convolution: what the filter bank runs on, and everything where cuDNN is not there.
//
// Cross-correlation of stride 1 with size x size filters. Both ways are one kernel: forward it reads a padded picture
// with margin 0; the adjoint reads slopes with margin size - 1, zeros beyond their border, and filters turned by half
// a circle with inputs and outputs exchanged, and writes a padded picture.
//
//   Arrays      in [C][inHeight][inWidth]; out [K][outHeight][outWidth], outHeight = inHeight + 2 margin - size + 1
//   Filters     weights [ceil(K / B)][C][size][size][B], zeros behind the last of the K; used [ceil(K / B)][C] is 0
//               where all of a block's weights for a channel are: the filter bank's often are
//   Launch      block (8, 16), grid (ceil(outWidth / 32), ceil(outHeight / 16), ceil(K / B)); dynamic shared memory
//               for (16 + size - 1) rows of ((32 + size - 1) | 1) pixels, and, before them, size * size * B weights
//   Repeatable  yes: each sum has one thread and a fixed order
//
// Each thread has 4 pixels of a row for B filters in registers: a value from shared memory serves B products, a
// weight four. The pitch of the tile is odd, so the four rows that a warp reads lie in different banks.
#include "common.cuh"

struct ConvolutionSize {
  int channels, in_height, in_width, filters, out_height, out_width, size, margin;
};

static constexpr int TILE_WIDTH = 32;
static constexpr int TILE_HEIGHT = 16;
static constexpr int PIXELS = 4;
static constexpr int CONVOLUTION_THREADS = 128;

// tile [rows][pitch] = the part of a plane that the block's outputs see, zeros outside.
static __device__ __forceinline__ void load_tile(const float* __restrict__ plane, const ConvolutionSize& s, int pitch,
                                                 float* tile) {
  const int thread = threadIdx.y * blockDim.x + threadIdx.x;
  const int top = blockIdx.y * TILE_HEIGHT - s.margin;
  const int left = blockIdx.x * TILE_WIDTH - s.margin;
  const int columns = TILE_WIDTH + s.size - 1;
  for (int i = thread / 32; i < TILE_HEIGHT + s.size - 1; i += CONVOLUTION_THREADS / 32) {
    const int row = top + i;
    for (int j = thread % 32; j < columns; j += 32) {
      const int column = left + j;
      const bool inside = row >= 0 && row < s.in_height && column >= 0 && column < s.in_width;
      tile[i * pitch + j] = inside ? plane[(size_t)row * s.in_width + column] : 0.0f;
    }
  }
}

// sums += one row of the filters over one row of the tile.
template <int B>
static __device__ __forceinline__ void add_row(const float* row, const float* weights, int size,
                                               float (&sums)[B][PIXELS]) {
  float seen[PIXELS] = {row[0], row[1], row[2], row[3]};
  for (int j = 0; j < size; ++j) {
#pragma unroll
    for (int b = 0; b < B; ++b) {
      const float w = weights[j * B + b];
#pragma unroll
      for (int i = 0; i < PIXELS; ++i) sums[b][i] += w * seen[i];
    }
#pragma unroll
    for (int i = 0; i + 1 < PIXELS; ++i) seen[i] = seen[i + 1];
    if (j + 1 < size) seen[PIXELS - 1] = row[j + PIXELS];
  }
}

template <int B>
static __device__ __forceinline__ void store_sums(const float (&sums)[B][PIXELS], const ConvolutionSize& s,
                                                  float* __restrict__ out) {
  const int row = blockIdx.y * TILE_HEIGHT + threadIdx.y;
  const int column = blockIdx.x * TILE_WIDTH + PIXELS * threadIdx.x;
  if (row >= s.out_height) return;
#pragma unroll
  for (int b = 0; b < B; ++b) {
    const int k = blockIdx.z * B + b;
    if (k >= s.filters) return;
    float* line = out + ((size_t)k * s.out_height + row) * s.out_width;
#pragma unroll
    for (int i = 0; i < PIXELS; ++i) {
      if (column + i < s.out_width) line[column + i] = sums[b][i];
    }
  }
}

template <int B>
static __device__ __forceinline__ void convolve_block(const float* __restrict__ in, const float* __restrict__ weights,
                                                      const int* __restrict__ used, const ConvolutionSize& s,
                                                      float* __restrict__ out, float* shared) {
  const int taps = s.size * s.size * B;
  const int pitch = (TILE_WIDTH + s.size - 1) | 1;
  const int thread = threadIdx.y * blockDim.x + threadIdx.x;
  float* tile = shared + taps;
  float sums[B][PIXELS] = {};
  for (int c = 0; c < s.channels; ++c) {
    const size_t filter = (size_t)blockIdx.z * s.channels + c;
    if (!used[filter]) continue;
    load_tile(in + (size_t)c * s.in_height * s.in_width, s, pitch, tile);
    for (int i = thread; i < taps; i += CONVOLUTION_THREADS) shared[i] = weights[filter * taps + i];
    __syncthreads();
    for (int i = 0; i < s.size; ++i) {
      add_row<B>(tile + (threadIdx.y + i) * pitch + PIXELS * threadIdx.x, shared + i * s.size * B, s.size, sums);
    }
    __syncthreads();
  }
  store_sums<B>(sums, s, out);
}

extern "C" __global__ void __launch_bounds__(CONVOLUTION_THREADS)
    convolve_8(const float* __restrict__ in, const float* __restrict__ weights, const int* __restrict__ used,
               ConvolutionSize size, float* __restrict__ out) {
  DYNAMIC_SHARED(float, shared);
  convolve_block<8>(in, weights, used, size, out, shared);
}

// For a few outputs, such as a picture's gradient.
extern "C" __global__ void __launch_bounds__(CONVOLUTION_THREADS)
    convolve_4(const float* __restrict__ in, const float* __restrict__ weights, const int* __restrict__ used,
               ConvolutionSize size, float* __restrict__ out) {
  DYNAMIC_SHARED(float, shared);
  convolve_block<4>(in, weights, used, size, out, shared);
}
