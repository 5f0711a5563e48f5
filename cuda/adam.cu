// One step of Adam (Kingma and Ba, arXiv:1412.6980, algorithm 1), in double as the reference: only pictures are moved.
//
//   Arrays      gradient, m, v and x [n]; m and v become the new running means, x moves
//   Launch      256 threads a block, any number of blocks
//   Repeatable  yes: every value has one thread
#include "common.cuh"

// mean and square are 1 - beta^t, the corrections of the running means' bias.
extern "C" __global__ void adam_step(double rate, double beta1, double beta2, double epsilon, double mean,
                                     double square, const float* __restrict__ gradient, float* __restrict__ m,
                                     float* __restrict__ v, float* __restrict__ x, size_t n) {
  for (size_t i = thread_index(); i < n; i += thread_count()) {
    const double g = gradient[i];
    const float new_m = (float)(beta1 * m[i] + (1 - beta1) * g);
    const float new_v = (float)(beta2 * v[i] + (1 - beta2) * g * g);
    m[i] = new_m;
    v[i] = new_v;
    x[i] -= (float)(rate * (new_m / mean) / (sqrt(new_v / square) + epsilon));
  }
}
