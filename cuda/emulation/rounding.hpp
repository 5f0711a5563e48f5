// What tensor cores do to the factors of a product.
#pragma once
#include <cstdint>
#include <cstring>

namespace emulation {
constexpr int TF32_BITS = 13;  // of a float32, rounded off: 10 bits stay behind the point
constexpr int BF16_BITS = 16;  // 7 stay

// A float with that many of its lowest bits rounded off, to the nearest.
inline float rounded(float value, int bits) {
  uint32_t whole;
  std::memcpy(&whole, &value, sizeof whole);
  const uint32_t half = 1u << (bits - 1);
  whole = (whole + half - 1 + (whole >> bits & 1)) & ~((1u << bits) - 1);
  std::memcpy(&value, &whole, sizeof value);
  return value;
}
}  // namespace emulation
