#include "completions.h"

#include <algorithm>

namespace loopdyno {

void Completions::Attach(int32_t* memory, size_t slots) {
  records_ = reinterpret_cast<Record*>(memory);
  capacity_ = slots / (sizeof(Record) / sizeof(int32_t));
}

void Completions::Add(Op op, int32_t id, int32_t a, int32_t b) {
  const Record record{static_cast<int32_t>(op), id, a, b};
  // Once a record has spilled, all later ones do: the order must be kept.
  if (count_ < capacity_ && spill_.empty()) {
    records_[count_++] = record;
  } else {
    spill_.push_back(record);
  }
}

int32_t Completions::Take() {
  const auto count = static_cast<int32_t>(count_);
  count_ = 0;
  return count;
}

void Completions::Refill() {
  count_ = std::min(capacity_, spill_.size());
  std::copy_n(spill_.begin(), count_, records_);
  spill_.erase(spill_.begin(), spill_.begin() + static_cast<std::ptrdiff_t>(count_));
}

void Completions::Discard() {
  count_ = 0;
  spill_.clear();
}

}  // namespace loopdyno
