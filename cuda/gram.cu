// Gram matrices of features, and the product that carries their gradient back.
//
//   Arrays      A [N][M], B [K][M]: M pixels of one channel after the other; centres [N], [K], or null for zero;
//               masks [M], or null for one
//   Tiles       64 x 64 sums a block of (16, 16) threads, 16 of them a thread in registers
//   Repeatable  yes: no atomics. The pixels of a Gram matrix are cut into slices whose length depends on the sizes
//               alone; each slice is summed in float32, the slices in double, in their order
//   Source      Gatys, Ecker and Bethge 2015, arXiv:1505.07376, equation 1
#include "common.cuh"

static constexpr int TILE = 64;
static constexpr int STEP = 16;
static constexpr int TILE_PITCH = TILE + 4;  // keeps quads aligned and shifts rows by four banks

static __device__ __forceinline__ float value_at(const float* __restrict__ x, size_t at, bool inside, float centre) {
  return inside ? x[at] - centre : 0.0f;
}

static __device__ __forceinline__ float mask_at(const float* __restrict__ mask, int pixel, int end) {
  return mask != nullptr && pixel < end ? mask[pixel] : 1.0f;
}

// tile [STEP][TILE] = rows row0 ... of (x - centre) mask at pixels pixel0 ..., turned so that the rows lie side by
// side.
static __device__ __forceinline__ void load_pixels(const float* __restrict__ x, const float* __restrict__ centre,
                                                   const float* __restrict__ mask, int rows, int pixels, int row0,
                                                   int pixel0, int end, float (*tile)[TILE_PITCH]) {
  const int thread = threadIdx.y * 16 + threadIdx.x;
  const int row = row0 + thread / 4;
  const int quad = thread % 4 * 4;
  const int p = pixel0 + quad;
  const float middle = centre != nullptr && row < rows ? centre[row] : 0.0f;
  const size_t at = (size_t)row * pixels + p;
  float4 v;
  if (row < rows && p + 3 < end && at % 4 == 0) {
    v = *reinterpret_cast<const float4*>(x + at);
    v.x -= middle;
    v.y -= middle;
    v.z -= middle;
    v.w -= middle;
  } else {
    v.x = value_at(x, at, row < rows && p < end, middle);
    v.y = value_at(x, at + 1, row < rows && p + 1 < end, middle);
    v.z = value_at(x, at + 2, row < rows && p + 2 < end, middle);
    v.w = value_at(x, at + 3, row < rows && p + 3 < end, middle);
  }
  tile[quad][thread / 4] = v.x * mask_at(mask, p, end);
  tile[quad + 1][thread / 4] = v.y * mask_at(mask, p + 1, end);
  tile[quad + 2][thread / 4] = v.z * mask_at(mask, p + 2, end);
  tile[quad + 3][thread / 4] = v.w * mask_at(mask, p + 3, end);
}

