#ifndef LOOPDYNO_LIVE_COUNT_H_
#define LOOPDYNO_LIVE_COUNT_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace loopdyno {

// Counts how many of our objects are alive in the whole process. Tests require zero at the end,
// also after worker threads that were terminated, so this is the addon's only state outside of
// objects. Nothing depends on it. It is counted in every build, so that the tested code is the code
// that ships: one addition where something is allocated anyway.
enum class Live { kLoop, kHandle, kRequest, kBlock };

class LiveCount {
 public:
  static void Add(Live kind, int64_t change) {
    counts_[static_cast<size_t>(kind)].fetch_add(change, std::memory_order_relaxed);
  }

  static int64_t Of(Live kind) {
    return counts_[static_cast<size_t>(kind)].load(std::memory_order_relaxed);
  }

 private:
  static inline std::array<std::atomic<int64_t>, 4> counts_{};
};

// A member of every object to be counted.
template <Live kKind>
class Counted {
 public:
  Counted() { LiveCount::Add(kKind, 1); }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { LiveCount::Add(kKind, -1); }
};

}  // namespace loopdyno

#endif  // LOOPDYNO_LIVE_COUNT_H_
