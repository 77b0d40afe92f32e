#ifndef LOOPDYNO_COMPLETIONS_H_
#define LOOPDYNO_COMPLETIONS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace loopdyno {

// The meaning of a record. `src/policies/uv/binding.ts` has the same list.
enum class Op : int32_t {
  kSlab = 1,        // -, -, -                 what follows lies in the next slab
  kData = 2,        // stream, offset, length  bytes arrived, in the current slab
  kEnd = 3,         // stream, error, -        no more bytes; 0 when the peer has ended
  kWritten = 4,     // stream, error, -        the oldest queued write is done
  kShutDown = 5,    // stream, error, -        our end was sent
  kConnected = 6,   // stream, error, -
  kAccepted = 7,    // server, stream or error, -
  kClosed = 8,      // stream or server, -, -  its id is free from here on
  kFileBytes = 9,   // job, offset, length     a small file, in the current slab
  kFileDone = 10,   // job, error, step        written, failed, or to be fetched by takeFile
  kAlarm = 11,      // -, -, -
  kLoopClosed = 12, // -, -, -                 the last record there is
  kHotData = 13,    // stream, offset, length  bytes arrived, in the hot buffer: gone with this call
  kFilled = 14      // stream, length, -       bytes arrived, in the memory that readInto was given;
                    //                         0 where that is gone
};

// Records of what happened, for JavaScript to read.
//
//   uv_run ── callbacks ──▶ Add ─▶ [op id a b][op id a b] …  ──▶ one call into JS, which reads all
//                                   └ an Int32Array's memory ┘
//
// A call from native code into JS costs 100 to 400 ns, a record a few ns. So libuv's callbacks only
// add records, and JS is entered once for all of them. If more happens than the array can hold, the
// rest waits in `spill_` until JS has read the array and asks for it.
class Completions {
 public:
  // `memory` must hold `slots` int32 values and outlive this object's use.
  void Attach(int32_t* memory, size_t slots);

  void Add(Op op, int32_t id = 0, int32_t a = 0, int32_t b = 0);

  bool empty() const { return count_ == 0 && spill_.empty(); }

  // Hands the records in the array to JS, which reads them now. After that the array is empty for
  // new ones.
  int32_t Take();

  // True if `Take` would leave records behind: JS then asks for the next batch.
  bool spilled() const { return !spill_.empty(); }

  // Moves the next batch from the spill into the array.
  void Refill();

  // Discards everything: nobody is left to read.
  void Discard();

 private:
  struct Record {
    int32_t op, id, a, b;
  };

  Record* records_ = nullptr;
  size_t capacity_ = 0;
  size_t count_ = 0;
  std::vector<Record> spill_;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_COMPLETIONS_H_