// sums += left^T right for the thread's four rows and four columns.
static __device__ __forceinline__ void multiply_tiles(float (*left)[TILE_PITCH], float (*right)[TILE_PITCH],
                                                      float (&sums)[4][4]) {
#pragma unroll
  for (int s = 0; s < STEP; ++s) {
    const float4 u = *reinterpret_cast<const float4*>(&left[s][4 * threadIdx.y]);
    const float4 v = *reinterpret_cast<const float4*>(&right[s][4 * threadIdx.x]);
    const float a[4] = {u.x, u.y, u.z, u.w};
    const float b[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
    for (int i = 0; i < 4; ++i) {
#pragma unroll
      for (int j = 0; j < 4; ++j) sums[i][j] += a[i] * b[j];
    }
  }
}

struct GramSize {
  int n, k, pixels, slice, symmetric;
};

// partials [slices][N][K]; grid (ceil(K / 64), ceil(N / 64), slices). Where A and B are the same the tiles above the
// diagonal are left out.
extern "C" __global__ void __launch_bounds__(256)
    gram_slices(const float* __restrict__ a, const float* __restrict__ centre_a, const float* __restrict__ mask_a,
                const float* __restrict__ b, const float* __restrict__ centre_b, const float* __restrict__ mask_b,
                GramSize size, float* __restrict__ partials) {
  __shared__ __align__(16) float left[STEP][TILE_PITCH];
  __shared__ __align__(16) float right[STEP][TILE_PITCH];
  if (size.symmetric && blockIdx.x > blockIdx.y) return;
  const int begin = blockIdx.z * size.slice;
  const int end = min(size.pixels, begin + size.slice);
  float sums[4][4] = {};
  for (int p = begin; p < end; p += STEP) {
    load_pixels(a, centre_a, mask_a, size.n, size.pixels, blockIdx.y * TILE, p, end, left);
    load_pixels(b, centre_b, mask_b, size.k, size.pixels, blockIdx.x * TILE, p, end, right);
    __syncthreads();
    multiply_tiles(left, right, sums);
    __syncthreads();
  }
  for (int i = 0; i < 4; ++i) {
    const int row = blockIdx.y * TILE + 4 * threadIdx.y + i;
    for (int j = 0; j < 4; ++j) {
      const int column = blockIdx.x * TILE + 4 * threadIdx.x + j;
      if (row < size.n && column < size.k) {
        partials[((size_t)blockIdx.z * size.n + row) * size.k + column] = sums[i][j];
      }
    }
  }
}

// out [N][K] = the slices' sum / M; 256 threads a block, one thread a value.
extern "C" __global__ void gram(const float* __restrict__ partials, int slices, GramSize size,
                                float* __restrict__ out) {
  const size_t count = (size_t)size.n * size.k;
  const size_t i = thread_index();
  if (i >= count) return;
  const int row = (int)(i / size.k);
  const int column = (int)(i % size.k);
  const bool left_out = size.symmetric && column / TILE > row / TILE;
  const size_t from = left_out ? (size_t)column * size.k + row : i;
  double sum = 0;
  for (int s = 0; s < slices; ++s) sum += partials[s * count + from];
  out[i] = (float)(sum / size.pixels);
}

struct ProductSize {
  int n, k, pixels, transposed;
};

// tile [STEP][TILE] = columns j0 ... of D for rows row0 ..., D as [N][K] or, transposed, as [K][N].
static __device__ __forceinline__ void load_matrix(const float* __restrict__ matrix, ProductSize size, int row0,
                                                   int j0, float (*tile)[TILE_PITCH]) {
  const int thread = threadIdx.y * 16 + threadIdx.x;
  for (int i = 0; i < 4; ++i) {
    const int row = size.transposed ? thread % 16 * 4 + i : thread / 4;
    const int j = size.transposed ? thread / 16 : thread % 4 * 4 + i;
    const bool inside = row0 + row < size.n && j0 + j < size.k;
    const size_t at =
        size.transposed ? (size_t)(j0 + j) * size.n + row0 + row : (size_t)(row0 + row) * size.k + j0 + j;
    tile[j][row] = inside ? matrix[at] : 0.0f;
  }
}

// sum [N][M] += factor * D (x - centre) mask, x [K][M]; grid (ceil(M / 64), ceil(N / 64)).
extern "C" __global__ void __launch_bounds__(256)
    add_product(float factor, const float* __restrict__ matrix, const float* __restrict__ x,
                const float* __restrict__ centre, const float* __restrict__ mask, ProductSize size,
                float* __restrict__ sum) {
  __shared__ __align__(16) float left[STEP][TILE_PITCH];
  __shared__ __align__(16) float right[STEP][TILE_PITCH];
  const int pixel = blockIdx.x * TILE + 4 * threadIdx.x;
  float sums[4][4] = {};
  for (int j0 = 0; j0 < size.k; j0 += STEP) {
    load_matrix(matrix, size, blockIdx.y * TILE, j0, left);
    const int j = j0 + threadIdx.y;
    const float middle = centre != nullptr && j < size.k ? centre[j] : 0.0f;
    for (int i = 0; i < 4; ++i) {
      right[threadIdx.y][4 * threadIdx.x + i] =
          value_at(x, (size_t)j * size.pixels + pixel + i, j < size.k && pixel + i < size.pixels, middle);
    }
    __syncthreads();
    multiply_tiles(left, right, sums);
    __syncthreads();
  }
  // places do not mix: the mask can wait until here
  for (int i = 0; i < 4; ++i) {
    const int row = blockIdx.y * TILE + 4 * threadIdx.y + i;
    for (int p = 0; p < 4 && row < size.n && pixel + p < size.pixels; ++p) {
      const float share = factor * mask_at(mask, pixel + p, size.pixels);
      sum[(size_t)row * size.pixels + pixel + p] += share * sums[i][p];
    }
  }
}
