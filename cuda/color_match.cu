// An output's colours brought to an exemplar's; dev.gramloom.color.ColorMatching defines it.
//
//   Arrays      x [3][M], M pixels; mask [M], pixels above 0 count, or null where all do; counts and tables [3][bins], a
//               row for each axis of a basis
//   Launch      256 threads a block
//   Repeatable  yes: sums have their lanes, counts are integers, and every step rounds as the host's
#include "common.cuh"

static constexpr int LANES = 512;  // of Moments
static constexpr int LEVELS = 255;
static constexpr int LOWEST = -2;
static constexpr int HIGHEST = 3;
static constexpr int LEVEL_BINS = LEVELS * (HIGHEST - LOWEST) + 1;
static constexpr int TABLE_THREADS = 256;

struct Mean {
  double at[3];
};

struct LinearColors {
  double from[3], map[3][3], to[3];
};

struct Basis {
  double at[3][3];  // rows
};

static __device__ __forceinline__ bool is_counted(const float* __restrict__ mask, size_t i) {
  return mask == nullptr || mask[i] > 0;
}

// sums [4][LANES]: the count, red, green, blue; a thread for each lane.
extern "C" __global__ void color_sums(const float* __restrict__ x, const float* __restrict__ mask, size_t pixels,
                                      double* __restrict__ sums) {
  const size_t lane = thread_index();
  double n = 0, r = 0, g = 0, b = 0;
  for (size_t i = lane; i < pixels; i += LANES) {
    if (!is_counted(mask, i)) continue;
    n += 1;
    r += x[i];
    g += x[pixels + i];
    b += x[2 * pixels + i];
  }
  sums[lane] = n;
  sums[LANES + lane] = r;
  sums[2 * LANES + lane] = g;
  sums[3 * LANES + lane] = b;
}

static __device__ __forceinline__ void multiply_add(double a, double b, double& sum) {
  sum = __dadd_rn(sum, __dmul_rn(a, b));
}

// sums [6][LANES] of products of what deviates from the mean: rr, rg, rb, gg, gb, bb; a thread for each lane.
extern "C" __global__ void color_products(const float* __restrict__ x, const float* __restrict__ mask, size_t pixels,
                                          Mean mean, double* __restrict__ sums) {
  const size_t lane = thread_index();
  double own[6] = {};
  for (size_t i = lane; i < pixels; i += LANES) {
    if (!is_counted(mask, i)) continue;
    const double r = x[i] - mean.at[0];
    const double g = x[pixels + i] - mean.at[1];
    const double b = x[2 * pixels + i] - mean.at[2];
    multiply_add(r, r, own[0]);
    multiply_add(r, g, own[1]);
    multiply_add(r, b, own[2]);
    multiply_add(g, g, own[3]);
    multiply_add(g, b, own[4]);
    multiply_add(b, b, own[5]);
  }
  for (int k = 0; k < 6; ++k) sums[k * LANES + lane] = own[k];
}

// first + a . (r, g, b), the products added one after the other.
static __device__ __forceinline__ double added(double first, const double* a, double r, double g, double b) {
  return __dadd_rn(__dadd_rn(__dadd_rn(first, __dmul_rn(a[0], r)), __dmul_rn(a[1], g)), __dmul_rn(a[2], b));
}

// y = to + map (x - from)
extern "C" __global__ void map_colors(const float* __restrict__ x, LinearColors colors, size_t pixels,
                                      float* __restrict__ y) {
  for (size_t i = thread_index(); i < pixels; i += thread_count()) {
    const double r = x[i] - colors.from[0];
    const double g = x[pixels + i] - colors.from[1];
    const double b = x[2 * pixels + i] - colors.from[2];
    for (int c = 0; c < 3; ++c) y[c * pixels + i] = (float)added(colors.to[c], colors.map[c], r, g, b);
  }
}

static __device__ __forceinline__ float along(const double* axis, float r, float g, float b) {
  return (float)added(0, axis, r, g, b);
}

