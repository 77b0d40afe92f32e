#ifndef LOOPDYNO_HISTOGRAM_H_
#define LOOPDYNO_HISTOGRAM_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace loopdyno {

// Durations in the buckets of `src/stats/histogram.ts`, so that counts made here can be added to
// counts made there: one bucket per nanosecond below 128, then 64 buckets per octave.
class Histogram final {
 public:
  void Record(uint64_t ns) {
    counts_[BucketOf(std::min(ns, kLongest))]++;
  }

  void Clear() { counts_.fill(0); }

  // Calls `visit(index, count)` for every bucket that is not empty, in ascending order.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (size_t i = 0; i < counts_.size(); i++) {
      if (counts_[i] != 0) visit(i, counts_[i]);
    }
  }

 private:
  static constexpr size_t kHalf = 64;
  static constexpr int kHalfBits = 6;
  static constexpr int kOctaves = 36;
  static constexpr uint64_t kLongest = (uint64_t{1} << (kHalfBits + kOctaves)) - 1;

  static size_t BucketOf(uint64_t ns) {
    if (ns < 2 * kHalf) return static_cast<size_t>(ns);
    int octave = 1;
    while ((ns >> octave) >= 2 * kHalf) octave++;
    return static_cast<size_t>(octave) * kHalf + static_cast<size_t>(ns >> octave);
  }

  std::array<uint64_t, kHalf*(kOctaves + 1)> counts_{};
};

}  // namespace loopdyno

#endif  // LOOPDYNO_HISTOGRAM_H_
