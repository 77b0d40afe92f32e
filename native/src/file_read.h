#ifndef LOOPDYNO_FILE_READ_H_
#define LOOPDYNO_FILE_READ_H_

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "file_job.h"

namespace loopdyno {

// Reads a whole file.
//
//   up to kSmall bytes   the first read has it all; it is copied into the slab, for a copy of 4 KiB
//                        costs less than an ArrayBuffer
//   beyond               the first visit ends with the size; then a Buffer is made, which only the
//                        loop's thread can, and the second visit reads the rest straight into it
//   size unknown         (a pipe, /proc) read to its end into memory that grows, then copied
class FileRead final : public FileJob {
 public:
  static constexpr size_t kSmall = 16 * 1024;
  // Node's limit, and the range of the int32 in which a record counts.
  static constexpr uint64_t kLargest = 0x7fffffff;

  using FileJob::FileJob;
  ~FileRead() override;

  // Returns the Buffer or, if the file is too large, its size as a number.
  Napi::Value Take(Napi::Env env);

 protected:
  Outcome Work(uv_file file) override;
  int flags() const override { return UV_FS_O_RDONLY; }
  void Prepare() override;
  void Done() override;

 private:
  Outcome Begin(uv_file file);
  Outcome ReadToEnd(uv_file file);
  Outcome TooLarge(uint64_t size);
  bool Grow(size_t capacity);

  // Part of the job itself, which the loop's thread allocates and frees: the threads of the pool
  // need no malloc, and only few blocks are in use, which stay in the cache.
  char small_[kSmall];
  char* data_ = small_;  // or malloc's, or the Buffer's once there is one
  size_t length_ = 0;
  size_t capacity_ = kSmall;
  size_t size_ = 0;  // from stat, if the file is not small
  uint64_t too_large_ = 0;
  Napi::Reference<Napi::Buffer<char>> buffer_;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_FILE_READ_H_