// The bin of a value, from 0; what is no number counts as 0.
static __device__ __forceinline__ int color_bin(float value, int per_unit) {
  const float number = value == value ? value : 0;
  const float inside = number < LOWEST ? LOWEST : number > HIGHEST ? HIGHEST : number;
  return (int)floorf(__fadd_rn(__fmul_rn(inside, (float)per_unit), 0.5f)) - LOWEST * per_unit;
}

// counts += how many pixels are in each bin along each axis.
extern "C" __global__ void count_colors(const float* __restrict__ x, const float* __restrict__ mask, size_t pixels,
                                        Basis basis, int per_unit, int bins, int* __restrict__ counts) {
  for (size_t i = thread_index(); i < pixels; i += thread_count()) {
    if (!is_counted(mask, i)) continue;
    for (int axis = 0; axis < 3; ++axis) {
      const float value = along(basis.at[axis], x[i], x[pixels + i], x[2 * pixels + i]);
      atomicAdd(counts + axis * bins + color_bin(value, per_unit), 1);
    }
  }
}

// Shares of the wanted numbers below each level, and the counts before each thread's part of the bins; one thread.
static __device__ void add_up(double* up_to, int* before) {
  up_to[0] = 0;
  for (int level = 0; level < LEVEL_BINS; ++level) up_to[level + 1] += up_to[level];
  int sum = 0;
  for (int t = 0; t < TABLE_THREADS; ++t) {
    const int own = before[t];
    before[t] = sum;
    sum += own;
  }
}

// table: what the numbers of each bin become, have [bins] of which are to be as want [LEVEL_BINS]; a block of
// TABLE_THREADS an axis. Each thread has a part of the bins.
extern "C" __global__ void __launch_bounds__(TABLE_THREADS)
    quantile_tables(const int* __restrict__ have, const int* __restrict__ want, int bins, double have_count,
                    double want_count, float* __restrict__ table) {
  __shared__ double up_to[LEVEL_BINS + 1];
  __shared__ int before[TABLE_THREADS];
  have += (size_t)blockIdx.x * bins;
  want += (size_t)blockIdx.x * LEVEL_BINS;
  table += (size_t)blockIdx.x * bins;
  const int thread = threadIdx.x;
  const int part = (bins + TABLE_THREADS - 1) / TABLE_THREADS;
  const int begin = thread * part;
  const int end = min(bins, begin + part);
  for (int level = thread; level < LEVEL_BINS; level += TABLE_THREADS) up_to[level + 1] = want[level] / want_count;
  int sum = 0;
  for (int i = begin; i < end; ++i) sum += have[i];
  before[thread] = sum;
  __syncthreads();
  if (thread == 0) add_up(up_to, before);
  __syncthreads();
  int below = before[thread];
  int last = LEVEL_BINS - 1;
  while (want[last] == 0) --last;
  int level = 0;
  for (int i = begin; i < end; ++i) {
    const double rank = (below + have[i] / 2.0) / have_count;
    below += have[i];
    while (level < last && (up_to[level + 1] < rank || want[level] == 0)) ++level;
    const double share = (rank - up_to[level]) * want_count / want[level];
    const double within = (share < 0 ? 0 : share > 1 ? 1 : share) - 0.5;
    table[i] = (float)((LOWEST * LEVELS + level + within) / LEVELS);
  }
}

// Every colour of x becomes the sum of axis * table(axis . colour).
extern "C" __global__ void move_colors(float* __restrict__ x, size_t pixels, Basis basis, int per_unit, int bins,
                                       const float* __restrict__ table) {
  for (size_t i = thread_index(); i < pixels; i += thread_count()) {
    float moved[3] = {};
    for (int axis = 0; axis < 3; ++axis) {
      const float value = along(basis.at[axis], x[i], x[pixels + i], x[2 * pixels + i]);
      const float made = table[(size_t)axis * bins + color_bin(value, per_unit)];
      for (int c = 0; c < 3; ++c) moved[c] = __fadd_rn(moved[c], (float)__dmul_rn(basis.at[axis][c], made));
    }
    for (int c = 0; c < 3; ++c) x[c * pixels + i] = moved[c];
  }
}
